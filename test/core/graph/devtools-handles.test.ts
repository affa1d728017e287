import assert from "node:assert/strict";
import { test } from "node:test";
import { devToolsHandles } from "#core/graph/devtools-handles.js";
import { retainingEdges } from "#core/graph/retaining-edges.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

test("the inspector's handles are told by their label, and count where the page itself does not reach", () => {
  const heap = new SnapshotBuilder();
  const handles = heap.subroot("(Global handles)");
  const [logged, native, mine, both] = ["Order", "Socket", "Mine", "Both"].map((name) => heap.object(name)) as [
    number,
    number,
    number,
    number,
  ];
  heap.native("HTMLDocument");
  heap.internal(handles, "12 / DevTools console", logged).internal(handles, "13", native);
  heap.internal(handles, "14 / DevTools console", logged).internal(handles, "15 / DevTools console", both);
  heap.property(heap.global(), "12 / DevTools console", mine).property(heap.global(), "both", both);
  const graph = graphOf(heap);
  assert.deepEqual([...devToolsHandles(graph, retainingEdges(graph))], [[logged, 2]]);
});
