import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import { EdgesAside, EdgesGoingAside } from "#core/graph/edges-aside.js";
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

/** Puts all edges aside: their columns are empty afterwards. */
function putAside(file: number, edges: ConstructorParameters<typeof EdgesGoingAside>[0]): void {
  const going = new EdgesGoingAside(edges, file);
  going.putNames();
  assert.deepEqual([edges.edgeName.length, edges.edgeType.length], [0, 0]);
  assert.equal(going.putRest(), null);
  assert.equal(edges.edgeTarget.length, 0);
}

suite("edges put aside", () => {
  test("are where they were once they are brought back, and those in blocks nobody asked for are not read", () => {
    const count = 10_000;
    const edges = someEdges(count);
    const file = temporaryFile()!;
    putAside(file.descriptor, someEdges(count));
    const aside = new EdgesAside(file.descriptor, count);
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
        const all = new Uint32Array(Math.ceil(graph.nodeCount / 32)).fill(0xffff_ffff);
        const expected = retainersOf(graph, edges, all);
        putAside(file.descriptor, graph);
        const aside = new EdgesAside(file.descriptor, graph.edgeCount);
        assert.deepEqual(retainersOf({ ...graph, ...aside, aside }, edges, all), expected);
        assert.ok(aside.edgeTarget.every((target) => target === 0));
      }),
    );
    file.remove();
  });

  test("stay where there is no file for them, or no room in it", () => {
    const edges = someEdges(100);
    const staying = new EdgesGoingAside(edges, null);
    staying.putNames();
    assert.equal(staying.putRest(), edges);
    assert.deepEqual(edges, someEdges(100));

    const [readOnly, path] = [mkdtempSync(join(tmpdir(), "leakdiff-")), "edges"];
    writeFileSync(join(readOnly, path), "");
    const file = openSync(join(readOnly, path), "r");
    const full = new EdgesGoingAside(edges, file);
    full.putNames();
    assert.equal(full.putRest(), edges);
    assert.deepEqual(edges, someEdges(100));
    closeSync(file);
    rmSync(readOnly, { recursive: true });
  });
});
