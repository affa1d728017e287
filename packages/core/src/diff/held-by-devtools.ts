import { discard } from "../parse/columns.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { devToolsHandles } from "../graph/devtools-handles.js";
import type { NodeIndex } from "../graph/heap-graph.js";
import { retainersOf } from "../graph/retainers.js";
import { NodeType } from "../graph/v8-types.js";
import type { Cut } from "./units.js";

const NONE: ReadonlySet<NodeIndex> = new Set();

/**
 * Roots of the units that nothing but the inspector holds, directly or through others of them: what a page logged is
 * gone when DevTools closes, so it is nothing that the program keeps. What anything else refers to as well, such as a
 * timer or a listener of the browser's, is the program's.
 */
export function heldByDevTools(heap: HeapAnalysis, cut: Cut): ReadonlySet<NodeIndex> {
  const { graph, retaining } = heap;
  const handles = devToolsHandles(graph, retaining);
  if (handles.size === 0) return NONE;
  const { dominator } = heap;
  const isSynthetic = (node: NodeIndex): boolean => graph.nodeType[node] === NodeType.synthetic;
  // Whatever two handles lead to, by whatever way, has a synthetic node as its dominator.
  const roots = cut.members.filter((node) => cut.unitOf(node) === node && isSynthetic(dominator[node]!));
  const { firstRetainer, retainer } = retainersOf(graph, retaining, roots);
  const refersTo = new Map<NodeIndex, NodeIndex[]>(Array.from(roots, (root) => [root, []])); // root of a unit -> roots of others
  const byOthers: NodeIndex[] = [];
  for (const [i, root] of roots.entries()) {
    let otherHandles = -(handles.get(root) ?? 0);
    let isOthers = false;
    for (let row = firstRetainer[i]!; row < firstRetainer[i + 1]!; row++) {
      const from = cut.unitOf(retainer[row]!);
      if (from === root) continue;
      if (isSynthetic(retainer[row]!)) otherHandles++;
      else if (refersTo.has(from)) refersTo.get(from)!.push(root);
      else isOthers = true; // a survivor, or what hangs on one
    }
    if (isOthers || otherHandles > 0) byOthers.push(root);
  }
  discard(firstRetainer, retainer);
  const theirs = reachedFrom(byOthers, refersTo);
  const held = reachedFrom(
    [...handles.keys()].filter((node) => refersTo.has(node)),
    refersTo,
  );
  return new Set([...held].filter((root) => !theirs.has(root)));
}

function reachedFrom(
  starts: readonly NodeIndex[],
  refersTo: ReadonlyMap<NodeIndex, readonly NodeIndex[]>,
): Set<NodeIndex> {
  const reached = new Set(starts);
  // A Set that is added to while it is walked is walked to its end.
  for (const node of reached) for (const next of refersTo.get(node) ?? []) reached.add(next);
  return reached;
}
