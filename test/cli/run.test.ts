import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type Capture, type CaptureOptions, CaptureError, trend } from "@leakdiff/capture";
import type { Capturing } from "#cli/surroundings.js";
import { main } from "#cli/main.js";
import { fakeReport, noLeak } from "../support/fake-report.js";
import { FakeCore, FakeOutput, surroundings } from "../support/fake-surroundings.js";

const ESCAPE = "\u001b";
const RUN = ["run", "--url", "/page", "--out", "heap", "--", "node", "server.js"];

function fakeCapture(more: Partial<Capture> = {}): Capture {
  return {
    files: ["heap/a", "heap/b", "heap/c"],
    loads: [500, 500],
    unit: "request",
    samples: Array.from({ length: 14 }, (_, cycle) => ({
      heapUsed: 5e6 + cycle * 2e6,
      cycle,
      requests: cycle * 100,
      collected: true,
    })),
    marks: [3, 8, 13],
    ended: "complete",
    reason: undefined,
    notes: [],
    log: "heap/program.log",
    ...more,
  };
}

function capturing(answer: (options: CaptureOptions) => Promise<Capture>): Capturing {
  return { trend, captureSnapshots: answer, attach: () => Promise.reject(new Error("not asked for")) };
}

describe("leakdiff run", () => {
  it("says what memory did before any snapshot is read", async () => {
    const told: string[] = [];
    const around = surroundings({
      capture: capturing(async () => fakeCapture()),
      core: new FakeCore({
        findLeaks: async () => {
          told.push(around.stderr.text);
          return fakeReport();
        },
      }),
    });
    await main(RUN, around);
    assert.deepEqual(told, ["mountain: memory grows all the time\n  20.0 kB a request\n"]);
  });

  it("leaves the drawing on a terminal until there is a report, and there for good if the report goes elsewhere", async () => {
    const capture = capturing(async ({ onEvent }) => {
      for (const sample of fakeCapture().samples) onEvent!({ kind: "sample", sample });
      return fakeCapture();
    });
    const wiped = new RegExp(`^(?:\\r${ESCAPE}\\[\\d+A${ESCAPE}\\[J)?$`);
    for (const isTerminal of [true, false]) {
      let atReading = "";
      const core = new FakeCore({
        findLeaks: async () => {
          atReading = around.stderr.text;
          return fakeReport();
        },
      });
      const stderr = new FakeOutput({ columns: 60 });
      const stdout = isTerminal ? new FakeOutput({ columns: 60 }) : new FakeOutput();
      const around = surroundings({ capture, core, stdout, stderr, env: { NO_COLOR: "1" } });
      await main(RUN, around);
      assert.match(atReading, /1,300 requests\nmountain: memory grows all the time\n {2}20\.0 kB a request\n$/);
      const rest = around.stderr.text.slice(atReading.length);
      assert.match(rest, wiped);
      assert.equal(rest !== "", isTerminal);
    }
  });

  it("writes lines, and draws nothing over, on a terminal that knows no commands", async () => {
    const capture = capturing(async ({ onEvent }) => {
      for (const sample of fakeCapture().samples) onEvent!({ kind: "sample", sample });
      return fakeCapture();
    });
    const [stdout, stderr] = [new FakeOutput({ columns: 60 }), new FakeOutput({ columns: 60 })];
    const core = new FakeCore({
      findLeaks: async (_files, { onProgress } = {}) => {
        onProgress!({ file: "heap/a", stage: "read", done: 1, total: 2 });
        return fakeReport();
      },
    });
    await main(RUN, surroundings({ capture, core, stdout, stderr, env: { TERM: "dumb" } }));
    assert.ok(!(stdout.text + stderr.text).includes(ESCAPE), stderr.text);
  });

  it("draws with plain letters where the locale has no others", async () => {
    const drawn = async (env: Readonly<Record<string, string>>): Promise<string> => {
      const around = surroundings({ capture: capturing(async () => fakeCapture()), env });
      await main(RUN, around);
      return around.stdout.text.split("\n\n")[0]!;
    };
    assert.match(await drawn({ LANG: "en_US.UTF-8" }), /┤[^]*█[^]*└─/);
    const plain = await drawn({ LC_ALL: "C" });
    assert.match(plain, /MB \|/);
    assert.doesNotMatch(plain, /[^\p{ASCII}]/u);
  });

  it("passes on what its options say of the report, the heap and memory", async () => {
    let asked: CaptureOptions | undefined;
    const capture = capturing(async (options) => {
      asked = options;
      return fakeCapture();
    });
    const around = surroundings({ capture });
    const words = ["--show-strings", "--memory", "low", "--force", "--process", "queue.js", "--worker", "2"];
    await main(["run", ...words, ...RUN.slice(1)], around);
    assert.deepEqual([asked!.process, asked!.worker], ["queue.js", "2"]);
    const { showStrings, memory, force } = around.core.calls[0]![2] as Record<string, unknown>;
    assert.deepEqual([showStrings, memory, force], [true, "low", true]);
  });

  it("reads a body that begins with @ from that file, and says if there is none", async () => {
    const loads: unknown[] = [];
    const capture = capturing(async ({ load }) => {
      loads.push(load);
      return fakeCapture();
    });
    const file = fileURLToPath(import.meta.url);
    await main(["run", "--body", `@${file}`, ...RUN.slice(1)], surroundings({ capture }));
    assert.deepEqual(loads, [{ urls: ["/page"], body: readFileSync(file) }]);
    const around = surroundings({ capture });
    assert.equal(await main(["run", "--body", "@none.json", ...RUN.slice(1)], around), 2);
    assert.equal(around.stderr.text, "leakdiff: the body none.json cannot be read: there is no such file\n");
  });

  it("prints what memory did and then what leaks, and judges growth by the load", async () => {
    let asked: CaptureOptions | undefined;
    const capture = capturing(async (options) => {
      asked = options;
      return fakeCapture();
    });
    const around = surroundings({ capture });
    assert.equal(await main(RUN, around), 1);
    assert.match(
      around.stdout.text,
      /^[^]*mountain: memory grows all the time\n[^]*\n\nleak: 1 holder grows steadily\n/,
    );
    const { onEvent: _, ...options } = asked!;
    assert.deepEqual(options, {
      command: ["node", "server.js"],
      load: { urls: ["/page"] },
      out: "heap",
      gzip: false,
      restart: false,
      nearHeapLimit: false,
    });
    const [[, files, given]] = around.core.calls as [[string, string[], { cycles: number[] }]];
    assert.deepEqual(
      [files, given.cycles],
      [
        ["heap/a", "heap/b", "heap/c"],
        [500, 500],
      ],
    );
  });

  it("asks for a new folder of its own where none is named", async () => {
    let asked: CaptureOptions | undefined;
    const capture = capturing(async (options) => {
      asked = options;
      return fakeCapture();
    });
    const around = surroundings({ capture, now: () => new Date("2026-11-30T04:53:00.500Z") });
    await main(["run", "--url", "/page", "--", "node", "server.js"], around);
    assert.deepEqual([asked!.out, asked!.newFolder], ["leakdiff-2026-11-30-045300", true]);
  });

  it("prints one JSON value with --json", async () => {
    const around = surroundings({ capture: capturing(async () => fakeCapture()) });
    assert.equal(await main(["run", "--json", ...RUN.slice(1)], around), 1);
    const { files, samples, trend: found, report } = JSON.parse(around.stdout.text) as Record<string, unknown[]>;
    assert.deepEqual([files!.length, samples!.length], [3, 14]);
    assert.equal((found as unknown as { verdict: string }).verdict, "mountain");
    assert.deepEqual(report, JSON.parse(JSON.stringify(fakeReport())));
  });

  it("looks at what there is after Ctrl-C, and exits with 130", async () => {
    const stop = new AbortController();
    const capture = capturing(async () => {
      stop.abort();
      return fakeCapture({ files: ["a", "b"], loads: [500], ended: "interrupted", reason: "it was interrupted" });
    });
    const around = surroundings({ capture, signal: stop.signal });
    assert.equal(await main(RUN, around), 130);
    assert.match(around.stdout.text, /it was interrupted: what follows is about the 2 snapshots taken before/);
    assert.match(around.stdout.text, /leak: 1 holder grows steadily/);
  });

  it("is trouble if the program died and nothing grew", async () => {
    const died = { files: ["a", "b"], loads: [5], ended: "exited", reason: "the program exited with code 1" } as const;
    const core = new FakeCore({ findLeaks: async () => noLeak() });
    assert.equal(await main(RUN, surroundings({ core, capture: capturing(async () => fakeCapture(died)) })), 2);
    assert.equal(await main(RUN, surroundings({ core, capture: capturing(async () => fakeCapture()) })), 0);
  });

  it("does not quote the program where it has nothing to do with what went wrong", async () => {
    const error = new CaptureError("cannot-write", "heap/b cannot be written: the disk is full", {
      output: ["listening"],
    });
    const around = surroundings({ capture: capturing(() => Promise.reject(error)) });
    assert.equal(await main(RUN, around), 2);
    assert.equal(around.stderr.text, "leakdiff: heap/b cannot be written: the disk is full\n");
  });

  it("says who printed what, where the load failed", async () => {
    for (const [printedBy, who] of [
      ["program", "the program"],
      ["load", "it"],
    ] as const) {
      const error = new CaptureError("load-failed", "the load `x` failed", { output: ["oh"], printedBy });
      const around = surroundings({ capture: capturing(() => Promise.reject(error)) });
      await main(RUN, around);
      assert.equal(around.stderr.text, `leakdiff: the load \`x\` failed\nwhat ${who} printed last:\n  oh\n`);
    }
  });

  it("says what went wrong with the last lines of the program, harmlessly, and what memory did until then", async () => {
    const output = ["listening", `${ESCAPE}[2Jno database\r`, "x".repeat(5000)];
    const capture = fakeCapture({ files: [], loads: [], marks: [] });
    const error = new CaptureError("out-of-memory", "the program ran out of heap memory", { output, capture });
    const around = surroundings({ capture: capturing(() => Promise.reject(error)) });
    assert.equal(await main(RUN, around), 2);
    assert.equal(around.stdout.text, "");
    const { text } = around.stderr;
    assert.match(
      text,
      /mountain: memory grows[^]*\nleakdiff: the program ran out of heap memory\n--restart runs .*\nwhat it printed last:\n {2}listening\n/,
    );
    assert.match(text, /\\u001b\[2Jno database\\u000d\n {2}x{200}\n$/);
    assert.doesNotMatch(text, /[^\P{Cc}\n]/u);
  });

  it("hands on the only snapshot that there is of a program that died", async () => {
    const capture = fakeCapture({ files: ["my app/a.heapsnapshot"], loads: [], marks: [] });
    const error = new CaptureError("out-of-memory", "the program ran out of heap memory", { capture });
    const around = surroundings({ capture: capturing(() => Promise.reject(error)) });
    assert.equal(await main(RUN, around), 2);
    assert.match(
      around.stderr.text,
      /cannot say what grew; leakdiff summary 'my app\/a\.heapsnapshot' says what holds/,
    );
  });

  it("says that a program printed nothing, but not of a process that it only attached to", async () => {
    const fails = () => Promise.reject(new CaptureError("no-inspector", "no inspector answers"));
    const capture = { ...capturing(fails), attach: fails };
    const [started, attached] = [surroundings({ capture }), surroundings({ capture })];
    assert.equal(await main(RUN, started), 2);
    assert.equal(started.stderr.text, "leakdiff: no inspector answers\nit printed nothing\n");
    assert.equal(await main(["attach", "127.0.0.1:9229", "--every", "1s"], attached), 2);
    assert.equal(attached.stderr.text, "leakdiff: no inspector answers\n");
  });

  it("tells on stderr how it goes, a line for each thing that is done", async () => {
    const capture = capturing(async ({ onEvent }) => {
      const [sample, later] = fakeCapture().samples;
      onEvent!({ kind: "started", pid: 7, command: ["node", `a${ESCAPE}.js`] });
      const url = "http://127.0.0.1:3000";
      onEvent!({ kind: "ready", pid: 8, runtime: "Node 22.1.0", url, snapshots: 3, cycles: 13 });
      onEvent!({ kind: "heap", name: "worker thread 2 (render.js)" });
      onEvent!({ kind: "sample", sample: sample! });
      onEvent!({ kind: "cycle", cycle: 1, cycles: 13, warmup: true });
      onEvent!({ kind: "sample", sample: later! });
      const snapshot = { kind: "snapshot", file: "heap/a", number: 1, snapshots: 3 } as const;
      onEvent!({ ...snapshot, bytes: 1e5, complete: false });
      onEvent!({ ...snapshot, bytes: 5e6, complete: true });
      onEvent!({ kind: "note", message: "3 of 100 requests failed" });
      return fakeCapture();
    });
    const around = surroundings({ capture });
    await main(RUN, around);
    assert.deepEqual(around.stderr.text.split("\n"), [
      "starting node a\\u001b.js (pid 7)",
      "ready at http://127.0.0.1:3000: pid 8, Node 22.1.0",
      "looking at worker thread 2 (render.js)",
      "  before any load   heap    5.0 MB",
      "  warm-up 1         heap    7.0 MB  100 requests",
      "  snapshot 1 of 3    heap/a, 5.0 MB",
      "note: 3 of 100 requests failed",
      "mountain: memory grows all the time",
      "  20.0 kB a request",
      "",
    ]);

    const terminal = surroundings({ capture, stderr: new FakeOutput({ columns: 60 }), env: { NO_COLOR: "1" } });
    await main(RUN, terminal);
    assert.match(terminal.stderr.text, /warm-up: cycle 1 of 13/);
    assert.match(terminal.stderr.text, /┤█* *[▁▂▃▄▅▆▇█]+/);
    assert.ok(terminal.stderr.text.includes(`A${ESCAPE}[J`), "what was drawn before is wiped");
    assert.equal(terminal.stdout.text, around.stdout.text);
  });
});
