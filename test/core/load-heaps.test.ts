import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { compareHeaps } from "#core/compare-heaps.js";
import { type LoadOptions, loadHeaps } from "#core/load-heaps.js";
import { SnapshotError } from "#core/parse/snapshot-error.js";
import type { Progress } from "#core/progress.js";
import { type TemporaryFile, temporaryFile } from "#core/temporary-file.js";
import { SnapshotBuilder } from "../support/snapshot-builder.js";

const folder = mkdtempSync(join(tmpdir(), "leakdiff-load-"));
after(() => rmSync(folder, { recursive: true }));

const IN_WORKERS: LoadOptions = { workersFrom: 0 };
const HERE: LoadOptions = { workersFrom: Infinity };

// A cache that gains an entry of 1 MB in each of three snapshots, beside a thousand objects that stay.
function snapshots(): string[] {
  const heap = new SnapshotBuilder();
  const cache = heap.object("Cache");
  heap.property(heap.global(), "cache", cache);
  for (let i = 0; i < 1000; i++) heap.element(cache, i, heap.object("Session"));
  return ["a", "b", "c"].map((name, i) => {
    heap.element(cache, 1000 + i, heap.object("Page", { size: 1 << 20 }));
    return written(`${name}.heapsnapshot`, heap.json());
  });
}

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const files = snapshots();

test("heaps that workers have loaded give the report that those loaded here give", async () => {
  const report = await compareHeaps(await loadHeaps(files, HERE));
  assert.deepEqual(await compareHeaps(await loadHeaps(files, IN_WORKERS)), report);
  assert.equal(report.suspects.length, 1);
});

test("heaps whose columns lie in a file until they are asked for give the same report, in whatever order", async () => {
  const report = await compareHeaps(await loadHeaps(files, HERE));
  for (const [given, memory, readsAgain] of [
    [files, undefined, false],
    [files, undefined, true],
    [[...files].reverse(), undefined, true],
    [files, "low", true],
    [[...files].reverse(), "low", false],
  ] as const) {
    const texts: number[] = [];
    const openText = (name: string): number => texts[texts.push(openSync(name, "r")) - 1]!;
    const places: TemporaryFile[] = [];
    const aside = (): number => places[places.push(temporaryFile()!) - 1]!.descriptor;
    const heaps = await loadHeaps(given, { ...IN_WORKERS, aside, memory, ...(readsAgain && { openText }) });
    assert.deepEqual(
      heaps.map(({ graph }) => graph.aside !== null),
      [true, true, true],
    );
    const { graph, putBack } = heaps[0]!;
    const [name, ids] = [graph.nodeName, [...graph.nodeId]];
    putBack("nodeId");
    assert.equal(graph.nodeName, name);
    assert.deepEqual([...graph.nodeId], ids);
    putBack();
    assert.deepEqual([...graph.nodeId], ids);
    const { suspects } = await compareHeaps(heaps);
    assert.deepEqual(suspects, report.suspects);
    for (const place of places) place.remove();
    for (const text of texts) closeSync(text);
  }
});

test("the heaps are in the order of the files, whichever is loaded first", async () => {
  const long = [...files, files[0]!, files[1]!];
  const heaps = await loadHeaps(long, IN_WORKERS);
  assert.deepEqual(
    heaps.map(({ graph }) => graph.file),
    long,
  );
});

test("of files loaded at the same time the first tells its progress, then the next", async () => {
  const told: Progress[] = [];
  await loadHeaps(files, { ...IN_WORKERS, onProgress: (progress) => told.push(progress) });
  const order = told.map(({ file }) => files.indexOf(file));
  assert.deepEqual(order, [...order].sort());
  assert.deepEqual([...new Set(order)], [0, 1, 2]);
});

test("a damaged file is the same error from a worker as from here", async () => {
  const cut = written("cut.heapsnapshot", new SnapshotBuilder().json().slice(0, -20));
  const [here, there] = await Promise.all(
    [HERE, IN_WORKERS].map((options) => loadHeaps([files[0]!, cut], options).catch((error: unknown) => error)),
  );
  assert.ok(there instanceof SnapshotError);
  assert.deepEqual(there, here);
  assert.equal(there.file, cut);
});

test("a signal ends the workers, with its reason", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const onProgress = (): void => stop.abort(reason);
  await assert.rejects(loadHeaps(files, { ...IN_WORKERS, onProgress, signal: stop.signal }), reason);
  await assert.rejects(loadHeaps(files, { ...IN_WORKERS, signal: AbortSignal.abort(reason) }), reason);
});

for (const [end, code] of [
  ["process.exit(1)", "a worker that ends at once"],
  ['throw Object.assign(new Error("heap"), { code: "ERR_WORKER_OUT_OF_MEMORY" })', "a worker that runs out of memory"],
] as const)
  test(`${code} is one sentence about its file`, async () => {
    // A real shortage, forced by limits, ends the whole process in some versions of Node.
    const preload = join(folder, "end.cjs");
    writeFileSync(preload, `setImmediate(() => { ${end} });`);
    const worker = { execArgv: ["--require", preload] };
    await assert.rejects(loadHeaps(files, { ...IN_WORKERS, worker }), (error) => {
      assert.ok(error instanceof SnapshotError && error.code === "too-large");
      assert.match(error.message, /^.*[abc]\.heapsnapshot needs more memory than there is to be read; run /);
      return true;
    });
  });

test("where no worker can be started, all is loaded here", async () => {
  const worker = { execArgv: ["--no-such-option"] };
  assert.equal((await loadHeaps(files, { ...IN_WORKERS, worker })).length, files.length);
});
