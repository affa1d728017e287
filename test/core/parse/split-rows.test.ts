import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { HelperThread } from "#core/helper-thread.js";
import { type ReadOptions, readSnapshot } from "#core/parse/read-snapshot.js";
import { type RowOrder, RowPieces, type RowsRead } from "#core/parse/row-pieces.js";
import { SnapshotReader } from "#core/parse/snapshot-reader.js";
import { type RowReader, splitRows } from "#core/parse/split-rows.js";
import { arbitraryGraph, arbitraryLayout, builderOf, graphOfRaw } from "../../support/arbitrary-graph.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

const folder = mkdtempSync(join(tmpdir(), "leakdiff-rows-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "rows.heapsnapshot");

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A reader in this thread that takes turns with all others at every step; it gives up behind so many pieces. */
function reader(pieces = Infinity): RowReader {
  return {
    async read(order: RowOrder): Promise<RowsRead> {
      const rows = RowPieces.of(order)!;
      for (let left = pieces; rows.next(); left--) {
        if (left === 0) throw new Error("lost");
        await setImmediate();
        while (!rows.awaitTurn(0) && !rows.isOver) await setImmediate();
        if (rows.isOver) break;
        rows.put();
        await setImmediate();
      }
      return rows.result;
    },
  };
}

/** What a file is read as: its graph, or what is wrong with it. */
async function outcome(source: string | AsyncGenerator<Uint8Array>, options: ReadOptions = {}): Promise<unknown> {
  try {
    const raw = await readSnapshot(source, { ...options, name: "rows.heapsnapshot" });
    return { graph: graphOfRaw(raw), textBytes: raw.textBytes, firstEdge: [...raw.firstEdge] };
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

async function assertAsStream(bytes: Uint8Array, options: ReadOptions): Promise<void> {
  writeFileSync(path, bytes);
  assert.deepEqual(await outcome(path, options), await outcome(stream(bytes)));
}

const arbitrarySplit = fc.record({
  pieceSize: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 4000 })),
  readers: fc.array(fc.option(fc.nat({ max: 5 }), { nil: undefined, freq: 4 }).map(reader), { maxLength: 2 }),
});

/** A heap whose sections have some hundred bytes, in the layouts of V8. */
function someHeap(): SnapshotBuilder {
  const heap = new SnapshotBuilder();
  for (let i = 0; i < 40; i++) {
    const node = heap.object(`Session${i % 7}`, { size: 10 ** (i % 9), id: 2 ** 31 + 2 * i + 1 });
    heap.element(heap.global(), i, node).property(node, "next", Math.max(0, node - (i % 5)));
  }
  return heap;
}

/** How far `splitRows` comes in the nodes and the edges of a file: "all", "some" or "none". */
async function comesTo(bytes: Uint8Array, pieceSize: number): Promise<string[]> {
  writeFileSync(path, bytes);
  const fd = openSync(path, "r");
  try {
    const place = { file: path, chunkStart: 0, textBytes: bytes.length };
    const snapshot = new SnapshotReader(place, true);
    const found: string[] = [];
    for (let at = snapshot.take(bytes); at < bytes.length; at += snapshot.take(bytes.subarray(at))) {
      const { columns } = snapshot.rowsAhead!;
      const done = await splitRows({ fd, size: bytes.length }, place.chunkStart, columns, { pieceSize });
      found.push(done === null ? "none" : done.whole ? "all" : "some");
      if (done === null) continue;
      snapshot.skipRows(done);
      at = done.at;
    }
    snapshot.finish();
    return found;
  } finally {
    closeSync(fd);
  }
}

suite("rows that several threads read", () => {
  test("are those that one thread reads, whatever the writer, the pieces and the threads", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryGraph(), arbitraryLayout, arbitrarySplit, async (graph, layout, split) => {
        await assertAsStream(builderOf(graph).bytes(layout), split);
      }),
      { numRuns: 150 },
    );
  });

  test("are not looked for in the section behind the header if they stand before it", async () => {
    const heap = new SnapshotBuilder();
    for (let i = 0; i < 3; i++) heap.object("A", { at: { scriptId: 0, line: 0, column: 0 } });
    const sections = ["strings", "edges", "nodes", "snapshot", "locations"];
    await assertAsStream(heap.bytes({ sections }), { pieceSize: 1 });
  });

  test("of a damaged file end in the same error, at the same place", async () => {
    const whole = ["node20", "node24"].map((layout) => someHeap().bytes({ layout: layout as "node20" }));
    const damage = fc.record({
      layout: fc.nat({ max: 1 }),
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      text: fc.constantFrom("", "x", ",", ",,", "-1,", "9", "4294967296", "1.5", " ", "\n", "]", "[", '"', "\0", "1e3"),
      removed: fc.nat({ max: 3 }),
      cut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(damage, arbitrarySplit, async ({ layout, at, text, removed, cut }, split) => {
        const bytes = whole[layout]!;
        const place = Math.floor(at * bytes.length);
        const rest = cut ? Buffer.alloc(0) : bytes.subarray(place + removed);
        await assertAsStream(Buffer.concat([bytes.subarray(0, place), Buffer.from(text), rest]), split);
      }),
      { numRuns: 300 },
    );
  });

  test("are the same wherever the pieces begin", async () => {
    for (const layout of ["node20", "node24"] as const) {
      const bytes = someHeap().bytes({ layout });
      for (let pieceSize = 1; pieceSize < 100; pieceSize += pieceSize < 20 ? 1 : 7) {
        assert.deepEqual(await comesTo(bytes, pieceSize), ["all", "all"], `${layout}, pieces of ${pieceSize}`);
        await assertAsStream(bytes, { pieceSize, readers: [reader()] });
      }
    }
  });

  test("are read up to what V8 does not write, and go on from there", async () => {
    const heap = someHeap();
    heap.native("Buffer", { size: 2 ** 40 });
    for (let i = 0; i < 30; i++) heap.object("Late");
    assert.deepEqual(await comesTo(heap.bytes(), 64), ["some", "all"]);
    assert.deepEqual(await comesTo(heap.bytes({ layout: "pretty" }), 64), ["none", "none"]);
    await assertAsStream(heap.bytes(), { pieceSize: 64, readers: [reader()] });
  });

  test("are refused where no array begins, and where one ends behind a comma", async () => {
    const bytes = someHeap().bytes({ layout: "node24" });
    const text = bytes.toString("latin1");
    for (const [from, to] of [
      ['"nodes":[', '"nodes":,'],
      ['"nodes":[', '"nodes":7,'],
      ['"edges":[', '"edges":{'],
      ["],", ",],"],
    ] as const) {
      const at = text.indexOf(from, text.indexOf('"nodes":'));
      const damaged = Buffer.from(text.slice(0, at) + to + text.slice(at + from.length), "latin1");
      assert.match(String(await outcome(stream(damaged))), /^SnapshotError/, to);
      for (let pieceSize = 1; pieceSize < 90; pieceSize += pieceSize < 45 ? 1 : 9)
        await assertAsStream(damaged, { pieceSize });
    }
  });

  test("are read again if a thread is lost with some of them", async () => {
    const bytes = someHeap().bytes();
    for (const pieces of [0, 1, 3, 8]) await assertAsStream(bytes, { pieceSize: 50, readers: [reader(pieces)] });
  });

  test("are the same from a thread of its own", async () => {
    const helper = new HelperThread();
    try {
      const heap = new SnapshotBuilder();
      for (let i = 0; i < 3000; i++) heap.element(heap.global(), i, heap.object(`Page${i % 100}`, { size: i }));
      const bytes = heap.bytes({ layout: "node20" });
      for (const pieceSize of [100, 1000, 1 << 20]) await assertAsStream(bytes, { pieceSize, readers: [helper] });
      const damaged = Buffer.from(bytes);
      damaged[damaged.indexOf('"edges"') + 2000] = 0x78;
      await assertAsStream(damaged, { pieceSize: 200, readers: [helper] });
    } finally {
      helper.end();
    }
  });

  test("are the same when that thread ends", async () => {
    const helper = new HelperThread();
    const bytes = someHeap().bytes();
    const reading = assertAsStream(bytes, { pieceSize: 20, readers: [helper] });
    helper.end();
    await reading;
    await assertAsStream(bytes, { pieceSize: 20, readers: [helper] });
  });

  test("stop at a signal, with its reason", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const heap = new SnapshotBuilder();
    const count = 20_000;
    for (let i = 0; i < count; i++) heap.element(heap.global(), i, heap.object("Page", { size: 123_456_789 }));
    writeFileSync(path, heap.bytes());
    const helper = new HelperThread();
    try {
      const reading = readSnapshot(path, { signal: stop.signal, pieceSize: 64, readers: [helper] });
      await setImmediate();
      stop.abort(reason);
      await assert.rejects(reading, reason);
    } finally {
      helper.end();
    }
  });
});
