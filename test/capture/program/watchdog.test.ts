import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite, test } from "node:test";
import { isAlive } from "#capture/program/process-group.js";
import { inSetting, NODE, serverText } from "../../support/capture-programs.js";

/** What takes seconds if it is to be asked first. */
const PATIENCE = 20_000;

// One server, and what it started in a group of its own.
const PROGRAM = `
  const child = require("node:child_process").spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
  console.log("pids", process.pid, child.pid);
  ${serverText({ "/": "" })}`;

suite("captureSnapshots in a process that goes without a word", { skip: process.platform === "win32" }, () => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    test(`of ${signal}, leaves no process of the program and no folder of ours`, () =>
      inSetting(async ({ write, out, folder }) => {
        const command = JSON.stringify([NODE, write("server.cjs", PROGRAM)]);
        const host = write(
          "host.mjs",
          `import { captureSnapshots } from ${JSON.stringify(import.meta.resolve("@leakdiff/capture"))};
           const load = { urls: ["/"], requests: 5, rate: 5 };
           const onEvent = ({ kind }) => kind === "cycle" && console.log("at work");
           await captureSnapshots({ command: ${command}, load, warmup: 100, out: ${JSON.stringify(out)}, onEvent });`,
        );
        const { NODE_OPTIONS: _, ...env } = process.env;
        const child = spawn(process.execPath, [host], { env: { ...env, TMPDIR: folder } });
        await new Promise((resolve) => child.stdout.once("data", resolve));
        child.kill(signal);
        await new Promise((resolve) => child.once("close", resolve));

        const log = readFileSync(join(out, "program.log"), "utf8");
        const pids = /^pids (\d+) (\d+)$/m.exec(log)!.slice(1).map(Number);
        // Nobody else can find the one that left its group.
        const ours = process.platform === "linux" ? pids : pids.slice(0, 1);
        const rest = () => [
          ...ours.filter(isAlive),
          ...readdirSync(folder).filter((name) => name.startsWith("leakdiff-")),
        ];
        for (const end = performance.now() + PATIENCE; rest().length > 0 && performance.now() < end;) await sleep(50);
        for (const pid of pids.filter((each) => !ours.includes(each))) process.kill(pid);
        assert.deepEqual(rest(), []);
        assert.ok(existsSync(out));
      }));
  }
});
