import type { HolderGrowth } from "../diff/holder-growth.js";
import { classPosition } from "../graph/source-locations.js";
import { holdsCallbacks } from "./connected.js";
import type { Finding } from "./finding.js";
import { sum } from "./growth-verdict.js";
import { libraryOf } from "./library.js";
import { isInStep } from "./shared-holders.js";

/** Steps from a variable down in which the object of a library's class is looked for: a module's cell may come first. */
const MAX_STEPS = 3;

/**
 * Folds tables of one library's that gain as many entries in every interval: who compiles a schema with Ajv adds to three
 * of its tables, and that is one bug. The largest stands for all. Tables of the program's own that gain alike may be
 * bugs of their own.
 */
export function foldGrowingAlong(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const kept = new Map<Finding, Finding>(); // finding -> it with all that is folded into it
  for (const finding of [...findings].sort((a, b) => sum(b.bytes) - sum(a.bytes))) {
    const other = [...kept.keys()].find((each) => isInStep(each, finding) && isOneLibrarys(growth, each, finding));
    if (other === undefined) kept.set(finding, finding);
    else kept.set(other, along(kept.get(other)!, finding));
  }
  return [...kept.values()];
}

function along(finding: Finding, other: Finding): Finding {
  return {
    ...finding,
    bytes: finding.bytes.map((bytes, i) => bytes + other.bytes[i]!),
    folded: [...finding.folded, other.grown, ...other.folded],
    alsoHeldBy: [...finding.alsoHeldBy, ...other.alsoHeldBy],
    growAlong: [...finding.growAlong, other, ...other.growAlong],
  };
}

/** True if one library's tables are for one object, as far as the program names it. */
function isOneLibrarys(growth: HolderGrowth, one: Finding, other: Finding): boolean {
  if (one.tops !== null || other.tops !== null) return false;
  const library = libraryOf(one.path.file);
  if (library !== libraryOf(other.path.file)) return false;
  // What Node calls back is a bug of the program's, whatever other table of Node's grows.
  if (library === "node:")
    return folderOf(one) === folderOf(other) && ![one, other].some((each) => holdsCallbacks(growth, each));
  if (library !== "") return isSameOwner(one, other);
  const [variable] = one.path.words;
  if (variable !== other.path.words[0] || one.path.file !== other.path.file) return false;
  const ofClass = libraryOfObject(growth, one);
  return ofClass !== "" && ofClass === libraryOfObject(growth, other);
}

function isSameOwner({ path: { owner: one } }: Finding, { path: { owner: other } }: Finding): boolean {
  return one === null || other === null || one.expression === other.expression;
}

function folderOf({ path: { file } }: Finding): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

/** The library whose class the object behind a variable is of; empty if it is the program's own, or unknown. */
function libraryOfObject({ heaps }: HolderGrowth, { path }: Finding): string {
  const { graph } = heaps[heaps.length - 1]!;
  for (const edge of path.edges.slice(0, MAX_STEPS)) {
    const position = classPosition(graph, graph.edgeTarget[edge]!);
    if (position !== null) return libraryOf(position.file);
  }
  return "";
}
