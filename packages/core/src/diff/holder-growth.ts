import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { EngineNodes } from "../graph/v8-engine-nodes.js";
import type { SurvivorIndex, Survivors } from "./survivors.js";
import { NO_SURVIVOR } from "./survivors.js";

/**
 * What each survivor keeps by itself, in each snapshot: its own bytes and those of all it dominates, down to the next
 * survivors. So a survivor inside another is counted once, where it is; what was born counts for, what died against
 * its holder; and the sum over all survivors is the heap.
 */
export interface HolderSizes {
  readonly region: readonly Uint32Array[]; // snapshot -> node -> the survivor it is counted for
  readonly program: readonly Float64Array[]; // snapshot -> survivor -> bytes of the program's objects
  readonly engine: readonly Float64Array[]; // snapshot -> survivor -> bytes of V8's bookkeeping
}

/** Sums up the heap by holder, in one pass down each dominator tree. */
export function holderSizes(heaps: readonly HeapAnalysis[], survivors: Survivors): HolderSizes {
  const region: Uint32Array[] = [];
  const program: Float64Array[] = [];
  const engine: Float64Array[] = [];
  heaps.forEach((heap, snapshot) => {
    const { dominator, dominatorOrder, graph } = heap;
    const survivorOf = survivors.of[snapshot]!;
    const regionOf = new Uint32Array(graph.nodeCount);
    const programBytes = new Float64Array(survivors.count);
    const engineBytes = new Float64Array(survivors.count);
    const engineNodes = new EngineNodes(graph, heap.owner);
    for (const node of dominatorOrder) {
      const own = survivorOf[node]!;
      const holder: SurvivorIndex = own === NO_SURVIVOR ? regionOf[dominator[node]!]! : own;
      regionOf[node] = holder;
      const size = graph.selfSize[node]!;
      if (size === 0) continue;
      if (engineNodes.has(node)) engineBytes[holder]! += size;
      else programBytes[holder]! += size;
    }
    region.push(regionOf);
    program.push(programBytes);
    engine.push(engineBytes);
  });
  return { region, program, engine };
}
