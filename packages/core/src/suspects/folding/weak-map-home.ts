import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_NODE } from "../../graph/heap-graph.js";
import type { Finding } from "../growth/finding.js";
import { accessPath, weakMapOn } from "../naming/access-path.js";
import type { AccessPath } from "../naming/access-words.js";
import { withOwner } from "./scope-owner.js";

/** Where the WeakMap is that has what grew for a key of the program's, and whom its scope is for; null if there is none. */
export function weakMapHome(growth: HolderGrowth, finding: Finding): AccessPath | null {
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const map = weakMapOn(heap, finding.path);
  if (map === NO_NODE) return null;
  return withOwner(growth, { ...finding, holder: map, path: accessPath(heap, growth.cuts[last]!, map) }).path;
}
