import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { suite, test } from "node:test";
import { CaptureError, type CaptureErrorCode } from "@leakdiff/capture";
import { findLeaks } from "@leakdiff/core";
import { assertGone, inSetting, NODE, serverText } from "../support/capture-programs.js";

const HEALTHY = serverText({ "/": "" });

async function failure(run: Promise<unknown>, code: CaptureErrorCode): Promise<CaptureError> {
  const error = await run.then(
    () => assert.fail("it did not fail"),
    (problem: unknown) => problem,
  );
  assert.ok(error instanceof CaptureError, String(error));
  assert.equal(error.code, code, error.message);
  return error;
}

suite("captureSnapshots says what went wrong", { concurrency: 3 }, () => {
  test("when there is no such program", () =>
    inSetting(async ({ capture, out }) => {
      const error = await failure(capture({ command: ["no-such-program"] }), "cannot-start");
      assert.equal(error.message, "there is no program no-such-program");
      assert.equal(
        (await failure(capture({ command: ["server.cjs"] }), "cannot-start")).message,
        "there is no program server.cjs; put node in front to run a script: node server.cjs",
      );
      assert.ok(!existsSync(out), "a folder is left");
    }));

  test("when the program exits before it listens, with what it printed last", () =>
    inSetting(async ({ write, capture }) => {
      const program = write(
        "program.cjs",
        "console.log('hello'); console.error('no database\\x1b[2J'); process.exit(3);",
      );
      const error = await failure(capture({ command: [NODE, program] }), "exited");
      assert.equal(error.message, "the program exited with code 3 before it could take any load");
      assert.deepEqual(error.output.toSorted(), ["hello", "no database\u001b[2J"]);
    }));

  test("when the program only starts another, which is ended with it", { skip: process.platform !== "linux" }, () =>
    inSetting(async ({ write, capture }) => {
      const server = write("server.cjs", HEALTHY);
      const daemon = `require("node:child_process")
        .spawn(process.execPath, [${JSON.stringify(server)}], { detached: true, stdio: "ignore" }).unref();`;
      const error = await failure(capture({ command: [NODE, write("daemon.cjs", daemon)] }), "exited");
      const [, pid] = /could take any load, and left process (\d+) behind in the background; run that/.exec(
        error.message,
      )!;
      assertGone(Number(pid));
    }),
  );

  test("when the program throws", () =>
    inSetting(async ({ write, capture }) => {
      const program = write(
        "program.cjs",
        `${serverText({ "/": "setImmediate(() => { throw new Error('out of paper'); });" })}`,
      );
      const error = await failure(capture({ command: [NODE, program], cycles: 5 }), "exited");
      assert.match(error.message, /^the program exited with code 1/);
      assert.ok(error.output.includes("Error: out of paper"), error.output.join("\n"));
    }));

  test("when the program comes to its end", () =>
    inSetting(async ({ write, capture }) => {
      const program = write(
        "program.cjs",
        serverText({ "/": "server.close(); setTimeout(() => server.closeAllConnections());" }),
      );
      const error = await failure(
        capture({ command: [NODE, program], load: { urls: ["/"], requests: 1 }, cycles: 5 }),
        "exited",
      );
      assert.match(error.message, /^the program exited with code 0/);
    }));

  test("when the port is taken", () =>
    inSetting(async ({ write, capture }) => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const { port } = other.address() as AddressInfo;
      try {
        const error = await failure(
          capture({
            command: [NODE, write("server.cjs", HEALTHY)],
            load: { urls: [`http://127.0.0.1:${port}/`] },
          }),
          "port-in-use",
        );
        assert.match(error.message, new RegExp(`^something else listens on port ${port} already`));
      } finally {
        other.close();
      }
    }));

  test("when it listens on several ports, and a path alone does not say on which", () =>
    inSetting(async ({ write, capture }) => {
      const server = `${HEALTHY} setTimeout(() => http.createServer().listen(0), 50);`;
      const error = await failure(capture({ command: [NODE, write("server.cjs", server)] }), "bad-option");
      assert.match(
        error.message,
        /^the program listens on ports \d+ and \d+, so it is not clear where \/ is; give the whole address$/,
      );
    }));

  test("when it is no Node program", () =>
    inSetting(async ({ capture }) => {
      const command = process.platform === "win32" ? ["ping", "-n", "60", "127.0.0.1"] : ["sleep", "60"];
      const error = await failure(capture({ command, readyTimeout: 500 }), "no-inspector");
      assert.match(error.message, /no Node process with an inspector was started within 0\.5 s/);
    }));

  test("when it answers 500", () =>
    inSetting(async ({ write, capture }) => {
      const server = serverText({ "/": "console.error('no such table'); response.statusCode = 500;" });
      const error = await failure(capture({ command: [NODE, write("server.cjs", server)] }), "load-failed");
      assert.match(error.message, /^http:\/\/127\.0\.0\.1:\d+\/ answers 500$/);
      assert.equal(error.output.at(-1), "no such table");
    }));

  test("when the load command fails", () =>
    inSetting(async ({ write, capture }) => {
      const error = await failure(
        capture({
          command: [NODE, write("server.cjs", HEALTHY)],
          load: { command: "echo too steep >&2; exit 4" },
        }),
        "load-failed",
      );
      assert.equal(error.message, "the load `echo too steep >&2; exit 4` failed with exit code 4");
      assert.deepEqual([error.output, error.printedBy], [["too steep"], "load"]);
    }));

  for (const [name, text, message] of [
    ["none.mjs", undefined, /^the scenario \S+none\.mjs is not there; check the name$/],
    ["wrong.mjs", "throw new Error('no map');", /wrong\.mjs cannot be loaded: no map$/],
    ["empty.cjs", "exports.other = () => {};", /empty\.cjs exports no function: export default/],
    ["notes.txt", "go there", /notes\.txt is no module; its name should end in \.mjs/],
  ] as const) {
    test(`when the scenario is no good (${name}), before the program is started`, () =>
      inSetting(async ({ write, capture, events, folder }) => {
        const scenario = text === undefined ? join(folder, name) : write(name, text);
        const error = await failure(capture({ command: ["no-such-program"], load: { scenario } }), "load-failed");
        assert.match(error.message, message);
        assert.deepEqual(events, []);
      }));
  }

  test("when options make no sense", () =>
    inSetting(async ({ capture, write }) => {
      const command = [NODE, write("server.cjs", HEALTHY)];
      await failure(capture({ command: [] }), "bad-option");
      await failure(capture({ command, snapshots: 1 }), "bad-option");
      await failure(capture({ command, load: { urls: ["page"] } }), "bad-option");
      const short = await failure(capture({ command, load: { urls: ["localhost:80/a"] } }), "bad-option");
      assert.equal(short.message, "localhost:80/a is no address; it needs a scheme, as in http://localhost:80/a");
      // Below an origin these are addresses of another host.
      await failure(capture({ command, load: { urls: ["//host/a"] } }), "bad-option");
      await failure(capture({ command, load: { urls: ["/\\host/a"] } }), "bad-option");
      const path = await failure(capture({ command, load: { command: "true" }, url: "/a" }), "bad-option");
      assert.match(path.message, /^\/a does not tell where the program listens; give the whole address/);
      await failure(capture({ command, load: { command: "true" }, url: "a" }), "bad-option");
      await failure(capture({ command, load: { urls: ["/"], method: "P T" } }), "bad-option");
      await failure(capture({ command, load: { urls: ["/"], headers: { a: "b\nc: d" } } }), "bad-option");
      await failure(capture({ command, load: { urls: ["http://127.0.0.1:1/", "http://127.0.0.1:2/"] } }), "bad-option");
    }));
});

