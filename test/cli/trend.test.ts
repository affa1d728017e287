import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { main } from "#cli/main.js";
import { surroundings } from "../support/fake-surroundings.js";
import { matchesGolden } from "../support/golden.js";
import { simulate } from "../support/simulated-heap.js";

const folder = mkdtempSync(join(tmpdir(), "leakdiff-trend-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const MB = 1e6;

async function trendOf(text: string, ...words: string[]): Promise<{ code: number; out: string; error: string }> {
  const file = join(folder, "memory.log");
  writeFileSync(file, text);
  const around = surroundings();
  const code = await main(["trend", file, ...words], around);
  return { code, out: around.stdout.text, error: around.stderr.text.replaceAll(file, "memory.log") };
}

const lines = <Value>(count: number, line: (at: number) => Value) =>
  `${Array.from({ length: count }, (_, at) => line(at)).join("\n")}\n`;

describe("leakdiff trend", () => {
  it("draws a mountain, says how fast it grows and when the limit is reached, and exits with 1", async () => {
    const log = lines(
      40,
      (at) => `{"heapUsed":${30 * MB + at * 5 * MB - (at % 4) * MB},"requests":${at * 100},"collected":true}`,
    );
    const { code, out, error } = await trendOf(log, "--limit", "512MB");
    matchesGolden("trend-mountain.txt", out);
    assert.deepEqual([code, error], [1, ""]);
  });

  for (const [seconds, step, pace] of [
    [0.1, 2 * MB, "20.0 MB a second"],
    [10, 5 * MB, "30.0 MB a minute"],
    [60, 0.2 * MB, "12.0 MB an hour"],
    [86_400, 0.2 * MB, "200.0 kB a day"],
  ] as const) {
    it(`tells growth by the time in which one can imagine it: ${pace}`, async () => {
      const log = lines(40, (at) => {
        const time = new Date(1.79e12 + at * seconds * 1000).toISOString();
        return JSON.stringify({ time, heapUsed: 30 * MB + at * step, collected: true });
      });
      assert.match((await trendOf(log)).out, new RegExp(`grows by {2}${pace}\\n`));
      assert.match((await trendOf(log, "--per", "hour")).out, /grows by .* an hour\n/);
    });
  }

  it("exits with 0 when nothing grows, though garbage comes and goes", async () => {
    const log = simulate({
      seed: 5,
      samples: 600,
      every: 5,
      base: 60 * MB,
      allocated: 8 * MB,
      promoted: 0.2,
      young: 16 * MB,
    });
    const { code, out } = await trendOf(
      log
        .map(({ heapUsed, at }) => `${new Date(at!).toISOString()} heapUsed ${(heapUsed / MB).toFixed(1)} MB`)
        .join("\n"),
    );
    matchesGolden("trend-sawtooth.txt", out);
    assert.equal(code, 0);
  });

  it("shows restarts, and exits with 1 though the last process has only begun", async () => {
    const { code, out } = await trendOf(lines(130, (at) => (30 + (at % 40) * 12).toFixed(1)));
    matchesGolden("trend-restarts.txt", out);
    assert.equal(code, 1);
  });

  it("exits with 2 and says what would tell more when it cannot tell", async () => {
    const { code, out } = await trendOf("33.2 MB\n38.4 MB\n44.0 MB\n");
    matchesGolden("trend-too-short.txt", out);
    assert.equal(code, 2);
  });

  it("names no series that would change the terminal, and takes the one that is asked for", async () => {
    const metric = (name: string, heap: number) => `nodejs_heap_size_used_bytes{pod="${name}"} ${heap}\n`;
    const log = lines(
      8,
      (at) =>
        metric("web\u001b[31m", 5e6 + at * MB) + metric("api", 5e6) + (at === 7 ? metric("web\u001b[31m", 9e6) : ""),
    );
    const { out } = await trendOf(log);
    assert.match(
      out.replaceAll(/\s+/g, " "),
      /note: this is pod="web\\u001b\[31m", the longest of 2 series; --series takes another, such as pod="api"/,
    );
    const { code, out: api } = await trendOf(log, "--series", "api", "--json");
    assert.deepEqual([JSON.parse(api).log.series, code], ['pod="api"', 2]);
  });

  it("has an answer to --limit whatever memory does", async () => {
    const limitOf = async (text: string, limit: string): Promise<string | undefined> =>
      /^ +limit +(.*)$/m.exec((await trendOf(text, "--limit", limit)).out)?.[1];
    const flat = lines(20, (at) => `{"heapUsed":${30 * MB + (at % 2)},"collected":true}`);
    const short = "33.2 MB\n38.4 MB\n44.0 MB\n";
    const slower = lines(
      20,
      (at) => `{"heapUsed":${Math.round(30 * MB + 20 * MB * (1 - Math.exp(-at / 8)))},"collected":true}`,
    );
    assert.equal(await limitOf(short, "2GB"), "no telling when 2.0 GB are reached");
    assert.equal(await limitOf(flat, "2GB"), "2.0 GB are not reached as long as memory does not grow");
    assert.match((await limitOf(slower, "2GB"))!, /^no telling when 2\.0 GB are reached, as growth slows down$/);
    for (const text of [short, flat]) assert.equal(await limitOf(text, "20MB"), "20.0 MB: passed already");
    assert.doesNotMatch((await trendOf(short)).out, /limit/);
  });

  it("prints the whole answer as JSON", async () => {
    const { out } = await trendOf(
      lines(12, (at) => `{"heapUsed":${30 * MB + at * MB},"requests":${at},"collected":true}`),
      "--json",
      "--limit",
      "100MB",
    );
    assert.deepEqual(JSON.parse(out), {
      version: 1,
      verdict: "mountain",
      sentence: "mountain: memory grows all the time",
      measure: "heapUsed",
      per: "request",
      growth: { bytes: MB, low: MB, high: MB },
      noticeable: MB,
      basis: "collected",
      points: 10,
      samples: 12,
      restarts: [],
      first: 30 * MB,
      last: 41 * MB,
      lowest: 30 * MB,
      highest: 41 * MB,
      forecast: { limit: 100 * MB, after: 59, earliest: 59, latest: 59 },
      snapshots: { every: 2, growth: 2 * MB },
      log: { form: "json-lines", measure: "heapUsed", series: "", otherSeries: [] },
    });
  });

  it("says in one sentence what is wrong", async () => {
    assert.deepEqual(await trendOf("hello\n"), {
      code: 2,
      out: "",
      error:
        "leakdiff: memory.log: its only line tells no size of memory; leakdiff trend reads logs with sizes such as " +
        "heapUsed 33.2 MB, process.memoryUsage(), JSON lines, CSV, --trace-gc and Prometheus\n",
    });
    const { code, error } = await trendOf("33.2 MB\n", "--per", "hour");
    assert.deepEqual(
      [code, error],
      [2, "leakdiff: memory.log: it does not tell the time beside every size; leave out --per hour\n"],
    );
    const around = surroundings();
    assert.equal(await main(["trend", join(folder, "none")], around), 2);
    assert.match(around.stderr.text, /^leakdiff: .*none: there is no such file; check the name\n$/);
    const inFolder = surroundings();
    assert.equal(await main(["trend", folder], inFolder), 2);
    assert.match(inFolder.stderr.text, /: it is a folder; give a log\n$/);
    const endless = surroundings();
    assert.equal(await main(["trend", join(folder, "a".repeat(300))], endless), 2);
    assert.match(endless.stderr.text, /^leakdiff: .*aaa: there is no such file; check the name\n$/);
    if (process.platform === "win32") return; // where not everybody may make links
    symlinkSync("loop", join(folder, "loop"));
    const loop = surroundings();
    assert.equal(await main(["trend", join(folder, "loop")], loop), 2);
    assert.match(loop.stderr.text, /^leakdiff: .*loop: it cannot be read \(ELOOP\); check the disk and try again\n$/);
  });

  it("reads standard input, and waits for none that is a terminal", async () => {
    const log = Readable.from(["heapUsed 33.2 MB\n", "heapUsed 33.3 MB\n"]);
    const piped = surroundings({ stdin: () => log });
    assert.equal(await main(["trend"], piped), 2);
    assert.match(piped.stdout.text, /^too short to tell/);
    const terminal = surroundings({ stdin: () => Object.assign(new Readable(), { isTTY: true }) });
    assert.equal(await main(["trend", "-"], terminal), 2);
    assert.match(terminal.stderr.text, /^leakdiff: standard input: it is a terminal; give a log/);
  });

  it("sends nobody for a log of collections who gave one", async () => {
    const collections = [1, 2, 3].map(
      (i) =>
        `[1:0x1]  ${i}0 ms: Mark-Compact ${i + 4}.0 (9.0) -> ${i + 3}.0 (9.0) MB, 1.0 / 0.0 ms  (average mu = 1, current mu = 1) task; GC in old space requested\n`,
    );
    const { out } = await trendOf(collections.join(""));
    assert.match(out, /\nA longer log tells more, and so does a load test:\n {2}leakdiff run /);
    assert.match((await trendOf("heapUsed 5 MB\nheapUsed 6 MB\n")).out, /\n {2}node --trace-gc server\.js > gc\.log;/);
  });

  it("says what is wrong with its options", async () => {
    for (const [words, message] of [
      [["--limit", "much"], /--limit takes a size, as in 512MB, 2GB or 512MiB; "much" is none/],
      [["--per", "day"], /--per takes request, cycle, hour or sample; "day" is none of them/],
      [["b.log"], /trend takes one log; "b\.log" is too much/],
      [["--top", "3"], /leakdiff trend has no --top/],
    ] as const) {
      const { code, error } = await trendOf("5 MB\n", ...words);
      assert.equal(code, 2);
      assert.match(error, message);
    }
  });

  it("reads standard input and needs no more than a locale without Unicode", () => {
    const bin = fileURLToPath(new URL("../../../packages/cli/bin/leakdiff.js", import.meta.url));
    const input = lines(20, (at) => `heapUsed ${30 + at * 20} MB`);
    const env = { ...process.env, LC_ALL: "C" };
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "trend"], { input, env, encoding: "utf8" });
    assert.match(stdout, /^mountain: [^]*#{10}[^]*\+-{20}/);
    assert.doesNotMatch(stdout, /[^ -~\n]/);
    assert.deepEqual([status, stderr], [1, ""]);
  });
});
