import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { FindOptions } from "#capture/program/find-options.js";
import { findTarget } from "#capture/program/find-target.js";
import { startProgram } from "#capture/program/start-program.js";
import { assertGone, freePort, inSetting, NODE, type Setting, serverText } from "../../support/capture-programs.js";

const SERVER = serverText({ "/": "" });
const NOT_LISTED = `${SERVER} server.unref(); setInterval(() => {}, 1000);`;
const CLUSTER = `
  const cluster = require("node:cluster");
  if (cluster.isPrimary) for (let i = 0; i < 2; i++) cluster.fork();
  else { ${SERVER} }`;
/** Where only Linux tells which process has a port. */
const LINUX = { skip: process.platform !== "linux" };

/** A program of this text: its first process, what is looked at, where, and how many others do the same. */
async function find({ folder, write }: Setting, text: string, options: Partial<FindOptions> = {}) {
  const command = [NODE, write("program.cjs", text)];
  const program = await startProgram(command, { log: join(folder, "program.log"), cwd: folder });
  const life = new AbortController();
  try {
    const target = await findTarget(program, {
      url: undefined,
      path: undefined,
      readyText: undefined,
      timeout: 20_000,
      signal: life.signal,
      ...options,
    });
    await target.heap.session.close();
    const { origin, ports, heap } = target;
    return { first: program.pid, pid: heap.facts.pid, origin, ports, notes: heap.notes };
  } finally {
    await program.stop();
    assertGone(program.pid);
  }
}

suite("findTarget", { concurrency: 3 }, () => {
  test("takes a server that Node does not list as one, whatever else it has started", LINUX, () =>
    inSetting(async (setting) => {
      const child = setting.write("child.cjs", "process.on('message', () => {});");
      const fork = `require("node:child_process").fork(${JSON.stringify(child)});`;
      const { first, pid, ports } = await find(setting, `${NOT_LISTED}${fork}`);
      assert.equal(pid, first);
      assert.equal(ports.length, 1);
    }),
  );

  for (const [how, urlOf] of [
    ["a path", () => undefined],
    ["a whole address", (port: number) => new URL(`http://127.0.0.1:${port}/`)],
  ] as const) {
    test(`takes a worker of a cluster of which there is ${how}, and says that it is one of several`, LINUX, () =>
      inSetting(async (setting) => {
        const port = await freePort();
        const text = CLUSTER.replace("process.env.PORT ?? 0", String(port));
        const { first, pid, origin, notes } = await find(setting, text, { url: urlOf(port) });
        assert.notEqual(pid, first);
        assert.equal(origin, `http://127.0.0.1:${port}`);
        assert.match(notes[0]!, /^2 processes share the work; these are snapshots of one of them, process \d+,/);
      }),
    );
  }

  test("says nothing of sharing where two processes have a port each", () =>
    inSetting(async (setting) => {
      const other = setting.write("other.cjs", `${SERVER} server.on("listening", () => process.send("listens"));`);
      const text = `require("node:child_process").fork(${JSON.stringify(other)}).on("message", () => { ${SERVER} });`;
      const { ports, notes } = await find(setting, text);
      assert.deepEqual([ports.length, notes], [1, []]);
    }));

  for (const [which, text] of [
    ["lists", SERVER],
    ["does not list", NOT_LISTED],
  ] as const) {
    test(`waits for the port of a server that Node ${which}, which is opened after the text was printed`, LINUX, () =>
      inSetting(async (setting) => {
        const late = `console.log("ready"); setTimeout(() => { ${text} }, 3000);`;
        const { origin } = await find(setting, late, { readyText: "ready", path: "/" });
        assert.match(origin!, /^http:\/\/127\.0\.0\.1:\d+$/);
      }),
    );
  }

  test("says that there is no port, where one is needed", () =>
    inSetting(async (setting) => {
      const text = "console.log('ready'); setInterval(() => {}, 1000);";
      await assert.rejects(find(setting, text, { readyText: "ready", path: "/page", timeout: 8000 }), {
        code: "not-ready",
        message:
          "the program did not listen on any port within 8 s, so it is not clear where /page is; " +
          "if it does listen, give the whole address",
      });
    }));

  test("takes what a wrapper wraps, where nobody listens", () =>
    inSetting(async (setting) => {
      const worker = setting.write("worker.cjs", "setInterval(() => {}, 1000);");
      const text = `setTimeout(() => require("node:child_process").fork(${JSON.stringify(worker)}), 300);`;
      const { first, pid, origin, ports } = await find(setting, text, { readyText: "" });
      assert.notEqual(pid, first);
      assert.deepEqual([origin, ports], [undefined, []]);
    }));
});
