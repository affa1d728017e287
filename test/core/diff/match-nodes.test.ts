import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { matchNodes, stableIds } from "#core/diff/match-nodes.js";
import { type HeapGraph, NO_NODE } from "#core/graph/heap-graph.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

suite("matching the nodes of two snapshots", () => {
  test("finds an object again by its id, wherever its row is now", () => {
    // before: global -> A, B, C        after: global -> B, C, D
    const heap = new SnapshotBuilder();
    const [a, b, c] = ["A", "B", "C"].map((name) => heap.object(name)) as [number, number, number];
    for (const node of [a, b, c]) heap.property(heap.global(), `p${node}`, node);
    const before = graphOf(heap);
    heap.free(a);
    const d = heap.object("D");
    heap.property(heap.global(), "d", d);
    const match = matchNodes(before, graphOf(heap));
    assert.equal(match[heap.row(b)], b);
    assert.equal(match[heap.row(c)], c);
    assert.equal(match[heap.row(d)], NO_NODE);
  });

  test("does not take a node of another type for the same object", () => {
    const before = new SnapshotBuilder();
    before.object("A", { id: 77 });
    const after = new SnapshotBuilder();
    after.closure("a", { id: 77 });
    assert.equal(matchNodes(graphOf(before), graphOf(after))[1], NO_NODE);
  });

  test("leaves out what gets a fresh id in every snapshot", () => {
    const heap = new SnapshotBuilder();
    const rows = {
      smi: heap.node("number", "smi number"),
      smiText: heap.string("42", { size: 0 }),
      text: heap.string("a real string"),
      environment: heap.native("Node / Environment", { id: 2_155_572_256 }),
      cppRoots: heap.synthetic("C++ Persistent roots", { id: 4 }),
      gcRoots: heap.gcRoots(),
      blink: heap.native("blink::StyleRule", { id: 6 }),
      wrapper: heap.native("Node / TCPWRAP"),
    };
    const graph = graphOf(heap);
    const match = matchNodes(graph, graph);
    const isStable = stableIds(graph);
    for (const [name, row] of Object.entries(rows)) {
      const expected = !["smi", "smiText", "environment", "cppRoots"].includes(name);
      assert.equal(match[row], expected ? row : NO_NODE, name);
      assert.equal(isStable(row), expected, name);
    }
  });

  test("gives what a Map from id to node gives, for ids of all 32 bits", () => {
    const ids = fc.uniqueArray(
      fc.oneof(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2 ** 31 - 5, max: 2 ** 32 - 1 })),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(ids, ids, (before, after) => {
        const [earlier, later] = [heapOf(before), heapOf(after)];
        const rows = new Map(Array.from(earlier.nodeId, (id, row) => [id, row]));
        const expected = Array.from(later.nodeId, (id) => rows.get(id) ?? NO_NODE);
        assert.deepEqual(Array.from(matchNodes(earlier, later)), expected);
      }),
    );
  });
});

// A heap of objects with these ids, behind the root with id 1.
function heapOf(ids: readonly number[]): HeapGraph {
  const heap = new SnapshotBuilder();
  for (const id of ids) heap.object("A", { id });
  return graphOf(heap);
}
