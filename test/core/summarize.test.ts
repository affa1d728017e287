import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { summarize } from "#core/summarize.js";
import { SnapshotBuilder } from "../support/snapshot-builder.js";

suite("summarize", () => {
  let folder = "";
  let file = "";
  before(() => {
    // global -> Array 32 -> elements 800, Session 100, Session 100
    const heap = new SnapshotBuilder();
    const list = heap.object("Array", { size: 32 });
    heap.property(heap.global(), "list", list).internal(list, "elements", heap.array("", { size: 800 }));
    for (let i = 0; i < 2; i++) heap.element(list, i, heap.object("Session", { size: 100 }));
    folder = mkdtempSync(join(tmpdir(), "leakdiff-"));
    file = join(folder, "a.heapsnapshot");
    writeFileSync(file, heap.bytes());
  });
  after(() => rmSync(folder, { recursive: true }));

  test("says what fills the heap, largest retained size first", async () => {
    const report = await summarize(file);
    assert.deepEqual(report, {
      version: 1,
      file,
      nodeCount: 6,
      edgeCount: 5,
      totalBytes: 16 + 32 + 800 + 200,
      classes: [
        { name: "global", count: 1, selfSize: 16, retainedSize: 1048, distance: 1 },
        { name: "Array", count: 1, selfSize: 832, retainedSize: 1032, distance: 2 },
        { name: "Session", count: 2, selfSize: 200, retainedSize: 200, distance: 3 },
      ],
      warnings: [],
    });
  });

  test("tells what it does, stage by stage", async () => {
    const stages: string[] = [];
    await summarize(file, { onProgress: ({ stage }) => stages.push(stage) });
    assert.deepEqual([...new Set(stages)], ["read", "graph", "dominators", "classes"]);
  });

  test("stops when it is told to, with the reason given", async () => {
    const reason = new Error("enough");
    for (const last of ["read", "graph", "dominators"]) {
      const stop = new AbortController();
      const onProgress = ({ stage }: { stage: string }): void => {
        if (stage === last) setImmediate(() => stop.abort(reason));
      };
      await assert.rejects(summarize(file, { onProgress, signal: stop.signal }), reason);
    }
  });
});
