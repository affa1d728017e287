import { beside, uint32Column } from "../parse/columns.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { NO_SURVIVOR, type SurvivorIndex } from "./survivors.js";

/** Set in the place of a node that is in a unit. V8 writes no heap of so many nodes: it counts their fields in 31 bits. */
const IN_UNIT = 0x8000_0000;

/** A heap cut up among the survivors. Takes 4 bytes a node, and 12 for each of the few that are in a unit. */
export class Cut {
  /** The nodes that are in a unit, in the order of their rows. */
  readonly members: Uint32Array;
  readonly #place: Uint32Array; // node -> the survivor it is counted for, or IN_UNIT + row of `members`
  readonly #region: Uint32Array; // row of `members` -> the survivor it is counted for
  readonly #unit: Uint32Array; // row of `members` -> root of its unit
  readonly #nodes: Uint32Array; // survivor -> node

  constructor(place: Uint32Array, nodes: Uint32Array, members: Uint32Array, region: Uint32Array, unit: Uint32Array) {
    this.#place = place;
    this.#nodes = nodes;
    this.members = members;
    this.#region = region;
    this.#unit = unit;
  }

  /** The survivor that a node is counted for: the nearest up the dominator tree, itself included, if it was not moved. */
  regionOf(node: NodeIndex): SurvivorIndex {
    const place = this.#place[node]!;
    return place < IN_UNIT ? place : this.#region[place - IN_UNIT]!;
  }

  /** The row of `members` that a node has; -1 for survivors and their storage. */
  memberRow(node: NodeIndex): number {
    const place = this.#place[node]!;
    return place < IN_UNIT ? -1 : place - IN_UNIT;
  }

  /** The root of the unit that a node is in; NO_NODE for survivors and their storage. */
  unitOf(node: NodeIndex): NodeIndex {
    const place = this.#place[node]!;
    return place < IN_UNIT ? NO_NODE : this.#unit[place - IN_UNIT]!;
  }

  /** The survivor that a node is, or NO_SURVIVOR. */
  survivorOf(node: NodeIndex): SurvivorIndex {
    const place = this.#place[node]!;
    return place < IN_UNIT && this.#nodes[place] === node ? place : NO_SURVIVOR;
  }

  /** Counts the member in a row of `members` for another survivor. */
  moveMember(row: number, survivor: SurvivorIndex): void {
    this.#region[row] = survivor;
  }
}

/**
 * Cuts what a holder keeps into units: what goes at once if one entry goes. A unit is a node that is no survivor,
 * directly below a survivor (or its storage) in the dominator tree, with all it dominates down to the next survivor.
 * @param nodes survivor -> node
 */
export function cutUp(heap: HeapAnalysis, nodes: Uint32Array): Cut {
  const { dominator, owner, graph } = heap;
  const place = uint32Column(graph.nodeCount, beside(dominator)).fill(NO_NODE); // NO_NODE: not known yet
  for (let survivor = 0; survivor < nodes.length; survivor++) place[nodes[survivor]!] = survivor;
  const found = new Members();
  let way = new Uint32Array(1 << 10);
  // Nearly all nodes are survivors, in the order of their rows: from the few others it is not far up to one.
  for (let start = 0; start < graph.nodeCount; start++) {
    let at = start;
    let length = 0;
    for (; place[at] === NO_NODE; at = dominator[at]!) {
      if (length === way.length) way = twiceAsLong(way);
      way[length++] = at;
    }
    if (length === 0) continue;
    const above = place[at]!;
    const holder = above < IN_UNIT ? above : found.region[above - IN_UNIT]!;
    let root = above < IN_UNIT ? NO_NODE : found.unit[above - IN_UNIT]!;
    while (length > 0) {
      const node = way[--length]!;
      const of = owner[node]!;
      const ofPlace = place[of]!;
      if (of !== node && ofPlace < IN_UNIT && nodes[ofPlace] === of) {
        root = NO_NODE;
        place[node] = holder;
      } else {
        if (root === NO_NODE) root = node;
        place[node] = IN_UNIT + found.add(holder, root);
      }
    }
  }
  return inRowOrder(place, nodes, found);
}

/** The members of units, in the order they are found. */
class Members {
  region = new Uint32Array(1 << 12);
  unit = new Uint32Array(1 << 12);
  count = 0;

  add(region: SurvivorIndex, unit: NodeIndex): number {
    if (this.count === this.region.length) {
      this.region = twiceAsLong(this.region);
      this.unit = twiceAsLong(this.unit);
    }
    this.region[this.count] = region;
    this.unit[this.count] = unit;
    return this.count++;
  }
}

function inRowOrder(place: Uint32Array, nodes: Uint32Array, found: Members): Cut {
  const members = uint32Column(found.count, beside(place));
  const region = uint32Column(found.count, beside(place));
  const unit = uint32Column(found.count, beside(place));
  for (let node = 0, row = 0; row < found.count; node++) {
    const at = place[node]!;
    if (at < IN_UNIT) continue;
    members[row] = node;
    region[row] = found.region[at - IN_UNIT]!;
    unit[row] = found.unit[at - IN_UNIT]!;
    place[node] = IN_UNIT + row++;
  }
  return new Cut(place, nodes, members, region, unit);
}

function twiceAsLong(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(2 * column.length);
  longer.set(column);
  return longer;
}
