import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { buildGraph } from "#core/graph/build-graph.js";
import { locationRow } from "#core/graph/heap-graph.js";
import { EdgeType, NodeType } from "#core/graph/v8-types.js";
import { graphOf, rawSnapshotOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

suite("the columns of a graph", () => {
  test("hold our types, whatever numbers and words the writer has for them", () => {
    const heap = new SnapshotBuilder();
    const node = heap.object("A");
    heap.property(heap.root(), "a", node).element(heap.root(), 7, node);
    const file = heap.snapshot();
    // A writer that counts backwards and has words of its own.
    const nodeWords = ["framework", "new in V8 99", "slicedstring", "wasm object", "object", "synthetic"];
    const edgeWords = ["weak", "new in V8 99", "element", "property"];
    file.snapshot.meta.node_types[0] = nodeWords;
    file.snapshot.meta.edge_types[0] = edgeWords;
    const width = file.snapshot.meta.node_fields.length;
    const typesOf = (nodeWord: string, edgeWord: string): [number, number] => {
      file.nodes[0] = nodeWords.indexOf("synthetic");
      file.nodes[width] = nodeWords.indexOf(nodeWord);
      file.edges[0] = edgeWords.indexOf(edgeWord);
      file.edges[3] = edgeWords.indexOf("element");
      const graph = buildGraph(rawSnapshotOf(file));
      assert.equal(graph.nodeType[0], NodeType.synthetic);
      assert.equal(graph.edgeType[1], EdgeType.element);
      return [graph.nodeType[1]!, graph.edgeType[0]!];
    };
    assert.deepEqual(typesOf("object", "property"), [NodeType.object, EdgeType.property]);
    assert.deepEqual(typesOf("slicedstring", "weak"), [NodeType.slicedString, EdgeType.weak]);
    assert.deepEqual(typesOf("wasm object", "weak"), [NodeType.object, EdgeType.weak]);
    assert.deepEqual(typesOf("framework", "weak"), [NodeType.native, EdgeType.weak]);
    assert.deepEqual(typesOf("new in V8 99", "new in V8 99"), [NodeType.other, EdgeType.invisible]);
  });

  for (const layout of ["node20", "node24", "chrome"] as const) {
    test(`are the same from the layout ${layout}`, () => {
      const heap = new SnapshotBuilder();
      const list = heap.object("Array", { size: 2 ** 33, at: { scriptId: 9, line: 4, column: 2 } });
      heap.property(heap.global(), "list", list);
      const graph = graphOf(heap, { layout });
      assert.deepEqual([...graph.nodeType], [NodeType.synthetic, NodeType.object, NodeType.object]);
      assert.deepEqual([...graph.edgeType], [EdgeType.shortcut, EdgeType.property]);
      assert.deepEqual([...graph.firstEdge], [0, 1, 1, 2]);
      assert.deepEqual([...graph.edgeTarget], [2, 1]);
      assert.equal(graph.selfSize[list], 2 ** 33);
    });
  }

  test("tell the row of a node's location, or that it has none", () => {
    const heap = new SnapshotBuilder();
    const places = [3, 4, 8, 9].map((line) => ({ line, node: 0 }));
    for (const place of places) {
      heap.object("without");
      place.node = heap.object("with", { at: { scriptId: 1, line: place.line, column: 0 } });
    }
    const graph = graphOf(heap);
    for (const { line, node } of places) {
      assert.equal(graph.locations.line[locationRow(graph, node)], line);
      assert.equal(locationRow(graph, node - 1), -1);
    }
    assert.equal(locationRow(graph, 0), -1);
    assert.equal(locationRow(graphOf(new SnapshotBuilder()), 0), -1);
  });
});
