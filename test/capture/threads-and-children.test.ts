import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { CaptureOptions } from "@leakdiff/capture";
import { findLeaks } from "@leakdiff/core";
import { inSetting, NODE, type Setting } from "../support/capture-programs.js";

/** Passes each request on to its worker threads in turn, or to its child, and answers when they do. */
const PASSES_ON = `
  const http = require("node:http");
  const waiting = [];
  let turn = 0;
  for (const other of others) other.on("message", () => waiting.shift()?.end("done"));
  http.createServer((request, response) => {
    waiting.push(response);
    const other = others[turn++ % others.length];
    (other.postMessage ?? other.send).call(other, request.url);
  }).listen(0, "127.0.0.1");
`;
const THREADS = `
  const { Worker } = require("node:worker_threads");
  const others = [1, 2].map(() => new Worker(require("node:path").join(__dirname, "render.cjs")));
  ${PASSES_ON}
`;
const CHILD = `
  const others = [require("node:child_process").fork(require("node:path").join(__dirname, "queue.cjs"))];
  ${PASSES_ON}
`;
/** Keeps 60 kB a request. */
const KEEPS = `const kept = []; class Job { constructor(number) { this.numbers = new Array(7500).fill(number); } }`;
const renderText = (work: string) => `
  const { parentPort } = require("node:worker_threads");
  ${KEEPS}
  parentPort.on("message", () => { ${work} parentPort.postMessage("done"); });
`;
const queueText = (work: string) => `
  ${KEEPS}
  process.on("message", () => { ${work} process.send("done"); });
`;
const LEAK = "kept.push(new Job(kept.length));";

/** Of the program whose parts are these. Notes that tell of other heaps, and the verdict on the one that was looked at. */
async function look(
  { write, capture, events }: Setting,
  parts: Readonly<Record<string, string>>,
  options: Partial<CaptureOptions> = {},
) {
  const [program] = Object.entries(parts).map(([name, text]) => write(name, text));
  const load = { urls: ["/"], requests: 24, connections: 4 };
  const command = [NODE, program!];
  const { files, loads, notes, samples } = await capture({ command, load, snapshots: 3, cycles: 1, ...options });
  const report = await findLeaks(files, { cycles: loads });
  const heaps = events.flatMap((event) => (event.kind === "heap" ? [event.name] : []));
  return { notes, samples, report, heaps, first: report.suspects[0] };
}

