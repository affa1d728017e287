import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import { availableMemory, checkMemory, memoryNeed } from "#core/memory-need.js";
import { SnapshotError } from "#core/parse/snapshot-error.js";

const isWindows = process.platform === "win32";
const folder = mkdtempSync(join(tmpdir(), "leakdiff-need-"));
after(() => rmSync(folder, { recursive: true }));

/** The first bytes of a snapshot, and as many further ones as it takes. */
function file(name: string, nodeCount: number, edgeCount: number, bytes: number): string {
  const path = join(folder, name);
  const header = `{"snapshot":{"meta":{"node_fields":[]},"node_count":${nodeCount},"edge_count":${edgeCount}},\n"nodes":[`;
  writeFileSync(path, header.padEnd(bytes, "0"));
  return path;
}

const refusal = (files: readonly string[], available: number, memory?: "low"): string => {
  try {
    checkMemory(files, { memory }, available, 2);
    return "";
  } catch (error) {
    assert.ok(error instanceof SnapshotError);
    assert.equal(error.code, "too-large");
    return error.message;
  }
};

suite("what there is not enough memory for", () => {
  const large = file("large.heapsnapshot", 400_000, 1_800_000, 40e6);

  test("is refused with the figure that is needed, and what to do", () => {
    assert.equal(
      refusal([large, large, large], 120e6),
      "these 3 snapshots (120 MB) would need about 200 MB of memory, and 120 MB are free; " +
        "run leakdiff where more is free, or try it all the same with --force",
    );
    assert.match(refusal([large, large, large], 185e6), /; --memory low does with 168 MB, or try it all the same/);
    assert.doesNotMatch(refusal([large, large, large], 120e6, "low"), /--memory low/);
  });

  test("is tried where there is enough, or somebody forces it, or next to nothing is needed", () => {
    checkMemory([large, large, large], {}, 300e6);
    checkMemory([large, large, large], { force: true }, 1);
    checkMemory([file("small.heapsnapshot", 1000, 5000, 100_000)], {}, 1);
  });

  test("is not asked of what does not tell: pipes, gzipped files, files that are not there or no snapshots", () => {
    const packed = join(folder, "packed.heapsnapshot.gz");
    writeFileSync(packed, gzipSync("{}"));
    for (const each of ["-", packed, join(folder, "nowhere"), folder]) checkMemory([each, large], {}, 1);
  });

  test("is not asked of a named pipe by opening it, which would take its writer away", { skip: isWindows }, () => {
    const pipe = join(folder, "pipe");
    assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
    // Nobody writes to it: who opens it waits for ever, and this test with him.
    const need = new URL("../../../packages/core/dist/memory-need.js", import.meta.url).href;
    const text = `import { checkMemory } from ${JSON.stringify(need)}; checkMemory(process.argv.slice(1), {}, 1)`;
    const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", text, pipe], { timeout: 20_000 });
    assert.equal(status, 0);
  });

  test("is no more than a file of that size can hold, whatever its header claims", () => {
    const lying = file("lying.heapsnapshot", 999_999_999_999, 999_999_999_999, 30e6);
    const [, need] = /about (\d+) MB/.exec(refusal([lying], 1))!;
    assert.ok(Number(need) < 400, need);
  });

  test("grows in proportion, and is less for low memory", () => {
    const heap = { fileBytes: 200e6, nodeCount: 2e6, edgeCount: 9e6 };
    const larger = { fileBytes: 2000e6, nodeCount: 2e7, edgeCount: 9e7 };
    const [one, ten] = [memoryNeed([heap, heap, heap]), memoryNeed([larger, larger, larger])];
    assert.ok(ten > 7.5 * one && ten < 10 * one);
    assert.ok(memoryNeed([heap, heap], "low") < memoryNeed([heap, heap]));
    assert.ok(memoryNeed([heap]) < memoryNeed([heap, heap]));
  });

  test("is measured against memory that this machine has", () => {
    assert.ok(availableMemory() > 0);
  });
});
