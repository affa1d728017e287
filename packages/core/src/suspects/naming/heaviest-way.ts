import { endOfEdges } from "../../graph/edges-aside.js";
import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { EdgeIndex, NodeIndex } from "../../graph/heap-graph.js";
import { retains } from "../../graph/retaining-edges.js";

/** Steps down, and edges of each object that are looked at. */
const MAX_STEPS = 32;
const MAX_EDGES = 2000;
/** Share of what an object keeps alive from which a part of it is where its bytes are. */
const MOST = 0.5;

/** One step down: the node it starts at, and the edge. */
export interface Step {
  readonly from: NodeIndex;
  readonly edge: EdgeIndex;
}

/** The way from an object down to where most of the bytes are that it alone keeps alive. */
export function heaviestWay(heap: HeapAnalysis, start: NodeIndex): Step[] {
  const { graph, dominator, retainedSize, retaining } = heap;
  const least = retainedSize[start]! * MOST;
  const steps: Step[] = [];
  let at = start;
  for (let next = at; steps.length < MAX_STEPS; at = next) {
    const end = endOfEdges(graph, at, MAX_EDGES);
    for (let edge = graph.firstEdge[at]!; edge < end && next === at; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (target === at || dominator[target] !== at || retainedSize[target]! < least || !retains(retaining, edge))
        continue;
      steps.push({ from: at, edge });
      next = target;
    }
    if (next === at) break;
  }
  return steps;
}

/** True if by bytes at least half of the samples are what is asked for. */
export function mostOf(
  heap: HeapAnalysis,
  samples: readonly NodeIndex[],
  isSo: (sample: NodeIndex) => boolean,
): boolean {
  let [all, so] = [0, 0];
  for (const sample of samples) {
    all += heap.retainedSize[sample]!;
    if (isSo(sample)) so += heap.retainedSize[sample]!;
  }
  return so > 0 && so >= all * MOST;
}
