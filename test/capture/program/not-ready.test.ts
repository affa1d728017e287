import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { CaptureError } from "@leakdiff/capture";
import { type FindOptions, findTarget } from "#capture/program/find-target.js";
import { notReady } from "#capture/program/not-ready.js";
import { ProgramOutput } from "#capture/program/program-output.js";
import { type Announcement, type Program, startProgram } from "#capture/program/start-program.js";
import { inSetting, NODE } from "../../support/capture-programs.js";

const { signal } = new AbortController();
const OPTIONS: FindOptions = { url: undefined, path: "/page", readyText: undefined, timeout: 0, signal };

suite("a program that is not ready", () => {
  for (const [url, message] of [
    [
      undefined,
      /^the program listens on the socket (\S+), and on no port that could be asked; have it listen on a port, or put/,
    ],
    ["http://127.0.0.1:9/", /^nothing answered at http:\/\/127\.0\.0\.1:9 within 0 s; it listens on the socket (\S+)$/],
  ] as const) {
    const skip = process.platform === "win32";
    test(`and listens on a socket without a port, with ${url ?? "a path"}`, { skip }, () =>
      inSetting(async ({ folder, write }) => {
        const socket = join(folder, "socket");
        const server = `require("node:http").createServer().listen(${JSON.stringify(socket)}, () => console.log("up"));`;
        const program = await startProgram([NODE, write("server.cjs", server)], { log: join(folder, "program.log") });
        try {
          await new Promise<void>((resolve) => program.output.watch((line) => line === "up" && resolve()));
          // It is asked once at least.
          const search = findTarget(program, { ...OPTIONS, url: url && new URL(url) });
          const error = await search.catch((problem: unknown) => problem);
          assert.ok(error instanceof CaptureError);
          assert.equal(error.code, "not-ready");
          assert.equal(message.exec(error.message)?.[1], socket, error.message);
        } finally {
          await program.stop();
        }
      }),
    );
  }

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
