import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { WORKERS_FROM, loadThreads, sizeOf, startAhead } from "#core/load-threads.js";

const folder = mkdtempSync(join(tmpdir(), "leakdiff-threads-"));
after(() => rmSync(folder, { recursive: true }));

/** A file of so many zeros. */
function fileOf(name: string, bytes: number): string {
  const file = join(folder, name);
  writeFileSync(file, "");
  truncateSync(file, bytes);
  return file;
}

const large = ["a", "b"].map((name) => fileOf(name, WORKERS_FROM));
const small = fileOf("small", WORKERS_FROM - 1);

/** Ends threads, and returns how many they were, all of them new ones if so many or more were asked for. */
async function ended(threads: readonly { terminate(): Promise<number>; threadId: number }[]): Promise<number> {
  assert.equal(new Set(threads.map(({ threadId }) => threadId)).size, threads.length);
  await Promise.all(threads.map((thread) => thread.terminate()));
  return threads.length;
}

suite("threads that load files", () => {
  test("are those that were started ahead, each once", { skip: availableParallelism() < 2 }, async () => {
    startAhead([...large, small, "top", "5", "-"]);
    const other = new Worker("", { eval: true });
    const [ahead, ...more] = [...loadThreads(1), ...loadThreads(2)];
    assert.ok(ahead!.threadId < other.threadId);
    assert.ok(more.every(({ threadId }) => threadId > other.threadId));
    assert.equal(await ended([other, ahead!, ...more]), 4);
  });

  test("are new ones, if nobody started any, or they are to be started in a way of their own", async () => {
    startAhead([large[0]!, small]);
    startAhead([]);
    assert.equal(await ended(loadThreads(2)), 2);
    startAhead(large);
    const [own] = loadThreads(1, { argv: ["own"] });
    assert.equal(await ended([own!, ...loadThreads(1)]), 2);
    assert.equal(await ended(loadThreads(0)), 0);
  });

  test("do not keep a process alive that does not use them", () => {
    const module = new URL("../../../packages/core/dist/load-threads.js", import.meta.url);
    const program = `(await import(${JSON.stringify(module.href)})).startAhead(${JSON.stringify(large)})`;
    const { status, signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      timeout: 60_000,
      encoding: "utf8",
    });
    assert.deepEqual([status, signal, stderr], [0, null, ""]);
  });
});

test("a size is that of the text, and 0 of what has none", () => {
  assert.equal(sizeOf(small), WORKERS_FROM - 1);
  const gzipped = join(folder, "gzipped");
  writeFileSync(gzipped, gzipSync("x".repeat(100_000)));
  assert.equal(sizeOf(gzipped), 100_000);
  for (const bytes of [[], [0x1f], [0x1f, 0x8b], [0x1f, 0x8b, 1]]) {
    writeFileSync(gzipped, Uint8Array.from(bytes));
    assert.equal(sizeOf(gzipped), bytes.length);
  }
  assert.equal(sizeOf(folder), 0);
  for (const file of ["-", join(folder, "none"), "a\0b"]) assert.equal(sizeOf(file), 0);
});
