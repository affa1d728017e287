import assert from "node:assert/strict";
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import fc from "fast-check";
import { buildGraph } from "#core/graph/build-graph.js";
import { EdgesAside, edgesFrom } from "#core/graph/edges-aside.js";
import { namesInText } from "#core/graph/edges-in-text.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { edgeTypesFrom } from "#core/graph/v8-types.js";
import type { RawSnapshot } from "#core/parse/raw-snapshot.js";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import { SnapshotError } from "#core/parse/snapshot-error.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";

const folder = mkdtempSync(join(tmpdir(), "leakdiff-edges-"));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "some.heapsnapshot");

/** The edges of a graph, whose names and types are in its file. */
function inText({ edgesInText, edgeTypeNames }: RawSnapshot, graph: HeapGraph, fd: number, block: number): EdgesAside {
  const names = namesInText({ ...edgesInText!, name: file, types: edgeTypesFrom(edgeTypeNames) }, fd);
  const edges = edgesFrom(null, { edgeTarget: graph.edgeTarget }, graph.edgeCount, "own", names, block);
  assert.ok(edges instanceof EdgesAside);
  return edges;
}

suite("edges that are read from the snapshot again", () => {
  test("are those that were read first, whichever are asked for, and however the file is cut", async () => {
    const slices = fc.array(fc.tuple(fc.nat(), fc.nat(5)), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(
        arbitraryHeap(),
        slices,
        fc.integer({ min: 16, max: 400 }),
        fc.integer({ min: 1, max: 4 }),
        async (sketch, asked, pieceSize, block) => {
          const heap = built(sketch);
          heap.property(0, "first", heap.object("First"));
          writeFileSync(file, heap.json());
          const raw = await readSnapshot(file, { pieceSize });
          const { edgeCount } = raw;
          const graph = buildGraph(raw);
          const fd = openSync(file, "r");
          const edges = inText(raw, graph, fd, block);
          for (const [place, length] of asked) {
            const start = place % edgeCount;
            const end = Math.min(edgeCount, start + length);
            edges.bring(start, end);
            for (const name of ["edgeType", "edgeName", "edgeTarget"] as const)
              assert.deepEqual(edges[name].slice(start, end), graph[name].slice(start, end));
          }
          edges.bringAll();
          assert.deepEqual([edges.edgeType, edges.edgeName], [graph.edgeType, graph.edgeName]);
          closeSync(fd);
        },
      ),
    );
  });

  test("of a file that has changed since are an error that says so", async () => {
    const heap = built({ nodes: [], edges: [], weakMapEntries: [] });
    heap.property(0, "first", heap.object("First"));
    const text = heap.json();
    for (const change of [
      (): void => appendFileSync(file, " "),
      (): void => writeFileSync(file, text.slice(0, text.indexOf('"edges":') + 10)),
      // Not even the time of change tells.
      (): void => {
        writeFileSync(file, text.replace(/"edges":\[\d/, '"edges":[x'));
        utimesSync(file, 1e9, 1e9);
      },
    ]) {
      writeFileSync(file, text);
      utimesSync(file, 1e9, 1e9);
      const raw = await readSnapshot(file);
      const fd = openSync(file, "r");
      const edges = inText(raw, buildGraph(raw), fd, 1);
      change();
      assert.throws(
        () => edges.bring(0, 1),
        (error) => error instanceof SnapshotError && error.code === "changed" && error.message.startsWith(file),
      );
      closeSync(fd);
    }
  });

  test("cannot be where a text stands twice, or where rows are not as V8 writes them", async () => {
    const heap = built({ nodes: [], edges: [], weakMapEntries: [] });
    heap.property(0, "first", heap.object("First"));
    const text = heap.json();
    const twice = text.replace(/("First")(?=[^"]*(?:"[^"]*"[^"]*)*\]\})/, '$1,"first"');
    for (const [written, isThere] of [
      [text, true],
      [twice, false],
      [text.replace(/("edges":\[\d+),/, "$1.0,"), false],
    ] as const) {
      writeFileSync(file, written);
      assert.equal((await readSnapshot(file)).edgesInText !== null, isThere);
    }
    assert.notEqual(twice, text);
    assert.equal(readFileSync(file, "utf8").includes(".0,"), true);
  });
});
