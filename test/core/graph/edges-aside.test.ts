import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { ColumnsGoingAside } from "#core/graph/columns-aside.js";
import { EdgesAside, edgesFrom } from "#core/graph/edges-aside.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { retainersOf } from "#core/graph/retainers.js";
import { retainingEdges } from "#core/graph/retaining-edges.js";
import { temporaryFile } from "#core/temporary-file.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";

/** Some edges, the same each time. */
function someEdges(count: number) {
  return {
    edgeType: Uint8Array.from({ length: count }, (_, edge) => 1 + (edge % 7)),
    edgeName: Uint32Array.from({ length: count }, (_, edge) => edge + 1),
    edgeTarget: Uint32Array.from({ length: count }, (_, edge) => 2 ** 32 - 1 - edge),
  };
}

/** Puts all edges into a file. */
function putAside(
  file: number,
  { edgeType, edgeName, edgeTarget }: Pick<HeapGraph, "edgeType" | "edgeName" | "edgeTarget">,
): EdgesAside {
  const going = new ColumnsGoingAside(file);
  const count = edgeTarget.length;
  going.put({ edgeName, edgeType });
  going.put({ edgeTarget });
  const edges = edgesFrom(file, going.columns as Parameters<typeof edgesFrom>[1], count);
  assert.ok(edges instanceof EdgesAside);
  return edges;
}

suite("edges put aside", () => {
  test("are where they were once they are brought back, and those in blocks nobody asked for are not read", () => {
    const count = 10_000;
    const edges = someEdges(count);
    const file = temporaryFile()!;
    const aside = putAside(file.descriptor, someEdges(count));
    aside.bring(5000, 5001);
    assert.deepEqual(
      [aside.edgeType[5000], aside.edgeName[5000], aside.edgeTarget[5000]],
      [edges.edgeType[5000], edges.edgeName[5000], edges.edgeTarget[5000]],
    );
    assert.ok(aside.edgeName.filter((name) => name !== 0).length <= 2048);
    aside.bring(7000, 7000);
    aside.bring(0, count);
    assert.deepEqual([aside.edgeType, aside.edgeName, aside.edgeTarget], Object.values(edges));
    file.remove();
  });

  test("tell the retainers of any nodes without being brought back", () => {
    const file = temporaryFile()!;
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const graph = graphOf(built(sketch));
        const edges = retainingEdges(graph);
        const all = Uint32Array.from(graph.nodeType.keys());
        const expected = retainersOf(graph, edges, all);
        const aside = putAside(file.descriptor, graph);
        const { edgeType, edgeName, edgeTarget } = aside;
        assert.deepEqual(retainersOf({ ...graph, edgeType, edgeName, edgeTarget, aside }, edges, all), expected);
        assert.ok(aside.edgeTarget.every((target) => target === 0));
      }),
    );
    file.remove();
  });

  test("are those of the file and of memory together where it had no room for all of them", () => {
    const file = temporaryFile()!;
    for (const inMemory of ["edgeType", "edgeName", "edgeTarget"] as const) {
      const going = new ColumnsGoingAside(file.descriptor);
      const { [inMemory]: kept, ...others } = someEdges(100);
      going.put(others);
      const columns = { ...going.columns, [inMemory]: kept } as Parameters<typeof edgesFrom>[1];
      const edges = edgesFrom(file.descriptor, columns, 100);
      assert.equal(edges instanceof EdgesAside, inMemory === "edgeTarget");
      if (edges instanceof EdgesAside) {
        assert.deepEqual([...edges.targets("down")], [{ start: 0, targets: kept }]);
        edges.bringAll();
        assert.equal(edges.edgeTarget, kept);
      }
      const { edgeType, edgeName, edgeTarget } = edges;
      assert.deepEqual({ edgeType, edgeName, edgeTarget }, someEdges(100));
    }
    file.remove();
  });
});
