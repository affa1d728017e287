import type { HeapGraph } from "../graph/heap-graph.js";

const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Nodes in ascending order of id; those that share an id, which V8 rules out, stay in the order of their rows.
 * Sorted digit by digit: no input makes that slow, which cannot be said of a hash table (10^7 nodes: 0.8 s against 2
 * to 5 s). Takes 16 bytes a node while it runs.
 */
export function nodesById({ nodeCount, nodeId }: Pick<HeapGraph, "nodeCount" | "nodeId">): Uint32Array {
  const count = nodeCount;
  let nodes: Uint32Array = new Uint32Array(count);
  let ids: Uint32Array = new Uint32Array(count);
  let highest = 0;
  for (let node = 0; node < count; node++) {
    const id = nodeId[node]!;
    if (id > highest) highest = id;
    nodes[node] = node;
    ids[node] = id;
  }

  let nodesBefore: Uint32Array = new Uint32Array(count);
  let idsBefore: Uint32Array = new Uint32Array(count);
  const next = new Uint32Array(DIGITS);
  for (let shift = 0; shift < 32 && highest >>> shift > 0; shift += DIGIT_BITS) {
    [nodesBefore, nodes] = [nodes, nodesBefore];
    [idsBefore, ids] = [ids, idsBefore];
    placesOfDigits(idsBefore, count, shift, next);
    for (let i = 0; i < count; i++) {
      const id = idsBefore[i]!;
      const place = next[(id >>> shift) & (DIGITS - 1)]!++;
      nodes[place] = nodesBefore[i]!;
      ids[place] = id;
    }
  }
  return nodes;
}

// Where the first id with each digit goes.
function placesOfDigits(ids: Uint32Array, count: number, shift: number, places: Uint32Array): void {
  places.fill(0);
  for (let i = 0; i < count; i++) places[(ids[i]! >>> shift) & (DIGITS - 1)]!++;
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const here = places[digit]!;
    places[digit] = sum;
    sum += here;
  }
}