suite("captureSnapshots of a program with several heaps", { concurrency: 2 }, () => {
  test("says that worker threads grow, and not the main one, and how to look at them", () =>
    inSetting(async (setting) => {
      const { notes, report } = await look(setting, { "server.cjs": THREADS, "render.cjs": renderText(LEAK) });
      assert.equal(report.verdict, "no-leak");
      assert.equal(notes.length, 1, notes.join("\n"));
      assert.match(
        notes[0]!,
        /^worker thread [12] \(render\.cjs\) grew from \d\S* MB to \d\S* MB meanwhile, and 1 more of its kind did; --worker render\.cjs looks at that heap$/,
      );
    }));

  test("says nothing of worker threads that do not grow", () =>
    inSetting(async (setting) => {
      const { notes } = await look(setting, { "server.cjs": THREADS, "render.cjs": renderText("new Job(1);") });
      assert.deepEqual(notes, []);
    }));

  test("takes snapshots of a worker thread, in one session, entry by entry", () =>
    inSetting(async (setting) => {
      const parts = { "server.cjs": THREADS, "render.cjs": renderText(LEAK) };
      const { first, heaps, notes, samples } = await look(setting, parts, { worker: "2" });
      assert.deepEqual(heaps, ["worker thread 2 (render.cjs)"]);
      // The other one of the pool grows, too; that is no news.
      assert.deepEqual(notes, []);
      assert.match(first!.title, /^Array `kept`, module scope of render\.cjs/);
      // Every second of 24, 48 and 72 requests.
      assert.deepEqual(first!.growth.entryCounts, [12, 24, 36]);
      assert.ok(samples.at(-1)!.heapUsed > samples[0]!.heapUsed + 1.3e6);
    }));

  test("says that a child process grows, and not the one that listens", () =>
    inSetting(async (setting) => {
      const parts = { "server.cjs": CHILD, "queue.cjs": queueText(LEAK) };
      const { notes, report } = await look(setting, parts);
      assert.equal(report.verdict, "no-leak");
      assert.equal(notes.length, 1, notes.join("\n"));
      assert.match(
        notes[0]!,
        /^process \d+ \(queue\.cjs\) grew from .* meanwhile; --process queue\.cjs looks at that heap$/,
      );
    }));

  test("takes snapshots of a child process, entry by entry", () =>
    inSetting(async (setting) => {
      const parts = { "server.cjs": CHILD, "queue.cjs": queueText(LEAK) };
      const { first, heaps } = await look(setting, parts, { process: "queue" });
      assert.match(heaps[0]!, /^process \d+ \(queue\.cjs\)$/);
      assert.match(first!.title, /^Array `kept`, module scope of queue\.cjs/);
      assert.deepEqual(first!.growth.entryCounts, [24, 48, 72]);
    }));

  test("finds no leak in a child process that has none", () =>
    inSetting(async (setting) => {
      const parts = { "server.cjs": CHILD, "queue.cjs": queueText("new Job(1);") };
      const { report, notes } = await look(setting, parts, { process: "queue" });
      assert.deepEqual([report.verdict, notes], ["no-leak", []]);
    }));

  test("waits for a worker thread that starts with the first work", () =>
    inSetting(async (setting) => {
      const late = THREADS.replace("[1, 2].map", "[1].map").replace(
        "const others =",
        "let others = []; const start = () => others =",
      );
      const program = late
        .replace("for (const other of others)", "const listen = () => { for (const other of others)")
        .replace('?.end("done"));', '?.end("done")); };')
        .replace("waiting.push(response);", "if (others.length === 0) { start(); listen(); } waiting.push(response);");
      const parts = { "server.cjs": program, "render.cjs": renderText(LEAK) };
      const { first, samples } = await look(setting, parts, { worker: "render" });
      assert.deepEqual(first!.growth.entryCounts, [24, 48, 72]);
      assert.equal(samples[0]!.cycle, 2, "before that there was nothing to measure");
    }));

  test("lists the worker threads there are when none has that name", () =>
    inSetting(async (setting) => {
      const parts = { "server.cjs": THREADS, "render.cjs": renderText("") };
      await assert.rejects(look(setting, parts, { worker: "print", warmup: 0 }), {
        code: "not-found",
        message:
          /^no worker thread of the process is called "print"; it has these:\n {2}worker thread 1 \(render\.cjs\)\n {2}worker thread 2 \(render\.cjs\)$/,
      });
    }));

  test("says that the process of that name has ended, and lists those that have not", () =>
    inSetting(async (setting) => {
      const program = `require("node:child_process").spawnSync(process.execPath, [__dirname + "/brief.cjs"]); ${THREADS}`;
      const parts = { "server.cjs": program, "render.cjs": renderText(""), "brief.cjs": "" };
      await assert.rejects(look(setting, parts, { process: "brief", warmup: 0 }), {
        code: "not-found",
        message:
          /^process \d+ \(brief\.cjs\) of the program has ended, or does not answer; there are\n {2}process \d+ \(server\.cjs.*\)$/,
      });
    }));

  test("lists the processes there are when none has that name", () =>
    inSetting(async (setting) => {
      const parts = { "server.cjs": THREADS, "render.cjs": renderText("") };
      await assert.rejects(look(setting, parts, { process: "print", warmup: 0 }), {
        code: "not-found",
        message: /^no Node process of the program is called "print"; there are\n {2}process \d+ \(server\.cjs\)$/,
      });
    }));

  test("says that a worker thread ended, of which no more snapshots can be taken", () =>
    inSetting(async (setting) => {
      const parts = {
        "server.cjs": THREADS,
        "render.cjs": renderText("kept.push(1); if (kept.length > 20) process.exit();"),
      };
      await assert.rejects(look(setting, parts, { worker: "1" }), {
        code: "exited",
        message: /^worker thread 1 \(render\.cjs\) ended after (?:24|48) requests, and the program went on without it$/,
      });
    }));
});
