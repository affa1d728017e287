import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { CaptureEvent } from "@leakdiff/capture";
import { isAlive } from "#capture/program/process-group.js";
import { assertGone, assertRefused, inSetting, NODE, serverText } from "../support/capture-programs.js";

const LEAK = serverText({ "/": "kept.push({ number: kept.length });" }, "const kept = [];");

const STAGES: readonly [string, (event: CaptureEvent) => boolean][] = [
  ["when the program is started", ({ kind }) => kind === "started"],
  ["when it is ready", ({ kind }) => kind === "ready"],
  ["when load begins", ({ kind }) => kind === "cycle"],
  ["when memory is measured", (event) => event.kind === "sample" && event.sample.cycle === 1],
  ["in the middle of the first snapshot", (event) => event.kind === "snapshot" && event.bytes > 1e6],
  [
    "in the middle of the second snapshot",
    (event) => event.kind === "snapshot" && event.number === 2 && event.bytes > 1e6,
  ],
];

suite("captureSnapshots, interrupted", { concurrency: 3 }, () => {
  for (const [when, isThen] of STAGES) {
    test(`${when}, leaves nothing behind but whole files`, () =>
      inSetting(async ({ write, capture, files }) => {
        const stop = new AbortController();
        const reason = new Error("enough");
        const run = capture({
          command: [NODE, write("server.cjs", LEAK)],
          signal: stop.signal,
          warmup: 1,
          cycles: 1,
          onEvent: (event) => {
            if (isThen(event)) stop.abort(reason);
          },
        });
        await assert.rejects(run, (error) => error === reason);
        assert.ok(!files().includes("b.heapsnapshot"));
      }));
  }

  test("after the second snapshot, returns the two", () =>
    inSetting(async ({ write, capture }) => {
      const stop = new AbortController();
      const { ended, files, loads, reason } = await capture({
        command: [NODE, write("server.cjs", LEAK)],
        signal: stop.signal,
        snapshots: 3,
        warmup: 0,
        cycles: 1,
        onEvent: (event) => {
          if (event.kind === "snapshot" && event.number === 3) stop.abort();
        },
      });
      assert.deepEqual([ended, reason, loads], ["interrupted", "it was interrupted", [5]]);
      assert.deepEqual(
        files.map((file) => basename(file)),
        ["a.heapsnapshot", "b.heapsnapshot"],
      );
    }));

  test("by the end of the program in the middle of a snapshot, leaves only what is whole", () =>
    inSetting(async ({ write, capture, files, events, out }) => {
      let killed = false;
      const run = capture({
        command: [NODE, write("server.cjs", LEAK)],
        warmup: 0,
        onEvent: (event) => {
          const ready = events.find(({ kind }) => kind === "ready") as { pid: number } | undefined;
          if (event.kind !== "snapshot" || event.bytes < 1e6 || killed) return;
          killed = process.kill(ready!.pid, "SIGKILL");
        },
      });
      await assert.rejects(run, { code: "exited", message: /^the program was killed \(SIGKILL\)/ });
      // What it had sent before it was killed may have been all of it.
      for (const file of files().filter((name) => name !== "program.log"))
        JSON.parse(readFileSync(join(out, file), "utf8"));
    }));

  test("ends a program that does not want to end, and what it started", () =>
    inSetting(async ({ write, capture, out }) => {
      const stubborn = `process.on("SIGTERM", () => {}); process.on("SIGINT", () => {});
        const child = require("node:child_process").spawn("sleep", ["1000"]); console.log("child", child.pid); ${LEAK}`;
      const stop = new AbortController();
      const run = capture({
        command: [NODE, write("server.cjs", stubborn)],
        signal: stop.signal,
        onEvent: ({ kind }) => {
          if (kind === "sample") stop.abort();
        },
      });
      await assert.rejects(run, { name: "AbortError" });
      const [, pid] = /^child (\d+)$/m.exec(readFileSync(join(out, "program.log"), "utf8"))!;
      assertGone(Number(pid));
    }));
});

suite("leakdiff run, asked to end", { skip: process.platform === "win32" }, () => {
  const bin = fileURLToPath(new URL("../../../packages/cli/bin/leakdiff.js", import.meta.url));

  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)
    test(`once (${signal}), ends the program and exits with ${exitCode}`, () =>
      inSetting(async ({ write, out }) => {
        const words = ["run", "--url", "/", "--out", out, "--", NODE, write("server.cjs", LEAK)];
        const { NODE_OPTIONS: _, ...env } = process.env;
        const child = spawn(process.execPath, [bin, ...words], { env });
        let output = "";
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          output += text;
          if (/before any load/.test(text)) child.kill(signal);
        });
        const code = await new Promise((resolve) => child.on("close", resolve));
        assert.equal(code, exitCode, output);
        assert.match(output, /leakdiff: interrupted\n$/);
        const [, port, pid] = /ready at http:\/\/127\.0\.0\.1:(\d+): pid (\d+)/.exec(output)!;
        assertGone(Number(pid));
        await assertRefused(Number(port));
      }));

  const BLOCKS = `process.on("SIGTERM", () => {}); console.log("blocked", process.pid); for (;;);`;
  for (const [when, text] of [
    ["before it listens", BLOCKS],
    ["at a request", serverText({ "/": BLOCKS })],
  ] as const) {
    test(`once, ends a program that is in an endless loop ${when}`, () =>
      inSetting(async ({ write, out }) => {
        const words = ["run", "--url", "/", "--out", out, "--", NODE, write("server.cjs", text)];
        const { NODE_OPTIONS: _, ...env } = process.env;
        const child = spawn(process.execPath, [bin, ...words], { env });
        let output = "";
        child.stderr.setEncoding("utf8").on("data", (more: string) => (output += more));
        const closed = new Promise((resolve) => child.on("close", resolve));
        const log = join(out, "program.log");
        const said = () => (existsSync(log) ? /^blocked (\d+)$/m.exec(readFileSync(log, "utf8")) : null);
        while (said() === null && child.exitCode === null) await sleep(20);
        child.kill("SIGINT");
        assert.equal(await closed, 130, output);
        assert.match(output, /leakdiff: interrupted\n$/);
        assertGone(Number(said()![1]));
      }));
  }

  test("twice, ends everything at once", () =>
    inSetting(async ({ write, out }) => {
      const stubborn = `process.on("SIGTERM", () => console.log("no"));${LEAK}`;
      const words = ["run", "--url", "/", "--out", out, "--", NODE, write("server.cjs", stubborn)];
      const { NODE_OPTIONS: _, ...env } = process.env;
      const child = spawn(process.execPath, [bin, ...words], { env });
      let output = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (!/before any load/.test(text)) return;
        child.kill("SIGINT");
        setTimeout(() => child.kill("SIGINT"), 200);
      });
      const code = await new Promise((resolve) => child.on("close", resolve));
      assert.equal(code, 130, output);
      const [, port, pid] = /ready at http:\/\/127\.0\.0\.1:(\d+): pid (\d+)/.exec(output)!;
      // Nobody waited for it: it may need a moment to be gone.
      for (let tries = 0; tries < 500 && isAlive(Number(pid)); tries++) await sleep(10);
      assertGone(Number(pid));
      await assertRefused(Number(port));
    }));
});
