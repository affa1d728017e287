import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import fc from "fast-check";
import { SnapshotError } from "#core/parse/snapshot-error.js";
import type { Progress } from "#core/progress.js";
import { summarize } from "#core/summarize.js";
import { arbitraryText } from "../support/arbitrary-graph.js";
import { arbitraryHeap, built } from "../support/arbitrary-heap.js";
import { SnapshotBuilder } from "../support/snapshot-builder.js";

suite("summarize", () => {
  let folder = "";
  let file = "";
  // global -> Array 32 -> elements 800, Session 100, Session 100
  const heap = new SnapshotBuilder();
  const list = heap.object("Array", { size: 32 });
  before(() => {
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
      holders: [
        {
          title: "Array `globalThis.list`, a global",
          kind: "global-property",
          nodeId: heap.id(list),
          bytes: 832,
          location: null,
          entries: { count: 2, word: "elements" },
          holds: "Session",
          alsoHeldBy: [],
        },
        ...[0, 1].map((i) => ({
          title: "Session `globalThis.list[…]`, a global",
          kind: "global-property",
          nodeId: heap.id(list) + 6 + 2 * i,
          bytes: 100,
          location: null,
          entries: null,
          holds: null,
          alsoHeldBy: [],
        })),
      ],
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
    assert.deepEqual([...new Set(stages)], ["read", "graph", "dominators", "classes", "suspects"]);
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

  test("says the same with the help of a thread, of any heap", async () => {
    const any = join(folder, "any.heapsnapshot");
    await fc.assert(
      fc.asyncProperty(arbitraryHeap(), arbitraryText, async (sketch, text) => {
        const heap = built(sketch);
        const { length } = sketch.nodes;
        // Plain objects of one shape, a class with a place, texts of all kinds: what the other thread tells apart.
        for (let i = 0; i < 4; i++) {
          const plain = heap.object("Object", { at: { scriptId: 1, line: i, column: 2 } });
          heap
            .property(0, `p${i}`, plain)
            .property(plain, text, plain)
            .property(plain, "next", i % (length + 1));
          heap.property(0, text, heap.object(text, { at: { scriptId: 7, line: i % 2, column: 0 } }));
        }
        writeFileSync(any, heap.bytes());
        const alone = await summarize(any, { helperFrom: Infinity });
        assert.deepEqual(await summarize(any, { helperFrom: 0 }), alone);
      }),
      { numRuns: 12 },
    );
  });

  test("says the same of a damaged file with the help of a thread", async () => {
    const cut = join(folder, "cut.heapsnapshot");
    writeFileSync(cut, readFileSync(file).subarray(0, -30));
    const [alone, helped] = await Promise.all(
      [Infinity, 0].map((helperFrom) => summarize(cut, { helperFrom }).catch((error: unknown) => error)),
    );
    assert.ok(alone instanceof SnapshotError);
    assert.deepEqual(helped, alone);
  });

  test("stops at a signal while a thread helps", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const onProgress = ({ stage }: Progress): void => (stage === "dominators" ? stop.abort(reason) : undefined);
    await assert.rejects(summarize(file, { helperFrom: 0, onProgress, signal: stop.signal }), reason);
  });
});
