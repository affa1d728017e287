import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { attach, type AttachOptions, type Capture } from "@leakdiff/capture";
import { findLeaks } from "@leakdiff/core";
import { isAlive } from "#capture/program/process-group.js";
import { portsOf } from "#capture/program/ports.js";
import { inSetting, inspectorUrl, NODE, type Setting } from "../support/capture-programs.js";

/** Keeps what it is told to, a number of entries a line. */
const KEEPER = `
  const kept = [];
  process.stdin.setEncoding("utf8").on("data", (text) => {
    for (const line of text.trim().split("\\n"))
      for (let i = 0; i < Number(line); i++) kept.push({ numbers: new Array(300).fill(kept.length) });
    console.log("done");
  });
  console.log("ready");
`;

interface Keeper {
  readonly child: ChildProcess;
  keep(entries: number): Promise<void>;
}

/** The inspector is to open on a port that nobody else has: two tests may run at once. */
async function withKeeper(
  { write }: Setting,
  words: readonly string[],
  use: (keeper: Keeper) => Promise<void>,
): Promise<void> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(NODE, [...words, write("keeper.cjs", KEEPER)], { env });
  child.stderr.resume();
  const ended = once(child, "exit");
  try {
    await once(child.stdout, "data");
    await use({
      child,
      async keep(entries) {
        child.stdin.write(`${entries}\n`);
        await once(child.stdout, "data");
      },
    });
    assert.equal(child.exitCode, null, "the process is alive as before");
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

const take = (
  { out, events }: Setting,
  options: Pick<AttachOptions, "target" | "next"> & Partial<AttachOptions>,
): Promise<Capture> =>
  attach({ out, newFolder: true, snapshots: 2, ...options, onEvent: (event) => events.push(event) });

suite("attach", { concurrency: 2 }, () => {
  test(
    "takes snapshots of a Node process by its pid, and leaves it as it was",
    { skip: process.platform !== "linux" },
    () =>
      inSetting(async (setting) => {
        await withKeeper(setting, ["--inspect-port=0"], async ({ child, keep }) => {
          const { files, samples, marks, ended, loads, notes } = await take(setting, {
            target: child.pid!,
            next: () => keep(7),
          });
          assert.deepEqual([ended, loads, marks], ["complete", [], [0, 1]]);
          assert.deepEqual(notes, [], "what is over by the end is told as it happens, and not again");
          const [told] = setting.events.filter(({ kind }) => kind === "note") as { readonly message: string }[];
          assert.match(told!.message, /is told by SIGUSR1 to open its inspector/);
          assert.equal(samples[0]!.process, child.pid);
          const [suspect] = (await findLeaks(files)).suspects;
          assert.match(suspect!.title, /^Array `kept`/);
          assert.deepEqual(suspect!.growth.entryCounts, [0, 7]);
          // It closes its inspector a little after we are gone.
          for (let tries = 0; tries < 3000 && portsOf(child.pid!)!.length > 0; tries++) await sleep(10);
          assert.deepEqual(portsOf(child.pid!), []);
        });
      }),
  );

  for (const [how, busy] of [
    ["", ""],
    [" and has no time", "for (const end = Date.now() + 1000; Date.now() < end;);"],
  ] as const) {
    test(
      `closes the inspector of a process that was told to open it${how}, when it is interrupted`,
      { skip: process.platform !== "linux" },
      () =>
        inSetting(async ({ write, out }) => {
          const text = `process.stdin.on("data", () => { console.log("busy"); ${busy} }); console.log("ready");`;
          const { NODE_OPTIONS: _, ...env } = process.env;
          const child = spawn(NODE, ["--inspect-port=0", write("program.cjs", text)], { env });
          const ended = once(child, "exit");
          try {
            await once(child.stdout, "data");
            child.stdin.write("x");
            await once(child.stdout, "data");
            const opened = inspectorUrl(child);
            const stop = new AbortController();
            const reason = new Error("enough");
            const waiting = attach({
              target: child.pid!,
              out,
              next: 1,
              signal: stop.signal,
              // The signal is sent at once when that is told.
              onEvent: ({ kind }) => kind === "note" && setImmediate(() => stop.abort(reason)),
            });
            await assert.rejects(waiting, (error) => error === reason);
            await opened;
            for (let tries = 0; tries < 3000 && portsOf(child.pid!)!.length > 0; tries++) await sleep(10);
            assert.deepEqual(portsOf(child.pid!), []);
            assert.equal(child.exitCode, null);
          } finally {
            child.kill("SIGKILL");
            await ended;
          }
        }),
    );
  }

  test("takes them of a worker thread; says that one grows, and not the main one", () =>
    inSetting(async (setting) => {
      const parent = setting.write(
        "parent.cjs",
        `const worker = new (require("node:worker_threads").Worker)(require("node:path").join(__dirname, "keeper.cjs"), { stdin: true });
         process.stdin.pipe(worker.stdin);`,
      );
      setting.write("keeper.cjs", KEEPER);
      const { NODE_OPTIONS: _, ...env } = process.env;
      const child = spawn(NODE, ["--inspect=127.0.0.1:0", parent], { env });
      const ended = once(child, "exit");
      try {
        const target = new URL(await inspectorUrl(child)).host;
        await once(child.stdout, "data");
        const next = async () => {
          child.stdin.write("500\n");
          await once(child.stdout, "data");
        };
        const { notes } = await take(setting, { target: target!, next });
        assert.match(
          notes[0]!,
          /^worker thread 1 \(keeper\.cjs\) grew from .*; --worker keeper\.cjs looks at that heap$/,
        );
        const { files } = await take(setting, { target: target!, next, worker: "keeper" });
        const [suspect] = (await findLeaks(files)).suspects;
        assert.match(suspect!.title, /^Array `kept`, module scope of keeper\.cjs/);
        assert.deepEqual(suspect!.growth.entryCounts, [500, 1000]);
        await assert.rejects(take(setting, { target: target!, next, worker: "print" }), { code: "not-found" });
      } finally {
        child.kill("SIGKILL");
        await ended;
      }
    }));

  test("takes them by host and port, and keeps an inspector open that was", () =>
    inSetting(async (setting) => {
      const { NODE_OPTIONS: _, ...env } = process.env;
      const child = spawn(NODE, ["--inspect=127.0.0.1:0", setting.write("idle.cjs", "setInterval(() => {}, 50)")], {
        env,
      });
      const ended = once(child, "exit");
      try {
        const place = new URL(await inspectorUrl(child)).host;
        for (const target of [place, `ws://${place}`]) {
          const { files, samples } = await take(setting, { target, next: 40 });
          assert.deepEqual([files.length, samples.length], [2, 2]);
        }
        const message = new RegExp(
          `^no inspector answers at .*; it may have another .* leakdiff attach ${place} finds`,
        );
        await assert.rejects(take(setting, { target: `ws://${place}/old`, next: 40 }), {
          code: "no-inspector",
          message,
        });
        assert.ok(await fetch(`http://${place}/json/list`));
        const port = Number(place.split(":")[1]);
        if (isAlive(port)) return;
        const meant = `there is no process ${port}, but an inspector on that port: leakdiff attach ${place}`;
        await assert.rejects(take(setting, { target: port, next: 40 }), { code: "not-found", message: meant });
      } finally {
        child.kill("SIGKILL");
        await ended;
      }
    }));

  test("says what became of a process that ends, and of a wait that was interrupted", () =>
    inSetting(async (setting) => {
      const child = spawn(NODE, ["--inspect=127.0.0.1:0", "-e", "setInterval(() => {}, 50)"]);
      const target = await inspectorUrl(child);
      const stop = new AbortController();
      const reason = new Error("enough");
      const waiting = take(setting, {
        target,
        signal: stop.signal,
        next: async (_snapshot, signal) => {
          stop.abort(reason);
          await sleep(60_000, undefined, { signal });
        },
      });
      await assert.rejects(waiting, (error) => error === reason);
      const dying = take(setting, {
        target,
        next: async (_snapshot, signal) => {
          child.kill("SIGKILL");
          await once(signal, "abort");
          signal.throwIfAborted();
        },
      });
      await assert.rejects(dying, { code: "exited", message: "the process ended, or closed its inspector" });
    }));

  test("lets go of a process that answers nothing when it is interrupted, and leaves it as it was", () =>
    inSetting(async (setting) => {
      const blocks = `process.stdin.on("data", () => {
        console.log("blocked");
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`;
      const { NODE_OPTIONS: _, ...env } = process.env;
      const child = spawn(NODE, ["--inspect=127.0.0.1:0", setting.write("blocks.cjs", blocks)], { env });
      const ended = once(child, "exit");
      try {
        const target = await inspectorUrl(child);
        const stop = new AbortController();
        const reason = new Error("enough");
        const waiting = take(setting, {
          target,
          signal: stop.signal,
          next: async () => {
            child.stdin.write("x");
            await once(child.stdout, "data");
            // By then it is waited for.
            setTimeout(() => stop.abort(reason), 500);
          },
        });
        await assert.rejects(waiting, (error) => error === reason);
        assert.deepEqual(setting.files(), ["a.heapsnapshot"]);
        assert.equal(child.exitCode, null);
      } finally {
        child.kill("SIGKILL");
        await ended;
      }
    }));

  test("refuses what is no process to look at", { skip: process.platform !== "linux" }, () =>
    inSetting(async (setting) => {
      const refused = (target: string | number, pattern: RegExp) =>
        assert.rejects(take(setting, { target, next: 1 }), { name: "CaptureError", message: pattern });
      await refused("foo", /^foo is neither a pid, nor host:port/);
      await refused("127.0.0.1:9", /^no inspector answers at 127\.0\.0\.1:9;/);
      await refused(2 ** 22 + 1, /^there is no process 4194305$/);
      await refused(0, /^there is no process 0$/);
      await assert.rejects(take(setting, { target: process.pid, page: "Inbox", next: 1 }), { code: "bad-option" });
      const other = spawn("sleep", ["100"]);
      await once(other, "spawn");
      await refused(other.pid!, /the signal would end it/);
      assert.equal(other.exitCode, null);
      other.kill();
    }),
  );
});
