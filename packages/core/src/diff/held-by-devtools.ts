import { discard } from "../parse/columns.js";
import { rowOf } from "../parse/row-of.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { devToolsHandles } from "../graph/devtools-handles.js";
import type { NodeIndex } from "../graph/heap-graph.js";
import { retainersOf } from "../graph/retainers.js";
import { NodeType } from "../graph/v8-types.js";
import { Links } from "./links.js";
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
  const others = new Links(roots.length); // row of a root -> rows of roots that its unit refers to
  const byOthers: number[] = [];
  for (const [row, root] of roots.entries()) {
    let otherHandles = -(handles.get(root) ?? 0);
    let isOthers = false;
    for (let at = firstRetainer[row]!; at < firstRetainer[row + 1]!; at++) {
      const from = cut.unitOf(retainer[at]!);
      if (from === root) continue;
      const other = rowOf(roots, from);
      if (isSynthetic(retainer[at]!)) otherHandles++;
      else if (other >= 0) others.add(other, row);
      else isOthers = true; // a survivor, or what hangs on one
    }
    if (isOthers || otherHandles > 0) byOthers.push(row);
  }
  discard(firstRetainer, retainer);
  const theirs = reachedFrom(byOthers, roots.length, others);
  const ofHandles = [...handles.keys()].map((node) => rowOf(roots, node)).filter((row) => row >= 0);
  const held = reachedFrom(ofHandles, roots.length, others);
  return new Set(roots.filter((_, row) => held[row] === 1 && theirs[row] === 0));
}

/** @returns row -> 1 if one of some leads there, itself included */
function reachedFrom(starts: readonly number[], rows: number, links: Links): Uint8Array {
  const reached = new Uint8Array(rows);
  const work: number[] = [];
  const reach = (row: number): void => {
    if (reached[row] === 0) work.push(row);
    reached[row] = 1;
  };
  starts.forEach(reach);
  for (let row = work.pop(); row !== undefined; row = work.pop()) links.each(row, reach);
  return reached;
}
