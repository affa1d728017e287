import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type RunOptions, SnapshotError } from "@leakdiff/core";
import { main } from "#cli/main.js";
import { fakeReport, noLeak } from "../support/fake-report.js";
import { FakeCore, FakeOutput, surroundings } from "../support/fake-surroundings.js";

const ESCAPE = "\u001b";

function fails(error: unknown): FakeCore {
  return new FakeCore({ findLeaks: () => Promise.reject(error) });
}

function withoutProgress(argument: unknown): unknown {
  if (typeof argument !== "object" || argument === null || Array.isArray(argument)) return argument;
  const { onProgress: _, ...others } = argument as RunOptions;
  return others;
}

describe("main", () => {
  it("prints the report on stdout, nothing on stderr, and exits with 1 for a leak", async () => {
    const around = surroundings();
    assert.equal(await main(["a", "b", "c"], around), 1);
    assert.match(around.stdout.text, /^leak: 1 holder grows steadily\n/);
    assert.equal(around.stderr.text, "");
  });

  it("exits with 0 when nothing grew, or when told so", async () => {
    assert.equal(await main(["a", "b"], surroundings({ core: new FakeCore({ findLeaks: async () => noLeak() }) })), 0);
    assert.equal(await main(["a", "b", "--exit-zero"], surroundings()), 0);
  });

  it("hands files and thresholds to core", async () => {
    const around = surroundings();
    await main(["-", "b", "--min-growth", "10kB"], around);
    await main(["a", "b"], around);
    await main(["a", "b", "c", "--cycles", "500,50"], around);
    await main(["a", "b", "c", "--cleanup"], around);
    await main(["a", "b", "--show-strings"], around);
    await main(["a", "b", "--memory", "low", "--force"], around);
    await main(["summary", "a"], around);
    await main(["summary", "a", "--force"], around);
    await main(["retainers", "a", "@7"], around);
    const calls = around.core.calls.map((call) => call.map((argument) => withoutProgress(argument)));
    assert.deepEqual(calls, [
      ["findLeaks", ["-", "b"], { minGrowth: 10_000 }],
      ["findLeaks", ["a", "b"], {}],
      ["findLeaks", ["a", "b", "c"], { cycles: [500, 50] }],
      ["findLeaks", ["a", "b", "c"], { cleanup: true }],
      ["findLeaks", ["a", "b"], { showStrings: true }],
      ["findLeaks", ["a", "b"], { memory: "low", force: true }],
      ["summarize", "a", {}],
      ["summarize", "a", { force: true }],
      ["explainRetainers", "a", 7, {}],
    ]);
  });

  it("prints exactly the report with --json", async () => {
    const around = surroundings();
    assert.equal(await main(["a", "b", "c", "--json"], around), 1);
    assert.deepEqual(JSON.parse(around.stdout.text), fakeReport());
  });

  it("exits with 0 after a summary or an explanation", async () => {
    assert.equal(await main(["summary", "a"], surroundings()), 0);
    assert.equal(await main(["retainers", "a", "@7"], surroundings()), 0);
  });

  it("shows as many suspects and classes as --top says", async () => {
    const around = surroundings();
    await main(["summary", "a", "--top", "1"], around);
    assert.match(around.stdout.text, /… 2 more classes/);
  });

  it("says on stderr, shortly, what is wrong with the arguments", async () => {
    const around = surroundings();
    assert.equal(await main(["a", "b", "--jsn"], around), 2);
    assert.equal(around.stdout.text, "");
    assert.equal(around.stderr.text, "leakdiff: there is no option --jsn; did you mean --json?\nsee leakdiff --help\n");
    assert.equal(around.core.calls.length, 0);
  });

  it("says in one line what is wrong with a snapshot", async () => {
    const error = new SnapshotError("missing", "a", "a: there is no such file; check the name");
    const around = surroundings({ core: fails(error) });
    assert.equal(await main(["a", "b"], around), 2);
    assert.equal(around.stderr.text, "leakdiff: a: there is no such file; check the name\n");
    assert.equal(around.stdout.text, "");
  });

  it("says that there is not enough memory", async () => {
    const around = surroundings({ core: fails(new RangeError("Array buffer allocation failed")) });
    assert.equal(await main(["a", "b"], around), 2);
    assert.match(around.stderr.text, /^leakdiff: .*memory.*\n$/);
  });

  it("owns up to every other error and shows its stack", async () => {
    for (const error of [new TypeError("x is not a function"), "a string", undefined]) {
      const around = surroundings({ core: fails(error) });
      assert.equal(await main(["a", "b"], around), 2);
      assert.match(around.stderr.text, /this is a bug in leakdiff, please report/);
    }
    const around = surroundings({ core: fails(new TypeError("x is not a function")) });
    await main(["a", "b"], around);
    assert.match(around.stderr.text, /main\.test\./);
  });

  it("makes nothing on stderr harmful", async () => {
    const error = new SnapshotError("missing", "x", `${ESCAPE}[2J\r: there is no such file`);
    const around = surroundings({ core: fails(error) });
    await main(["a", "b"], around);
    await main([`--${ESCAPE}[31m`], around);
    assert.doesNotMatch(around.stderr.text, /[^\P{Cc}\n]/u);
  });

  it("exits with 130 and prints no report once it is told to stop", async () => {
    const stop = new AbortController();
    const around = surroundings({
      signal: stop.signal,
      core: new FakeCore({
        findLeaks: async (_files, options) => {
          assert.equal(options?.signal, stop.signal);
          stop.abort();
          return fakeReport();
        },
      }),
    });
    assert.equal(await main(["a", "b"], around), 130);
    assert.equal(around.stdout.text, "");
    assert.equal(around.stderr.text, "leakdiff: interrupted\n");
  });

  it("prints help and the version of the package", async () => {
    const { version } = JSON.parse(
      readFileSync(new URL("../../../packages/cli/package.json", import.meta.url), "utf8"),
    ) as { version: string };
    for (const argv of [["--version"], ["summary", "--version"]]) {
      const around = surroundings();
      assert.equal(await main(argv, around), 0);
      assert.equal(around.stdout.text, `${version}\n`);
    }
    const around = surroundings();
    assert.equal(await main(["--help"], around), 0);
    assert.match(around.stdout.text, /Examples:/);
  });

  it("colours a terminal and nothing else, unless told otherwise", async () => {
    const terminal = () => new FakeOutput({ columns: 100 });
    const colours = async (argv: readonly string[], env: Record<string, string>, stdout: FakeOutput) => {
      const around = surroundings({ stdout, env });
      await main(["a", "b", ...argv], around);
      return stdout.text.includes(ESCAPE);
    };
    assert.equal(await colours([], {}, terminal()), true);
    assert.equal(await colours([], {}, new FakeOutput()), false);
    assert.equal(await colours(["--no-color"], {}, terminal()), false);
    assert.equal(await colours([], { NO_COLOR: "1" }, terminal()), false);
    assert.equal(await colours([], { NO_COLOR: "" }, terminal()), true);
    assert.equal(await colours([], { TERM: "dumb" }, terminal()), false);
    assert.equal(await colours([], { FORCE_COLOR: "1" }, new FakeOutput()), true);
    assert.equal(await colours([], { FORCE_COLOR: "0" }, terminal()), false);
    assert.equal(await colours([], { FORCE_COLOR: "" }, new FakeOutput()), false);
    assert.equal(await colours([], { FORCE_COLOR: "" }, terminal()), true);
    assert.equal(await colours(["--no-color"], { FORCE_COLOR: "1" }, terminal()), false);
    assert.equal(await colours(["--json"], { FORCE_COLOR: "1" }, terminal()), false);
  });

  it("looks the same in colour, without the colour", async () => {
    const [plain, colored] = [surroundings(), surroundings({ env: { FORCE_COLOR: "1" } })];
    await main(["a", "b"], plain);
    await main(["a", "b"], colored);
    assert.equal(colored.stdout.text.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, "g"), ""), plain.stdout.text);
  });

  it("fits the terminal, or COLUMNS, or 80 columns", async () => {
    const widest = async (env: Record<string, string>, stdout: FakeOutput) => {
      const around = surroundings({ stdout, env: { ...env, NO_COLOR: "1" } });
      await main(["a", "b"], around);
      return Math.max(...stdout.text.split("\n").map((line) => line.length));
    };
    const within = (actual: number, most: number) => assert.ok(actual <= most && actual > most - 12, `${actual}`);
    within(await widest({}, new FakeOutput()), 80);
    within(await widest({}, new FakeOutput({ columns: 60 })), 60);
    within(await widest({ COLUMNS: "70" }, new FakeOutput()), 70);
    within(await widest({ COLUMNS: "70" }, new FakeOutput({ columns: 64 })), 64);
    within(await widest({ COLUMNS: "wide" }, new FakeOutput()), 80);
    // A place and a table's figures are not broken.
    const narrow = surroundings({ stdout: new FakeOutput({ columns: 30 }), env: { NO_COLOR: "1" } });
    await main(["summary", "a"], narrow);
    within(
      Math.max(
        ...narrow.stdout.text
          .split("\n\n")[0]!
          .split("\n")
          .map((line) => line.length),
      ),
      30,
    );
    assert.equal(await widest({ COLUMNS: "2" }, new FakeOutput()), await widest({ COLUMNS: "24" }, new FakeOutput()));
  });

  it("shows progress on stderr if that is a terminal, and wipes it", async () => {
    const core = new FakeCore({
      findLeaks: async (_files, options) => {
        options?.onProgress?.({ file: "a", stage: "read", done: 1, total: 2 });
        return fakeReport();
      },
    });
    const stages: string[] = [];
    const quiet = surroundings({ core, onProgress: ({ stage }) => void stages.push(stage) });
    await main(["a", "b"], quiet);
    assert.equal(quiet.stderr.text, "");
    assert.deepEqual(stages, ["read"]);
    const shown = surroundings({ core, stderr: new FakeOutput({ columns: 80 }) });
    await main(["a", "b"], shown);
    assert.match(shown.stderr.text, /reading a/);
    assert.equal(shown.stdout.text, quiet.stdout.text);
  });
});
