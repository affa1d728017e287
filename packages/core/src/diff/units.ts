import { copied, uint32Column } from "../parse/columns.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { NO_NODE } from "../graph/heap-graph.js";
import { NO_SURVIVOR } from "./survivors.js";

/** A heap cut up among the survivors. */
export interface Cut {
  /** node -> nearest survivor up the dominator tree, itself included */
  readonly region: Uint32Array;
  /** node -> root of its unit; NO_NODE for survivors and their storage */
  readonly unit: Uint32Array;
  /** The nodes that are in a unit, in the order of their rows: few of all. */
  readonly members: Uint32Array;
}

/**
 * Cuts what a holder keeps into units: what goes at once if one entry goes. A unit is a node that is no survivor,
 * directly below a survivor (or its storage) in the dominator tree, with all it dominates down to the next survivor.
 */
export function cutUp(heap: HeapAnalysis, survivorOf: Uint32Array): Cut {
  const { dominator, owner, graph } = heap;
  const region = copied(survivorOf); // NO_SURVIVOR: not known yet
  const unit = uint32Column(graph.nodeCount).fill(NO_NODE);
  let way = new Uint32Array(1 << 10);
  // Nearly all nodes are survivors, in the order of their rows: from the few others it is not far up to one.
  for (let start = 0; start < graph.nodeCount; start++) {
    let at = start;
    let length = 0;
    for (; region[at] === NO_SURVIVOR; at = dominator[at]!) {
      if (length === way.length) way = twiceAsLong(way);
      way[length++] = at;
    }
    const holder = region[at]!;
    let root = unit[at]!;
    while (length > 0) {
      const node = way[--length]!;
      region[node] = holder;
      const of = owner[node]!;
      if (of !== node && survivorOf[of] !== NO_SURVIVOR) root = NO_NODE;
      else if (root === NO_NODE) root = node;
      unit[node] = root;
    }
  }
  return { region, unit, members: membersOf(unit) };
}

function membersOf(unit: Uint32Array): Uint32Array {
  let members: Uint32Array = new Uint32Array(1 << 12);
  let count = 0;
  for (let node = 0; node < unit.length; node++) {
    if (unit[node] === NO_NODE) continue;
    if (count === members.length) members = twiceAsLong(members);
    members[count++] = node;
  }
  return members.subarray(0, count);
}

function twiceAsLong(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(2 * column.length);
  longer.set(column);
  return longer;
}
