import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { analyseHeap } from "#core/analysis/heap-analysis.js";
import { buildGraph } from "#core/graph/build-graph.js";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

/** Bytes of the columns among the values of an object, also of what it inherits. */
function columnBytes(columns: object): number {
  let bytes = 0;
  for (const name in columns) {
    const value: unknown = columns[name as never];
    if (ArrayBuffer.isView(value)) bytes += value.buffer.byteLength;
  }
  return bytes;
}

/** What a heap of so many objects and further edges takes: as a graph, analysed, and with its retainers. */
async function bytesOf(objects: number, edges: number): Promise<[number, number, number]> {
  const heap = new SnapshotBuilder();
  const nodes = Array.from({ length: objects }, (_, i) => heap.object("Page", { size: i }));
  for (let i = 0; i < edges; i++) heap.element(nodes[(i * 7) % 1000]!, i, nodes[(i * 13 + 1) % 1000]!);
  const bytes = heap.bytes();
  const stream = async function* () {
    yield bytes;
  };
  const graph = buildGraph(await readSnapshot(stream()));
  const analysis = analyseHeap(graph);
  const { bits } = analysis.retaining;
  const more = columnBytes(analysis) + bits.byteLength;
  return [columnBytes(graph), more, columnBytes(analysis.retainers)];
}

// ARCHITECTURE.md has the same figures: what they grow to is a decision, not an accident.
suite("the columns of a heap", () => {
  test("take so many bytes a node and an edge, whatever the heap", async () => {
    const base = await bytesOf(1000, 4000);
    const moreNodes = await bytesOf(1800, 4000);
    const moreEdges = await bytesOf(1000, 12_000);
    const each = (other: readonly number[], count: number) =>
      other.map((bytes, i) => Math.round(((bytes - base[i]!) / count) * 8) / 8);
    assert.deepEqual(each(moreNodes, 800), [18, 20, 4]);
    assert.deepEqual(each(moreEdges, 8000), [9, 0.125, 4]);
  });
});
