import { beside, blankColumn, discard } from "../parse/columns.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import type { ColumnAside } from "../graph/columns-aside.js";
import { NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { kernelFor, placesOf } from "../graph/heap-kernel.js";
import { eachSlice } from "../parse/slices.js";
import { NO_SURVIVOR, type SurvivorIndex, type Survivors } from "./survivors.js";

/** Set in the place of a node that is in a unit. V8 writes no heap of so many nodes: it counts their fields in 31 bits. */
const IN_UNIT = 0x8000_0000;

/** The columns of a cut. */
interface CutColumns {
  readonly place: Uint32Array; // node -> the survivor it is counted for, or IN_UNIT + row of `members`
  readonly members: Uint32Array; // the nodes that are in a unit, in the order of their rows
  readonly region: Uint32Array; // row of `members` -> the survivor it is counted for
  readonly unit: Uint32Array; // row of `members` -> root of its unit
}

/**
 * A heap cut up among the survivors. Takes 4 bytes a node, and 12 for each of the few that are in a unit; they go and come
 * with the heap's own, but for the 4 that may change.
 */
export class Cut {
  readonly #heap: HeapAnalysis;
  readonly #survivors: Survivors;
  readonly #snapshot: number;
  #place: ColumnAside<Uint32Array>;
  readonly #members: ColumnAside<Uint32Array>;
  readonly #unit: ColumnAside<Uint32Array>;
  readonly #region: Uint32Array;

  constructor(heap: HeapAnalysis, survivors: Survivors, snapshot: number, columns: CutColumns) {
    this.#heap = heap;
    this.#survivors = survivors;
    this.#snapshot = snapshot;
    this.#place = heap.adopt(columns.place);
    this.#members = heap.adopt(columns.members);
    this.#unit = heap.adopt(columns.unit);
    this.#region = columns.region;
  }

  /** The nodes that are in a unit, in the order of their rows. */
  get members(): Uint32Array {
    return this.#members.rows;
  }

  /** node -> place, and row of `members` -> survivor: what a kernel finds the survivor of a node by. */
  get columns(): readonly [place: Uint32Array, region: Uint32Array] {
    return [this.#place.rows, this.#region];
  }

  /** The survivor that a node is counted for: the nearest up the dominator tree, itself included, if it was not moved. */
  regionOf(node: NodeIndex): SurvivorIndex {
    const place = this.#place.rows[node]!;
    return place < IN_UNIT ? place : this.#region[place - IN_UNIT]!;
  }

  /** The row of `members` that a node has; -1 for survivors and their storage. */
  memberRow(node: NodeIndex): number {
    const place = this.#place.rows[node]!;
    return place < IN_UNIT ? -1 : place - IN_UNIT;
  }

  /** The root of the unit that a node is in; NO_NODE for survivors and their storage. */
  unitOf(node: NodeIndex): NodeIndex {
    const place = this.#place.rows[node]!;
    return place < IN_UNIT ? NO_NODE : this.#unit.rows[place - IN_UNIT]!;
  }

  /** The survivor that a node is, or NO_SURVIVOR. */
  survivorOf(node: NodeIndex): SurvivorIndex {
    const place = this.#place.rows[node]!;
    return place < IN_UNIT && this.#survivors.nodesIn(this.#snapshot)[place] === node ? place : NO_SURVIVOR;
  }

  /** The node of a survivor. */
  nodeOf(survivor: SurvivorIndex): NodeIndex {
    return this.#survivors.nodesIn(this.#snapshot)[survivor]!;
  }

  /** What `regionOf` says of the member in a row: rows in turn are faster than nodes. */
  regionAt(row: number): SurvivorIndex {
    return this.#region[row]!;
  }

  /** What `unitOf` says of the member in a row. */
  unitAt(row: number): NodeIndex {
    return this.#unit.rows[row]!;
  }

  /** Counts the member in a row of `members` for another survivor. */
  moveMember(row: number, survivor: SurvivorIndex): void {
    this.#region[row] = survivor;
  }

  /**
   * Counts for some survivors what was counted for others, once `Survivors` have been told the same.
   * @param exchanged survivor -> the one that has all of its from now on, both ways
   */
  exchange(exchanged: ReadonlyMap<SurvivorIndex, SurvivorIndex>): void {
    const place = this.#place.copy(); // what lies in a file already is not written again
    for (const column of [place, this.#region]) {
      // Survivors are numbered below all rows of members, so that this asks of few nodes only.
      const [least, most] = [Math.min(...exchanged.keys()), Math.max(...exchanged.keys())];
      for (let at = 0; at < column.length; at++) {
        const survivor = column[at]!;
        if (survivor >= least && survivor <= most) column[at] = exchanged.get(survivor) ?? survivor;
      }
    }
    this.#place = this.#heap.adopt(place);
  }
}

/**
 * Cuts what a holder keeps into units: what goes at once if one entry goes. A unit is a node that is no survivor,
 * directly below a survivor (or its storage) in the dominator tree, with all it dominates down to the next survivor.
 * @param snapshot the heap's row among all
 */
export function cutUp(heap: HeapAnalysis, survivors: Survivors, snapshot: number): Cut {
  const nodes = survivors.nodesIn(snapshot);
  const { dominator, owner, graph } = heap;
  const { nodeCount } = graph;
  const column = (length: number): Uint32Array => blankColumn(length, beside(dominator));
  const place = column(nodeCount).fill(NO_NODE); // NO_NODE: not known yet
  const others = nodeCount - nodes.length; // no more can be in units
  const region = column(others);
  const unit = column(others);
  const way = column(others);
  const columns = [place, dominator, owner, nodes, region, unit, way] as const;
  const kernel = kernelFor(...columns);
  let count: number;
  if (kernel === null) count = cut(...columns);
  else {
    kernel.startCut(...placesOf(columns));
    eachSlice(nodes.length, (low, high) => kernel.placeSurvivors(low, high));
    eachSlice(nodeCount, (low, high) => kernel.cut(low, high));
    count = kernel.memberCount() >>> 0;
  }
  discard(way);
  const sorted = [column(count), column(count), column(count)] as const;
  const sorter = kernelFor(place, ...sorted);
  if (kernel === null || sorter === null) sortMembers(place, region, unit, ...sorted);
  else {
    let row = 0;
    eachSlice(nodeCount, (low, high) => (row = kernel.sortMembers(low, high, row, ...placesOf(sorted)) >>> 0));
  }
  discard(region, unit);
  const [members, regions, units] = sorted;
  return new Cut(heap, survivors, snapshot, { place, members, region: regions, unit: units });
}

/**
 * Finds the place of each node, the members of units in the order they come across.
 * @returns how many members there are
 */
function cut(
  place: Uint32Array,
  dominator: Uint32Array,
  owner: Uint32Array,
  nodes: Uint32Array,
  region: Uint32Array,
  unit: Uint32Array,
  way: Uint32Array,
): number {
  let members = 0;
  for (let survivor = 0; survivor < nodes.length; survivor++) place[nodes[survivor]!] = survivor;
  // Nearly all nodes are survivors, in the order of their rows: from the few others it is not far up to one.
  for (let start = 0; start < place.length; start++) {
    let at = start;
    let length = 0;
    for (; place[at] === NO_NODE; at = dominator[at]!) way[length++] = at;
    if (length === 0) continue;
    const above = place[at]!;
    const holder = above < IN_UNIT ? above : region[above - IN_UNIT]!;
    let root = above < IN_UNIT ? NO_NODE : unit[above - IN_UNIT]!;
    while (length > 0) {
      const node = way[--length]!;
      const of = owner[node]!;
      const ofPlace = place[of]!;
      if (of !== node && ofPlace < IN_UNIT && nodes[ofPlace] === of) {
        root = NO_NODE;
        place[node] = holder;
      } else {
        if (root === NO_NODE) root = node;
        region[members] = holder;
        unit[members] = root;
        place[node] = IN_UNIT + members++;
      }
    }
  }
  return members;
}

/** Puts the members of units into the order of their rows. */
function sortMembers(
  place: Uint32Array,
  region: Uint32Array,
  unit: Uint32Array,
  members: Uint32Array,
  sortedRegion: Uint32Array,
  sortedUnit: Uint32Array,
): void {
  for (let node = 0, row = 0; row < members.length; node++) {
    const at = place[node]!;
    if (at < IN_UNIT) continue;
    members[row] = node;
    sortedRegion[row] = region[at - IN_UNIT]!;
    sortedUnit[row] = unit[at - IN_UNIT]!;
    place[node] = IN_UNIT + row++;
  }
}
