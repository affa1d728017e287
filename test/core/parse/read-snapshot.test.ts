import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type Bytes, readSnapshot } from "#core/parse/read-snapshot.js";
import type { SnapshotError } from "#core/parse/snapshot-error.js";
import type { Progress } from "@leakdiff/core";
import { arbitraryGraph, arbitraryLayout, builderOf, graphOfRaw } from "../../support/arbitrary-graph.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

const folder = mkdtempSync(join(tmpdir(), "leakdiff-read-"));
after(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The bytes in pieces, cut at these places (taken modulo the length). */
async function* pieces(bytes: Uint8Array, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((one, other) => one - other);
  let start = 0;
  for (const end of ends) {
    // Overwritten once the next one is asked for, as the reader is free to do with its buffers.
    const piece = Buffer.from(bytes.subarray(start, end));
    yield piece;
    piece.fill(0x58);
    start = end;
  }
}

function smallHeap(): SnapshotBuilder {
  const heap = new SnapshotBuilder();
  const list = heap.object("Array", { size: 32, at: { scriptId: 7, line: 3, column: 11 } });
  heap.property(heap.global(), "list", list);
  for (let i = 0; i < 3; i++) heap.element(list, i, heap.object("Session", { size: 48 }));
  return heap;
}

suite("readSnapshot", () => {
  for (const layout of ["node20", "node24", "chrome", "pretty"] as const) {
    test(`reads the layout ${layout}`, async () => {
      const raw = await readSnapshot(fileOf(layout, smallHeap().json({ layout })));
      assert.equal(raw.nodeCount, 6);
      assert.deepEqual([...raw.firstEdge], [0, 1, 4, 5, 5, 5, 5]);
      assert.deepEqual([...raw.selfSize], [0, 32, 16, 48, 48, 48]);
      assert.deepEqual([...raw.nodeId], [1, 3, 5, 7, 9, 11]);
      assert.deepEqual([...raw.edgeTarget], [2, 3, 4, 5, 1]);
      assert.equal(raw.strings.text(raw.edgeName[4]!), "list");
      assert.deepEqual(raw.locations.node, Uint32Array.of(1));
      assert.deepEqual([raw.locations.line[0], raw.locations.column[0]], [3, 11]);
    });
  }

  test("gives the same graph whatever the writer, the layout and the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryGraph(),
        arbitraryLayout,
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.boolean(),
        async (graph, layout, cuts, gzip) => {
          const text = builderOf(graph).bytes(layout);
          const raw = await readSnapshot(pieces(gzip ? gzipSync(text) : text, cuts));
          assert.deepEqual(graphOfRaw(raw), graph);
          assert.equal(raw.textBytes, text.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("gives the same graph when every byte comes alone", async () => {
    const bytes = smallHeap().bytes({ layout: "node20" });
    const alone = Array.from(bytes, (_byte, at) => at);
    const whole = await readSnapshot(pieces(bytes));
    assert.deepEqual(graphOfRaw(await readSnapshot(pieces(bytes, alone))), graphOfRaw(whole));
  });

  test("reads files, streams, standard input and gzip alike", async () => {
    const text = smallHeap().bytes();
    const expected = graphOfRaw(await readSnapshot(fileOf("plain", text)));
    const zipped = fileOf("zipped.gz", gzipSync(text));
    for (const raw of [
      await readSnapshot(zipped),
      await readSnapshot(Readable.from([text])),
      await readSnapshot(Readable.from([text.toString()])),
      await readSnapshot("-", { stdin: pieces(gzipSync(text), [1]) }),
    ]) {
      assert.deepEqual(graphOfRaw(raw), expected);
    }
  });

  test("keeps ids past 2^31, sizes past 2^32 and negative element indexes exact", async () => {
    const heap = new SnapshotBuilder();
    const buffer = heap.native("Buffer", { id: 2_155_572_256, size: 2 ** 47 + 1 });
    heap.element(heap.root(), 4_294_967_290, buffer);
    for (const negativeIndexes of [true, false]) {
      const raw = await readSnapshot(pieces(heap.bytes({ negativeIndexes })));
      assert.equal(raw.nodeId[1], 2_155_572_256);
      assert.equal(raw.selfSize[1], 2 ** 47 + 1);
      assert.equal(raw.edgeName[0], 4_294_967_290);
    }
  });

  test("reads numbers in every form JSON has", async () => {
    const text = smallHeap().json().replace('"nodes":[9,1,1,0,1,0,', '"nodes": [ 9e0 ,1.0,10E-1\r\n,\t-0,1 , 0.00,');
    const raw = await readSnapshot(pieces(Buffer.from(text), [text.indexOf("E-1")]));
    assert.equal(raw.nodeTypeNames[raw.nodeType[0]!], "synthetic");
    assert.equal(raw.nodeId[0], 1);
    assert.ok(Object.is(raw.selfSize[0], 0));
  });

  test("gives one index to texts that the file has twice, also if they are written in two ways", async () => {
    const file = smallHeap().snapshot({ duplicateStrings: true });
    const text = JSON.stringify(file).replace('"Session"', '"\\u0053ession"');
    const raw = await readSnapshot(pieces(Buffer.from(text)));
    const names = new Set([3, 4, 5].map((node) => raw.nodeName[node]));
    assert.deepEqual([...names], [raw.strings.indexOf("Session")]);
  });

  test("tolerates a byte order mark and blank space around the object", async () => {
    const text = "\ufeff \r\n" + smallHeap().json() + "\n\n";
    assert.equal((await readSnapshot(pieces(Buffer.from(text), [1, 2, 3]))).nodeCount, 6);
  });

  test("says that a file is a timeline", async () => {
    const file = smallHeap().snapshot({ layout: "node20" });
    file.snapshot.trace_function_count = 3;
    file.trace_tree = [0, 0, 0, 0, [1, 1, 2, 32, []]];
    const raw = await readSnapshot(pieces(Buffer.from(JSON.stringify(file))));
    assert.equal(raw.hasAllocationTrace, true);
    assert.equal((await readSnapshot(pieces(smallHeap().bytes()))).hasAllocationTrace, false);
  });

  test("passes over a trace tree that is a million arrays deep", async () => {
    const text = smallHeap().json();
    const deep = text.replace('"trace_tree":[]', `"trace_tree":${"[".repeat(1e6)}${"]".repeat(1e6)}`);
    assert.equal((await readSnapshot(pieces(Buffer.from(deep)))).nodeCount, 6);
  });

  test("reads sections in the order of the alphabet, as jq -S writes them", async () => {
    const file = smallHeap().snapshot();
    const sections = Object.keys(file).sort();
    const raw = await readSnapshot(pieces(smallHeap().bytes({ sections, layout: "pretty" }), [100, 2000]));
    assert.deepEqual(graphOfRaw(raw), graphOfRaw(await readSnapshot(pieces(smallHeap().bytes()))));
  });

  test("gives the locations in the order of their nodes, the first of two for one node", async () => {
    const file = smallHeap().snapshot();
    file.locations = [30, 1, 2, 3, 6, 4, 5, 6, 30, 7, 8, 9];
    const { locations } = await readSnapshot(pieces(Buffer.from(JSON.stringify(file))));
    assert.deepEqual([...locations.node], [1, 5]);
    assert.deepEqual([...locations.scriptId], [4, 1]);
    assert.deepEqual([...locations.column], [6, 3]);
  });

  test("does without locations, detachedness and the header's counts", async () => {
    const file = smallHeap().snapshot({ nodeFields: ["type", "name", "id", "self_size", "edge_count"] });
    const { node_count: _nodes, edge_count: _edges, ...header } = file.snapshot;
    const { location_fields: _fields, ...meta } = header.meta;
    const text = JSON.stringify({ ...file, snapshot: { ...header, meta }, locations: [] });
    const raw = await readSnapshot(pieces(Buffer.from(text)));
    assert.equal(raw.detachedness, null);
    assert.equal(raw.locations.node.length, 0);
    assert.equal(raw.nodeCount, 6);
  });

  test("takes counts of 0 in the header for none, as Hermes writes them", async () => {
    const file = smallHeap().snapshot();
    Object.assign(file.snapshot, { node_count: 0, edge_count: 0 });
    const text = JSON.stringify(file);
    for (const source of [fileOf("hermes", text), pieces(Buffer.from(text), [700, 900])]) {
      const raw = await readSnapshot(source);
      assert.deepEqual([raw.nodeCount, raw.edgeCount], [6, 5]);
    }
  });
});

suite("readSnapshot, asked to tell and to stop", () => {
  // past a few chunks, so that there is something to tell
  function largeHeap(): Buffer {
    const text = smallHeap().json({ layout: "node20" });
    return Buffer.from(text.replace('"samples":[', `"samples":[${"\n".repeat(10_000_000)}`));
  }

  test("tells the bytes read, from none to all of them", async () => {
    const bytes = largeHeap();
    const told: Progress[] = [];
    await readSnapshot(fileOf("large", bytes), { onProgress: (progress) => told.push(progress) });
    assert.equal(told[0]?.done, 0);
    assert.deepEqual(told.at(-1), {
      file: join(folder, "large"),
      stage: "read",
      done: bytes.length,
      total: bytes.length,
    });
    assert.ok(told.length >= 3 && told.length < 12, `told ${told.length} times`);
  });

  test("stops with the reason of the signal", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const reading = readSnapshot(fileOf("large2", largeHeap()), {
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await assert.rejects(reading, reason);
    await assert.rejects(readSnapshot(fileOf("small", smallHeap().bytes()), { signal: stop.signal }), reason);
  });

  test("stops while it waits for a pipe that sends nothing, gzip or not", async () => {
    for (const start of [Buffer.from('{"snap'), gzipSync(smallHeap().bytes()).subarray(0, 40)]) {
      const stop = new AbortController();
      const silent: Bytes = {
        async *[Symbol.asyncIterator]() {
          yield start;
          setImmediate(() => stop.abort());
          await new Promise(() => undefined);
        },
      };
      await assert.rejects(readSnapshot(silent, { signal: stop.signal }), { name: "AbortError" });
    }
  });
});

suite("readSnapshot, given what it cannot open", () => {
  const rejectedAs = (code: string, name: string) => (error: SnapshotError) =>
    error.name === "SnapshotError" && error.code === code && error.message.includes(name) && error.file.includes(name);

  test("says that a file does not exist", async () => {
    await assert.rejects(readSnapshot(join(folder, "missing")), rejectedAs("not-found", "missing"));
  });

  test("says that a path is a directory", async () => {
    await assert.rejects(readSnapshot(folder), rejectedAs("is-directory", folder));
  });

  test(
    "says that a path is a device, which has nothing or no end",
    { skip: process.platform === "win32" },
    async () => {
      for (const device of ["/dev/null", "/dev/zero"])
        await assert.rejects(readSnapshot(device), { message: `${device} is a device; name a .heapsnapshot file` });
    },
  );

  test("says that a file may not be read", async (t) => {
    // The superuser may read everything, and Windows has no modes: let the system's refusal be said for it.
    t.mock.method(promises, "open", async () => {
      throw Object.assign(new Error("permission denied"), { code: "EACCES" });
    });
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
    await assert.rejects(readSnapshot("secret"), rejectedAs("no-permission", "secret"));
  });

  test("calls a stream by the name it is given", async () => {
    await assert.rejects(readSnapshot(pieces(Buffer.from("")), { name: "b.gz" }), rejectedAs("empty", "b.gz"));
    await assert.rejects(readSnapshot("-", { stdin: pieces(Buffer.from("")) }), rejectedAs("empty", "standard input"));
  });
});
