import { beside, blankColumn, discard, newBytes, uint32Column } from "../parse/columns.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import type { ColumnAside } from "../graph/columns-aside.js";
import { NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";
import { eachSlice } from "../parse/slices.js";
import { markedRows } from "./marks.js";

/** Number of an object that lives in all snapshots: row of the columns of Survivors. */
export type SurvivorIndex = number;
export const NO_SURVIVOR: SurvivorIndex = NO_NODE;

/**
 * The objects that live in all snapshots. V8's storage is none: its owner stands for it, so that an array whose
 * elements were re-allocated in one interval and not in the other looks the same in both.
 */
export class Survivors {
  readonly count: number;
  readonly #heaps: readonly HeapAnalysis[];
  readonly #nodes: ColumnAside<Uint32Array>[]; // snapshot -> survivor -> NodeIndex

  constructor(heaps: readonly HeapAnalysis[], nodes: readonly Uint32Array[]) {
    this.count = nodes[0]!.length;
    this.#heaps = heaps;
    this.#nodes = nodes.map((column, snapshot) => heaps[snapshot]!.adopt(column));
  }

  /** survivor -> its node in a snapshot: a column of that heap. */
  nodesIn(snapshot: number): Uint32Array {
    return this.#nodes[snapshot]!.rows;
  }

  /** snapshot -> the node that a survivor is */
  nodesOf(survivor: SurvivorIndex): NodeIndex[] {
    return this.#nodes.map(({ rows }) => rows[survivor]!);
  }

  /**
   * Has some survivors be the nodes of others in one snapshot.
   * @param exchanged survivor -> whose node it is from now on, both ways
   */
  exchange(snapshot: number, exchanged: ReadonlyMap<SurvivorIndex, SurvivorIndex>): void {
    const before = this.nodesIn(snapshot);
    const nodes = this.#nodes[snapshot]!.copy(); // what lies in a file already is not written again
    for (const [one, other] of exchanged) nodes[one] = before[other]!;
    this.#nodes[snapshot] = this.#heaps[snapshot]!.adopt(nodes);
  }
}

/**
 * Joins the matches of neighbouring snapshots over all of them. The root is always survivor 0.
 * @param matches per interval: node of the later snapshot -> node of the earlier one, or NO_NODE
 */
export function survivors(heaps: readonly HeapAnalysis[], matches: readonly Uint32Array[]): Survivors {
  const last = heaps.length - 1;
  const lived = nodesInAll(heaps, matches);
  const nodes: Uint32Array[] = [];
  nodes[last] = markedRows(lived);
  for (let snapshot = last - 1; snapshot >= 0; snapshot--) {
    nodes[snapshot] = earlierNodes(nodes[snapshot + 1]!, matches[snapshot]!);
  }
  discard(lived);
  return new Survivors(heaps, nodes);
}

/** The nodes of the survivors one snapshot before; the root is matched to itself, whatever its id. */
function earlierNodes(later: Uint32Array, match: Uint32Array): Uint32Array {
  const earlier = uint32Column(later.length, beside(later));
  const columns = [later, match, earlier] as const;
  const kernel = kernelFor(...columns);
  if (kernel !== null) eachSlice(later.length, (low, high) => kernel.nodesBefore(low, high, ...placesOf(columns)));
  else for (let survivor = 1; survivor < later.length; survivor++) earlier[survivor] = match[later[survivor]!]!;
  return earlier;
}

/** @returns node of the last snapshot -> 1 if it lives in all, and is no storage in any */
function nodesInAll(heaps: readonly HeapAnalysis[], matches: readonly Uint32Array[]): Uint8Array {
  const last = heaps.length - 1;
  const { nodeCount } = heaps[last]!.graph;
  let now = heaps[last]!.owner; // node of the last snapshot -> node of the one at hand, where `lived`
  const lived = newBytes(nodeCount, beside(now));
  const kernel = kernelFor(now, lived);
  if (kernel === null) for (let node = 0; node < nodeCount; node++) lived[node] = now[node] === node ? 1 : 0;
  else eachSlice(nodeCount, (low, high) => kernel.markOwners(low, high, ...placesOf([now, lived])));
  for (let snapshot = last - 1; snapshot >= 0; snapshot--) {
    const before = snapshot === 0 ? null : blankColumn(nodeCount, beside(lived));
    follow(lived, now, matches[snapshot]!, heaps[snapshot]!.owner, before);
    if (snapshot < last - 1) discard(now);
    else heaps[last]!.putBack("owner");
    heaps[snapshot]!.putBack("owner");
    if (before !== null) now = before;
  }
  return lived;
}

/**
 * Follows nodes that have lived so far to the snapshot before, and leaves those out that did not live there.
 * @param before node of the last snapshot -> node of the one before; null if nobody asks
 */
function follow(
  lived: Uint8Array,
  now: Uint32Array,
  match: Uint32Array,
  owner: Uint32Array,
  before: Uint32Array | null,
): void {
  const columns = [lived, now, match, owner] as const;
  const kernel = kernelFor(...columns, before ?? lived);
  if (kernel !== null) {
    const places = [...placesOf(columns), before === null ? 0 : placeOf(before)] as const;
    return eachSlice(lived.length, (low, high) => kernel.followBack(low, high, ...places));
  }
  for (let node = 0; node < lived.length; node++) {
    if (lived[node] === 0) continue;
    const old = node === 0 ? 0 : match[now[node]!]!;
    if (old === NO_NODE || owner[old] !== old) lived[node] = 0;
    else if (before !== null) before[node] = old;
  }
}
