import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { analyseHeap } from "#core/analysis/heap-analysis.js";
import { NO_EDGE, edgeNameText, findEdge, internalField } from "#core/graph/edges-of.js";
import { NO_NODE } from "#core/graph/heap-graph.js";
import { eachRetainer } from "#core/graph/incoming.js";
import { retains } from "#core/graph/retaining-edges.js";
import { EdgeType } from "#core/graph/v8-types.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

suite("the edges of a node", () => {
  test("are found by type and name, the first of several", () => {
    const heap = new SnapshotBuilder();
    const [a, b, c] = [heap.object("A"), heap.object("B"), heap.object("C")];
    heap.property(a, "x", b).internal(a, "x", c).internal(a, "x", b);
    const graph = graphOf(heap);
    assert.equal(internalField(graph, a, "x"), c);
    assert.equal(graph.edgeTarget[findEdge(graph, a, EdgeType.property, "x")], b);
    assert.equal(findEdge(graph, a, EdgeType.weak, "x"), NO_EDGE);
    assert.equal(internalField(graph, a, "a text that is not in the file"), NO_NODE);
    assert.equal(internalField(graph, b, "x"), NO_NODE, "not those of the node before or behind");
  });

  test("are named by text, elements and hidden slots by number", () => {
    const heap = new SnapshotBuilder();
    heap
      .element(0, 2 ** 32 - 1, 0)
      .hidden(0, 7, 0)
      .property(0, "7th", 0)
      .weak(0, "8", 0);
    const graph = graphOf(heap);
    assert.deepEqual(
      [0, 1, 2, 3].map((edge) => edgeNameText(graph, edge)),
      ["4294967295", "7", "7th", "8"],
    );
  });
});

suite("the retaining edges that lead to a node", () => {
  test("are all told, each with its start, in any heap", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const { graph, retaining, retainers } = analyseHeap(graphOf(built(sketch)));
        for (let node = 0; node < graph.nodeCount; node++) {
          const expected: [number, number][] = [];
          for (let from = 0; from < graph.nodeCount; from++)
            for (let edge = graph.firstEdge[from]!; edge < graph.firstEdge[from + 1]!; edge++)
              if (graph.edgeTarget[edge] === node && retains(retaining, edge)) expected.push([from, edge]);
          const found: [number, number][] = [];
          eachRetainer(graph, retainers, node, (from, edge) => void found.push([from, edge]));
          assert.deepEqual(found, expected);
        }
      }),
    );
  });

  test("are told until nobody wants to know more", () => {
    const heap = new SnapshotBuilder();
    const held = heap.object("Held");
    for (const name of ["a", "b", "c"]) heap.property(heap.global(), name, held);
    const { graph, retainers } = analyseHeap(graphOf(heap));
    const names: string[] = [];
    eachRetainer(graph, retainers, held, (_from, edge) => names.push(edgeNameText(graph, edge)) < 2);
    assert.deepEqual(names, ["a", "b"]);
  });
});