suite("captureSnapshots of a program that runs out of memory", { concurrency: 2 }, () => {
  // 200 kB a request, in arrays of numbers: quick to collect, and small in a snapshot.
  const hungry = serverText({ "/": "kept.push(new Array(25_000).fill(0.5));" }, "const kept = [];");

  test("says so, and keeps what was measured", () =>
    inSetting(async ({ write, capture }) => {
      const command = [NODE, "--max-old-space-size=30", write("server.cjs", hungry)];
      const error = await failure(
        capture({ command, load: { urls: ["/"], requests: 20, connections: 1 }, warmup: 50 }),
        "out-of-memory",
      );
      assert.match(error.message, /^the program ran out of heap memory and died after \d+ requests$/);
      assert.match(error.output.at(-1)!, /^FATAL ERROR: .*heap out of memory/);
      assert.ok(error.capture!.samples.length > 2);
      assert.ok(error.capture!.samples.at(-1)!.heapUsed > error.capture!.samples[0]!.heapUsed + 4e6);
    }));

  // A worker thread of it dies so at the first request.
  const outlives = serverText(
    {
      "/": `requests++;
            if (requests === 1) {
              new Worker("const kept = []; for (;;) kept.push(new Array(25_000).fill(0.5));", {
                eval: true,
                resourceLimits: { maxOldGenerationSizeMb: 8 },
              }).once("error", console.error);
            }`,
    },
    'const { Worker } = require("node:worker_threads"); let requests = 0; ',
  );

  for (const [how, code, message] of [
    ["later fails otherwise", "requests === 60 && process.exit(3);", /^the program exited with code 3 after \d+ req/],
    ["comes to its end", "requests === 60 && process.exit();", /^the program exited with code 0 after \d+ requests$/],
  ] as const) {
    test(`does not say so of one that outlives a worker thread, and ${how}`, () =>
      inSetting(async ({ write, capture }) => {
        const command = [NODE, write("server.cjs", outlives.replace("requests++;", `requests++; ${code}`))];
        const load = { urls: ["/"], requests: 20, rate: 20, connections: 1 };
        const error = await failure(capture({ command, load, warmup: 50 }), "exited");
        assert.match(error.message, message);
        assert.ok(error.output.some((line) => line.includes("ERR_WORKER_OUT_OF_MEMORY")));
      }));
  }

  test("runs it again with less load, so that all snapshots are of before", () =>
    inSetting(async ({ write, capture, events }) => {
      const { files, ended, notes } = await capture({
        command: [NODE, "--max-old-space-size=30", write("server.cjs", hungry)],
        load: { urls: ["/"], requests: 20, connections: 1 },
        warmup: 50,
        restart: true,
      });
      assert.deepEqual([files.length, ended], [2, "complete"]);
      assert.match(
        notes[0]!,
        /^the program ran out of heap memory and died after \d+ requests, so it was started again/,
      );
      assert.equal(events.filter(({ kind }) => kind === "restart").length, 1);
    }));

  // The collections of V8's own snapshot free nothing; now and then it would end the program for that.
  const SNAPSHOT_OPTIONS = ["--max-old-space-size=40", "--no-detect-ineffective-gcs-near-heap-limit"];

  test("names the snapshot that V8 wrote of a heap that was nearly full, and then was not any more", () =>
    inSetting(async ({ folder, write, capture, out, files }) => {
      const greedy = serverText(
        {
          "/": `while (!written()) kept.push(new Array(25_000).fill(0.5));
                kept.length = 0;`,
        },
        `const kept = [];
         const written = () =>
           require("node:fs").readdirSync(${JSON.stringify(out)}).some((name) => /\\.heapsnapshot$/.test(name));`,
      );
      const {
        ended,
        files: compared,
        notes,
      } = await capture({
        command: [NODE, ...SNAPSHOT_OPTIONS, write("server.cjs", greedy)],
        load: { urls: ["/"], requests: 1 },
        cycles: 1,
        nearHeapLimit: true,
        // V8 writes where the program is, which may be elsewhere.
        out: relative(process.cwd(), out),
        cwd: folder,
      });
      assert.deepEqual([ended, compared.length], ["complete", 2]);
      const file = join(relative(process.cwd(), out), "near-heap-limit.heapsnapshot");
      assert.deepEqual(notes, [
        `the heap was nearly full at one time: what V8 wrote then is ${file}, and is not compared`,
      ]);
      assert.deepEqual(files(), ["a.heapsnapshot", "b.heapsnapshot", "near-heap-limit.heapsnapshot", "program.log"]);
    }));

  for (const [when, program, ended, reason] of [
    [
      "was full before a snapshot",
      "fill(1); kept.length = 0; if (files() === 2) process.abort();",
      "exited",
      /requests?$/,
    ],
    [
      "is nearly full",
      "if (files() === 1) { fill(2); process.abort(); }",
      "out-of-memory",
      /requests?, with its heap nearly full$/,
    ],
  ] as const) {
    test(`takes a crash for one of a full heap, and what V8 wrote for the last snapshot, only where the heap ${when}`, () =>
      inSetting(async ({ write, capture, out, files }) => {
        const server = serverText(
          { "/": program },
          `const kept = [];
           const files = () =>
             require("node:fs").readdirSync(${JSON.stringify(out)}).filter((name) => /\\.heapsnapshot$/.test(name)).length;
           const fill = (most) => { while (files() < most) kept.push(new Array(25_000).fill(0.5)); };`,
        );
        const command = [NODE, ...SNAPSHOT_OPTIONS, write("server.cjs", server)];
        const load = { urls: ["/"], requests: 1, connections: 1 };
        const run = capture({ command, load, warmup: 1, nearHeapLimit: true });
        const found = ended === "exited" ? (await failure(run, ended)).capture! : await run;
        assert.match(found.reason ?? "", /^the program was ended by SIGABRT after \d+ /);
        assert.match(found.reason!, reason);
        const names = ended === "exited" ? ["a"] : ["a", "near-heap-limit"];
        assert.deepEqual(
          found.files,
          names.map((name) => join(out, `${name}.heapsnapshot`)),
        );
        assert.ok(files().includes("near-heap-limit.heapsnapshot"));
      }));
  }

  test("compares the snapshot that V8 wrote on the way down with those before", () =>
    inSetting(async ({ write, capture, out }) => {
      const { ended, files, loads } = await capture({
        command: [NODE, ...SNAPSHOT_OPTIONS, write("server.cjs", hungry)],
        load: { urls: ["/"], requests: 20, connections: 1 },
        warmup: 1,
        cycles: 100,
        nearHeapLimit: true,
      });
      assert.deepEqual(
        [ended, files],
        ["out-of-memory", ["a", "near-heap-limit"].map((name) => join(out, `${name}.heapsnapshot`))],
      );
      assert.deepEqual(loads, [], "nobody knows how many requests lay before V8 wrote");
      const [suspect] = (await findLeaks(files)).suspects;
      assert.match(suspect!.title, /^Array `kept`/);
    }));
});
