import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { HeapSession } from "#capture/inspector/heap-session.js";
import { mainHeap } from "#capture/program/choose-heap.js";
import { OtherHeaps } from "#capture/program/other-heaps.js";
import { inSetting, inspectorUrl, NODE } from "../../support/capture-programs.js";

const PARENT = `
  const { Worker } = require("node:worker_threads");
  const run = (text) => new Worker(text, { eval: true });
  run("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)");
  const keeper = run(\`
    const kept = [];
    require("node:worker_threads").parentPort.on("message", () => {
      kept.push(new Array(500_000).fill(kept.length));
      console.log("kept");
    });
    console.log("ready");
  \`);
  process.stdin.on("data", () => keeper.postMessage(""));
`;

test("a worker thread that answers nothing does not keep the others from being measured", () =>
  inSetting(async ({ write }) => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(NODE, ["--inspect=127.0.0.1:0", write("parent.cjs", PARENT)], { env });
    const ended = once(child, "exit");
    const life = new AbortController();
    try {
      const url = await inspectorUrl(child);
      await once(child.stdout, "data");
      const session = await HeapSession.open(url);
      const announcement = { pid: child.pid!, parent: 0, url, words: [], isClusterWorker: false };
      const heap = await mainHeap(session, announcement, []);
      const others = new OtherHeaps(heap, () => [announcement], life.signal, 5000);
      for (let times = 0; times < 3; times++) {
        child.stdin.write("x");
        await once(child.stdout, "data");
        await others.measure();
      }
      assert.equal(others.notes.length, 1, others.notes.join("\n"));
      assert.match(
        others.notes[0]!,
        /^worker thread 2 \(.*\) grew from .* MB meanwhile; --worker .* looks at that heap$/,
      );
      await session.close();
    } finally {
      life.abort();
      child.kill("SIGKILL");
      await ended;
    }
  }));
