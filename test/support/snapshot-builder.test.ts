import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SnapshotBuilder } from "./snapshot-builder.js";

suite("the snapshot builder", () => {
  // root -> global -list-> Array -0,1-> Session
  function twoSessions(): SnapshotBuilder {
    const heap = new SnapshotBuilder();
    const list = heap.object("Array", { size: 32, at: { scriptId: 7, line: 3, column: 11 } });
    heap.property(heap.global(), "list", list);
    for (let i = 0; i < 2; i++) heap.element(list, i, heap.object("Session"));
    return heap;
  }

  for (const layout of ["node20", "node24", "chrome", "pretty"] as const) {
    test(`writes the same nodes and edges in the layout ${layout}`, () => {
      const file = JSON.parse(twoSessions().json({ layout }));
      const width = file.snapshot.meta.node_fields.length;
      assert.equal(file.snapshot.node_count, 5);
      assert.equal(file.nodes.length, 5 * width);
      assert.equal(file.strings[file.nodes[3 * width + 1]], "Session");
      assert.deepEqual(file.edges.slice(3, 9), [1, 0, 3 * width, 1, 1, 4 * width]);
      assert.equal(file.locations[0], width);
    });
  }

  test("keeps ids and moves rows when a node is freed", () => {
    const heap = twoSessions();
    const [list, session] = [1, 3];
    heap.free(list);
    const file = heap.snapshot();
    assert.equal(file.snapshot.node_count, 4);
    assert.equal(file.snapshot.edge_count, 1, "the shortcut to the global is left");
    assert.equal(heap.row(session), 2);
    assert.equal(file.nodes[2 * 6 + 2], heap.id(session));
  });
});
