import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { CaptureError } from "@leakdiff/capture";
import type { FindOptions } from "#capture/program/find-options.js";
import { findTarget } from "#capture/program/find-target.js";
import { notReady } from "#capture/program/not-ready.js";
import { ProgramOutput } from "#capture/program/program-output.js";
import { type Announcement, type Program, startProgram } from "#capture/program/start-program.js";
import { inSetting, NODE, type Setting } from "../../support/capture-programs.js";

const { signal } = new AbortController();
const OPTIONS: FindOptions = { url: undefined, path: "/page", readyText: undefined, timeout: 0, signal };

/** What is said of a program of this text that printed "up", and of which no more is waited for. */
async function ofRunning({ folder, write }: Setting, text: string, options: Partial<FindOptions> = {}) {
  const program = await startProgram([NODE, write("program.cjs", text)], { log: join(folder, "program.log") });
  try {
    const isUp = new Promise<void>((resolve) => program.output.watch((line) => line === "up" && resolve()));
    await Promise.race([isUp, program.ended.then(() => assert.fail(program.output.lastLines.join("\n")))]);
    // It is asked once all the same.
    const error = await findTarget(program, { ...OPTIONS, ...options }).catch((problem: unknown) => problem);
    assert.ok(error instanceof CaptureError, String(error));
    assert.equal(error.code, "not-ready", error.message);
    assert.deepEqual(error.output, ["up"]);
    return error.message;
  } finally {
    await program.stop();
  }
}

suite("a program that is not ready", { concurrency: 2 }, () => {
  const IDLE = "console.log('up'); setInterval(() => {}, 1000);";
  const ELSEWHERE = new URL("http://127.0.0.1:9/");

  test("and listens nowhere", () =>
    inSetting(async (setting) => {
      assert.equal(
        await ofRunning(setting, IDLE),
        "the program did not listen on any port within 0 s; if it does, give the whole address with --url, " +
          'and if it never will, say with --ready what it prints, or "" for nothing',
      );
    }));

  test("and does not say so", () =>
    inSetting(async (setting) => {
      const message = await ofRunning(setting, IDLE, { readyText: "listening" });
      assert.equal(message, 'the program did not print "listening" within 0 s');
    }));

  test("and listens elsewhere", () =>
    inSetting(async (setting) => {
      const server = `require("node:http").createServer().listen(0, "127.0.0.1", () => console.log("up"));`;
      const message = await ofRunning(setting, server, { url: ELSEWHERE });
      assert.match(message, /^nothing answered at http:\/\/127\.0\.0\.1:9 within 0 s; it listens on port \d+$/);
    }));

  const skip = process.platform === "win32";
  test("and listens on a socket without a port", { skip }, () =>
    inSetting(async (setting) => {
      const socket = join(setting.folder, "socket");
      const server = `
        require("node:fs").rmSync(${JSON.stringify(socket)}, { force: true });
        require("node:http").createServer().listen(${JSON.stringify(socket)}, () => console.log("up"));`;
      assert.equal(
        await ofRunning(setting, server),
        `the program listens on the socket ${socket}, and on no port that could be asked; have it listen on a port, ` +
          "or put load on it with --exec and say with --ready what it prints",
      );
      assert.equal(
        await ofRunning(setting, server, { url: ELSEWHERE }),
        `nothing answered at http://127.0.0.1:9 within 0 s; it listens on the socket ${socket}`,
      );
    }),
  );

  /** Of a program whose processes have ended, as pids of that size are none. */
  const ofEnded = (folder: string, files: readonly string[], options: Partial<FindOptions> = {}) => {
    const announcements = files.map((file, i): Announcement => ({
      pid: 2 ** 22 + 1 + i,
      parent: 1,
      url: "",
      words: [file],
      isClusterWorker: false,
    }));
    const output = new ProgramOutput(join(folder, "program.log"));
    const program = { output, announcements: () => announcements } as unknown as Program;
    const { code, message } = notReady([], { ...OPTIONS, ...options, timeout: 5000 }, false, program);
    return output.end().then(() => [code, message]);
  };

  test("and starts a script that ends each time", () =>
    inSetting(async ({ folder }) => {
      const files = ["/app/build.js", ...Array.from({ length: 7 }, () => "/app/server.js")];
      const again = "server.js was started over and over, and ended 7 times";
      assert.deepEqual(await ofEnded(folder, files), [
        "not-ready",
        `the program did not listen on any port within 5 s; ${again}`,
      ]);
      assert.deepEqual(await ofEnded(folder, files, { readyText: "up" }), [
        "not-ready",
        `the program did not print "up" within 5 s; ${again}`,
      ]);
      assert.deepEqual(await ofEnded(folder, files, { url: new URL("http://127.0.0.1:9/") }), [
        "not-ready",
        `nothing answered at http://127.0.0.1:9 within 5 s; ${again}`,
      ]);
    }));

  test("and had build steps", () =>
    inSetting(async ({ folder }) => {
      const [code, message] = await ofEnded(folder, ["/app/build.js", "/app/copy.js", "/app/build.js"]);
      assert.equal(code, "no-inspector");
      assert.match(message!, /^no Node process with an inspector was started within 5 s/);
    }));
});
