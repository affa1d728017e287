import assert from "node:assert/strict";
import { test } from "node:test";
import * as capture from "@leakdiff/capture";
import * as core from "@leakdiff/core";

test("@leakdiff/core exports these names at run time and no others", () => {
  assert.deepEqual(Object.keys(core).sort(), [
    "SnapshotError",
    "countsAsLeak",
    "explainRetainers",
    "findLeaks",
    "findLeaksInParsed",
    "prepare",
    "summarize",
  ]);
});

test("@leakdiff/capture exports these names at run time and no others", () => {
  assert.deepEqual(Object.keys(capture).sort(), [
    "CaptureError",
    "MemoryLogError",
    "attach",
    "captureSnapshots",
    "readMemorySamples",
    "trend",
  ]);
});
