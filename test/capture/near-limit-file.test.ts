import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ProcessFacts } from "#capture/inspector/heap-session.js";
import { nearLimitFile } from "#capture/near-limit-file.js";
import { inSetting, NODE } from "../support/capture-programs.js";

test("what V8 wrote of a full heap is told from what it did not come to the end of", () =>
  inSetting(async ({ out }) => {
    mkdirSync(out);
    const facts: ProcessFacts = { pid: 4711, thread: 0, runtime: "Node 20.0.0", heapLimit: 1, availableMemory: 1 };
    const own = join(out, "Heap.20260101.120000.4711.0.001.heapsnapshot");
    const other = join(out, "Heap.20260101.120000.4712.0.001.heapsnapshot");
    execFileSync(NODE, ["-e", `require("node:v8").writeHeapSnapshot(${JSON.stringify(own)})`]);
    copyFileSync(own, other);
    const path = join(out, "near-heap-limit.heapsnapshot");
    const at = statSync(own).mtimeMs;
    assert.deepEqual(await nearLimitFile(out, { facts }), { path, isWhole: true, at });
    assert.ok(existsSync(other));
    const { size } = statSync(path);
    for (const left of [size - 4, Math.floor(size / 2), 1, 0]) {
      renameSync(path, own);
      truncateSync(own, left);
      const { isWhole } = (await nearLimitFile(out, { facts }))!;
      assert.equal(isWhole, false, `${left} of ${size} bytes`);
    }
  }));
