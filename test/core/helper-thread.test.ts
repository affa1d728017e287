import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { belongings } from "#core/analysis/belongings.js";
import { tally, tallyRoom } from "#core/analysis/tally.js";
import { buildGraph } from "#core/graph/build-graph.js";
import { HelperThread } from "#core/helper-thread.js";
import { ColumnMemory, memoryOf } from "#core/parse/column-memory.js";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import type { RowOrder } from "#core/parse/row-pieces.js";
import { graphOf } from "../support/graph-of.js";
import { largeHeap } from "../support/large-heap.js";

test("a thread that helps beside its own work keeps the process alive until that is done", () => {
  const script = `
    import { Worker } from "node:worker_threads";
    import { HelperThread } from ${JSON.stringify(import.meta.resolve("#core/helper-thread.js"))};
    const worker = new Worker(\`
      import { parentPort } from "node:worker_threads";
      parentPort.on("message", () => parentPort.postMessage({ kind: "answer", result: null }));
      setTimeout(() => parentPort.postMessage("own work"), 200);
    \`, { eval: true });
    const done = new Promise((resolve) => worker.on("message", (text) => text === "own work" && resolve(text)));
    await new HelperThread(worker, new Promise(() => undefined)).written();
    console.log(await done);
    await worker.terminate();
  `;
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.deepEqual([stdout, status], ["own work\n", 0]);
});

test("a thread that has loaded heaps finds out where nodes belong, in memory that it was lent", async () => {
  const memory = ColumnMemory.withRoomFor(16 << 20)!;
  const lent = memory.lend(4 << 20)!;
  const worker = new Worker(new URL(import.meta.resolve("#core/load-worker.js")));
  const helper = new HelperThread(worker, Promise.resolve(lent));
  const heap = largeHeap(20_000, 3);
  const text = async function* () {
    yield heap.bytes();
  };
  const graph = buildGraph(await readSnapshot(text(), { memory, kept: memory.lasting }));
  const found = (await helper.belongings(graph))!;
  const expected = belongings(graphOf(heap));
  assert.deepEqual(found, expected);
  for (const column of [found.owner, found.ownedSize, found.groups.of, found.layouts.of]) {
    assert.equal(memoryOf(column), memory);
    assert.ok(lent.start <= column.byteOffset && column.byteOffset < lent.end);
  }
  while (memory.take(1 << 10, false)?.fill(0xff) !== undefined);
  assert.deepEqual(found, expected);
  assert.equal(helper.belongings(graph), undefined); // it has no memory left
  helper.end();
});

test("a thread counts up a heap in memory that it is lent, and only what it found is not taken back", async () => {
  const memory = ColumnMemory.withRoomFor(16 << 20)!;
  const heap = largeHeap(20_000, 3);
  const text = async function* () {
    yield heap.bytes();
  };
  const graph = buildGraph(await readSnapshot(text(), { memory, kept: memory.lasting }));
  const helper = new HelperThread();
  const { table, distance } = await helper.tally(graph, tallyRoom(graph));
  const expected = tally(graphOf(heap));
  assert.deepEqual({ table, distance }, expected);
  for (const column of [distance, table.groups.of]) assert.equal(memoryOf(column), memory);
  memory.free(distance);
  const places = new Set<number>();
  for (let taken = memory.take(16, false); taken !== null; taken = memory.take(16, false))
    places.add(taken.fill(0xff).byteOffset);
  const { byteOffset, byteLength } = distance; // where it was; behind it was a queue
  for (let at = byteOffset; at < byteOffset + 2 * byteLength; at += 16)
    assert.equal(isOf(table.groups.of, at), !places.has(at));
  assert.deepEqual(table, expected.table);
  helper.end();
});

/** Whether a column lies at a place of its memory. */
function isOf({ byteOffset, byteLength }: Uint32Array, at: number): boolean {
  return byteOffset <= at && at < byteOffset + byteLength;
}

test("a thread that cannot read what it is told is an error, not a wait without end", async () => {
  const { Memory } = Reflect.get(globalThis, "WebAssembly") as {
    Memory: new (pages: object) => { buffer: ArrayBuffer };
  };
  const { buffer } = new Memory({ initial: 1 << 16, maximum: 1 << 16, shared: true });
  const order = { section: { columns: { nodeType: new Uint8Array(buffer, 0, 4) } } } as unknown as RowOrder;
  const helper = new HelperThread();
  await assert.rejects(helper.read(order, Promise.resolve()));
  helper.end();
});
