import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CaptureError } from "@leakdiff/capture";
import { inSetting, NODE, serverText } from "../support/capture-programs.js";

const MIB = 2 ** 20;

suite("the limit of a heap", { concurrency: 2 }, () => {
  for (const [how, command, env, program] of [
    ["its options", [NODE, "--max-old-space-size=128"], {}, ""],
    ["NODE_OPTIONS", [NODE], { NODE_OPTIONS: "--max_old_space_size=128" }, ""],
    [
      "those of a worker thread",
      [NODE],
      {},
      `new (require("node:worker_threads").Worker)("setInterval(() => {}, 1000)",
         { eval: true, name: "renders", resourceLimits: { maxOldGenerationSizeMb: 128 } });`,
    ],
  ] as const) {
    test(`is that of old objects where ${how} say so, which V8's own figure exceeds by that of young ones`, () =>
      inSetting(async ({ write, capture }) => {
        const { samples } = await capture({
          command: [...command, write("server.cjs", serverText({ "/": "" }, program))],
          env,
          load: { urls: ["/"], requests: 1 },
          cycles: 1,
          ...(program !== "" && { worker: "renders" }),
        });
        assert.equal(samples[0]!.heapLimit, 128 * MIB);
      }));
  }

  test("is not come near to by a snapshot where V8 would begin another in its midst, and hang or crash", () =>
    inSetting(async ({ write, capture }) => {
      const fills = `while (process.memoryUsage().heapUsed < ${0.98 * 40 * MIB}) kept.push(new Array(1000).fill(0.5));`;
      const run = capture({
        command: [
          NODE,
          "--max-old-space-size=40",
          "--no-detect-ineffective-gcs-near-heap-limit",
          write("server.cjs", serverText({ "/": fills }, "const kept = [];")),
        ],
        load: { urls: ["/"], requests: 1 },
        warmup: 1,
        nearHeapLimit: true,
      });
      await assert.rejects(run, (error: CaptureError) => {
        assert.equal(error.code, "out-of-memory");
        assert.match(error.message, /^the heap was nearly full, 4\d MB of 42 MB, after 1 request$/);
        return true;
      });
    }));
});
