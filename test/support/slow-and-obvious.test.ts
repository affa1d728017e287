import assert from "node:assert/strict";
import { test } from "node:test";
import { distances, idDiff, immediateDominators, reachable, retainedSizes } from "./slow-and-obvious.js";

//        0 (root, 1 byte)
//       / \
//      1   2        5 -> 6, both out of reach
//       \ / \
//        3   |
//         \  |
//          4
const diamond = {
  nodeCount: 7,
  edges: [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
    [3, 4],
    [2, 4],
    [5, 6],
    [6, 3],
  ],
  sizes: [1, 10, 100, 1_000, 10_000, 5, 6],
} as const;

// A chain 0 -> 1 -> 2 -> 3 with a way back from 3 to 1.
const loop = {
  nodeCount: 4,
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 1],
  ],
  sizes: [1, 1, 1, 1],
} as const;

test("what no path from the root leads to is not reachable", () => {
  assert.deepEqual([...reachable(diamond)].sort(), [0, 1, 2, 3, 4]);
});

test("a distance is the number of edges on the shortest path", () => {
  assert.deepEqual(distances(diamond), [0, 1, 1, 2, 2, Infinity, Infinity]);
});

test("a node with two independent ways to it is dominated by where they part", () => {
  assert.deepEqual(immediateDominators(diamond), [0, 0, 0, 0, 0, -1, -1]);
});

test("in a chain each node is dominated by the one before, a way back or not", () => {
  assert.deepEqual(immediateDominators(loop), [0, 0, 1, 2]);
});

test("a node retains itself and what only it leads to; out of reach it retains nothing", () => {
  assert.deepEqual(retainedSizes(diamond), [11_111, 10, 100, 1_000, 10_000, 0, 0]);
  assert.deepEqual(retainedSizes(loop), [4, 3, 2, 1]);
});

test("ids are born, died or survived", () => {
  assert.deepEqual(idDiff([3, 1, 5], [5, 7, 3]), { born: [7], died: [1], survived: [3, 5] });
});
