import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { type RetainersOrder, retainersOrder, reversed, reverseAsTold } from "#core/graph/retainers-elsewhere.js";
import { type Retainers, retainers } from "#core/graph/retainers.js";
import { retainingEdges } from "#core/graph/retaining-edges.js";
import { HelperThread } from "#core/helper-thread.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { inMemory } from "../../support/in-memory.js";
import { largeHeap } from "../../support/large-heap.js";

function ordered(graph: HeapGraph): { order: RetainersOrder; expected: Retainers } {
  const edges = retainingEdges(graph);
  return { order: retainersOrder(graph, edges)!, expected: retainers(graph, edges) };
}

test("another thread finds the retainers that this one would find, and then ends", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        arbitraryHeap().map(built),
        fc.integer({ min: 1, max: 9 }).map((seed) => largeHeap(40_000, seed)),
      ),
      (heap) => {
        const { order, expected } = ordered(inMemory(graphOf(heap)));
        new HelperThread().leave(order);
        Atomics.wait(order.state, 0, 0, 10_000);
        assert.deepEqual(reversed(order), expected);
      },
    ),
    { numRuns: 10 },
  );
});

test("what nobody has begun with is left to who asks for it, and done by nobody else then", () => {
  const { order } = ordered(inMemory(graphOf(largeHeap(1000, 1))));
  assert.equal(reversed(order), null);
  order.firstRetainer.fill(7);
  reverseAsTold(order);
  assert.deepEqual(new Set(order.firstRetainer), new Set([7]));
});

test("what another thread has failed at is left to who asks for it", () => {
  const { order } = ordered(inMemory(graphOf(largeHeap(1000, 1))));
  assert.throws(() => reverseAsTold({ ...order, targets: null as unknown as Uint32Array }));
  assert.equal(reversed(order), null);
});

test("columns that no other thread sees are looked at here", () => {
  const graph = graphOf(largeHeap(1000, 1));
  assert.equal(retainersOrder(graph, retainingEdges(graph)), null);
});
