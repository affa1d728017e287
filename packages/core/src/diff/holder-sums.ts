import { beside, blankColumn, discard, float64Column, uint32Column } from "../parse/columns.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { type ByteColumn, NO_NODE, type NodeIndex, totalSelfSize } from "../graph/heap-graph.js";
import { kernelFor, placesOf } from "../graph/heap-kernel.js";
import { SLICE, eachSlice } from "../parse/slices.js";
import { EngineNodes } from "../graph/v8-engine-nodes.js";
import { heldByDevTools } from "./held-by-devtools.js";
import { PassingMaps } from "./passing-maps.js";
import type { Survivors } from "./survivors.js";
import { type Cut, cutUp } from "./units.js";

/**
 * What each survivor keeps by itself, in each snapshot: its own bytes and those of all it dominates, down to the next
 * survivors. So a survivor inside another is counted once, where it is; what was born counts for its holder, what died
 * against it; and the sum over all survivors is the heap.
 */
export interface HolderSums {
  readonly heaps: readonly HeapAnalysis[];
  readonly survivors: Survivors;
  readonly cuts: readonly Cut[]; // snapshot -> whom each node is counted for, and the unit it is in
  readonly program: readonly ByteColumn[]; // snapshot -> survivor -> bytes of the program's objects
  readonly engine: readonly ByteColumn[]; // snapshot -> survivor -> bytes of V8's bookkeeping
  /** Per snapshot: roots of the units that only an inspector holds. */
  readonly devTools: readonly ReadonlySet<NodeIndex>[];
  /** Per snapshot: WeakMaps that do not live in all of them. */
  readonly maps: readonly PassingMaps[];
  /** Per snapshot, of the few units that survivors hang below: root of the unit -> bytes those survivors retain. */
  readonly heldBelow: readonly ReadonlyMap<NodeIndex, number>[];
}

/** Sums up each heap by holder, one after the other, so that only one has its columns in memory. */
export function holderSums(heaps: readonly HeapAnalysis[], survivors: Survivors): HolderSums {
  const cuts: Cut[] = [];
  const program: ByteColumn[] = [];
  const engine: ByteColumn[] = [];
  const devTools: ReadonlySet<NodeIndex>[] = [];
  const maps: PassingMaps[] = [];
  const below: ReadonlyMap<NodeIndex, number>[] = [];
  for (const [snapshot, heap] of heaps.entries()) {
    const cut = cutUp(heap, survivors, snapshot);
    const held = heldByDevTools(heap, cut);
    const passing = new PassingMaps(heap, cut);
    passing.giveToMaps(heap, cut);
    maps.push(passing);
    cuts.push(cut);
    devTools.push(held);
    below.push(heldBelow(heap, cut, survivors.nodesIn(snapshot)));
    heap.putBack("retainedSize");
    program.push(byteColumn(heap, survivors.count));
    engine.push(byteColumn(heap, survivors.count));
    sumUp(heap, cut, held, program[snapshot]!, engine[snapshot]!);
    heap.putBack();
  }
  return { heaps, survivors, cuts, program, engine, devTools, maps, heldBelow: below };
}

function heldBelow({ dominator, retainedSize }: HeapAnalysis, cut: Cut, nodes: Uint32Array): Map<NodeIndex, number> {
  const found = blankColumn(Math.min(SLICE, nodes.length), beside(dominator));
  const columns = [nodes, dominator, cut.columns[0], found] as const;
  const kernel = kernelFor(...columns);
  const held = new Map<NodeIndex, number>();
  eachSlice(nodes.length, (low, high) => {
    const count =
      kernel === null
        ? belowUnits(nodes.subarray(low, high), dominator, cut, found)
        : kernel.belowUnits(low, high, ...placesOf(columns)) >>> 0;
    for (let row = 0; row < count; row++) {
      const node = found[row]!;
      const root = cut.unitOf(dominator[node]!);
      held.set(root, (held.get(root) ?? 0) + retainedSize[node]!);
    }
  });
  discard(found);
  return held;
}

/** Lists those of some nodes that a unit dominates, and returns how many that are. */
function belowUnits(nodes: Uint32Array, dominator: Uint32Array, cut: Cut, found: Uint32Array): number {
  let count = 0;
  for (let row = 0; row < nodes.length; row++)
    if (cut.unitOf(dominator[nodes[row]!]!) !== NO_NODE) found[count++] = nodes[row]!;
  return count;
}

/** Bytes of a unit in a snapshot: what its root retains, less the survivors below it, which are holders themselves. */
export function unitBytes(
  { heaps, heldBelow }: Pick<HolderSums, "heaps" | "heldBelow">,
  snapshot: number,
  root: NodeIndex,
): number {
  return heaps[snapshot]!.retainedSize[root]! - (heldBelow[snapshot]!.get(root) ?? 0);
}

function byteColumn({ graph, dominator }: HeapAnalysis, length: number): ByteColumn {
  const where = beside(dominator);
  return totalSelfSize(graph) < 2 ** 32 ? uint32Column(length, where) : float64Column(length, where);
}

function sumUp(
  heap: HeapAnalysis,
  cut: Cut,
  devTools: ReadonlySet<NodeIndex>,
  program: ByteColumn,
  engine: ByteColumn,
): void {
  const { nodeCount, selfSize } = heap.graph;
  const columns = [selfSize, ...cut.columns, program, engine] as const;
  const kernel = devTools.size === 0 ? kernelFor(...columns) : null;
  const engineNodes = new EngineNodes(heap, kernel === null ? undefined : beside(selfSize));
  const names = kernel === null ? null : engineNodes.forKernel();
  if (kernel !== null && names !== null) {
    const [sizes, ...others] = placesOf(columns);
    const isWide = (column: ByteColumn): boolean => column instanceof Float64Array;
    kernel.startEngine(...names.order);
    eachSlice(nodeCount, (low, high) => {
      for (let node = low; node < high;) {
        node = kernel.sumUp(node, high, sizes, isWide(selfSize), ...others, isWide(program)) >>> 0;
        if (node < high) engineNodes.has(node); // looks at its name, which then is known
      }
    });
    return names.end();
  }
  const isHeld = (node: NodeIndex): boolean => devTools.size > 0 && devTools.has(cut.unitOf(node));
  for (let node = 0; node < nodeCount; node++) {
    const size = selfSize[node]!;
    if (size === 0) continue;
    if (engineNodes.has(node) || isHeld(node)) engine[cut.regionOf(node)]! += size;
    else program[cut.regionOf(node)]! += size;
  }
}
