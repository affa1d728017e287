import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Capture, Forecast, MemoryLog, MemorySample, Trend } from "@leakdiff/capture";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { main } from "#cli/main.js";
import { inSetting, NODE, serverText } from "../support/capture-programs.js";
import { surroundings } from "../support/fake-surroundings.js";
import { type ObjectSchema, type Schema, schema as leakReport, strict } from "../support/report-schema.js";

const published = (file: string) => createRequire(import.meta.url)(`leakdiff/${file}`) as Schema & ObjectSchema;
const captureReport = published("capture-report.schema.json");
const trendReport = published("trend-report.schema.json");

const readers = new Ajv2020({ allErrors: true, strict: true, strictTypes: false });
readers.addSchema(leakReport); // by its own $id, which the others refer to
const forReaders = {
  trend: readers.compile(trendReport),
  capture: readers.compile(captureReport),
};
/** Takes no field of these that the schemas do not name. */
const exact = new Ajv2020({ allErrors: true, strict: true, strictTypes: false });
exact.addSchema(strict(leakReport) as object, "leak-report.schema.json");
exact.addSchema({ ...(strict(trendReport) as object), allOf: undefined }, "trend-report.schema.json");
const exactCapture = exact.compile(strict(captureReport) as object);

async function printed(...words: string[]): Promise<Record<string, unknown>> {
  const around = surroundings({ core: undefined as never });
  const code = await main(words, around);
  assert.ok(code < 2, around.stderr.text);
  return JSON.parse(around.stdout.text) as Record<string, unknown>;
}

function assertMeets(validate: ValidateFunction, value: unknown): void {
  assert.ok(validate(value), readers.errorsText(validate.errors));
}

suite("the schemas of what run, attach and trend print as JSON", { concurrency: 2 }, () => {
  test("are met by leakdiff run, of a leak and of none", () =>
    inSetting(async ({ write, out }) => {
      const server = serverText(
        { "/": "", "/leak": "kept.push({ at: kept.length, text: new Array(99) });" },
        "const kept = [];",
      );
      const program = write("server.cjs", server);
      for (const [path, verdict] of [
        ["/leak", "leak"],
        ["/", "no-leak"],
      ] as const) {
        const load = ["--url", path, "--requests", "10", "--cycles", "2", "--out", join(out, verdict)];
        const report = await printed("run", "--json", ...load, "--", NODE, program);
        assert.equal((report["report"] as { verdict: string }).verdict, verdict);
        assertMeets(exactCapture, report);
        assertMeets(forReaders.capture, report);
      }
    }));

  test("are met by leakdiff attach", () =>
    inSetting(async ({ write, out }) => {
      const idle = write(
        "idle.cjs",
        "require('node:inspector').open(0, '127.0.0.1'); console.log('open'); setInterval(() => {}, 99);",
      );
      const child = spawn(NODE, [idle]);
      try {
        const [text] = (await once(child.stderr.setEncoding("utf8"), "data")) as [string];
        const [, place] = /ws:\/\/([\d.]+:\d+)\//.exec(text)!;
        const report = await printed("attach", place!, "--json", "--every", "50ms", "--snapshots", "2", "--out", out);
        assertMeets(exactCapture, report);
        assertMeets(forReaders.capture, report);
      } finally {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    }));

  test("are met by leakdiff trend, whatever the verdict", () =>
    inSetting(async ({ write }) => {
      const logs: Record<string, (i: number) => string> = {
        mountain: (i) => JSON.stringify({ heapUsed: 1e7 + i * 1e6, rss: 9e7, requests: i * 10 }),
        plateau: (i) => JSON.stringify({ heapUsed: 1e7 + (i % 3) * 1e4, rss: 9e7 }),
        short: (i) => (i < 4 ? `heapUsed ${10 + i} MB` : ""),
      };
      const verdicts = new Set<unknown>();
      for (const [name, line] of Object.entries(logs)) {
        const log = write(`${name}.log`, Array.from({ length: 60 }, (_, i) => line(i)).join("\n"));
        const around = surroundings();
        await main(["trend", "--json", "--limit", "1GB", log], around);
        const report = JSON.parse(around.stdout.text) as Record<string, unknown>;
        verdicts.add(report["verdict"]);
        assertMeets(forReaders.trend, report);
        const { log: read, ...trend } = report;
        assertMeets(exact.compile({ $ref: "trend-report.schema.json#/$defs/Trend" }), trend);
        assertMeets(exact.compile({ $ref: "trend-report.schema.json#/$defs/MemoryLog" }), read);
      }
      assert.ok(verdicts.size >= 2, [...verdicts].join());
    }));

  test("refuse what is not so, and let readers meet fields of a later leakdiff", () => {
    const trend = {
      version: 1,
      verdict: "plateau",
      sentence: "s",
      measure: "rss",
      per: "sample",
      basis: "valleys",
      points: 1,
      samples: 1,
      restarts: [],
      first: 1,
      last: 1,
      lowest: 1,
      highest: 1,
      log: { form: "text", measure: "rss", series: "", otherSeries: [] },
    };
    assertMeets(forReaders.trend, { ...trend, added: 1 });
    assert.ok(!forReaders.trend({ ...trend, verdict: "hill" }));
    assert.ok(!forReaders.trend({ ...trend, log: undefined }));
    assert.ok(!forReaders.trend({ ...trend, version: 2 }));
  });

  test("name the very fields that the types have", () => {
    const fields = (object: ObjectSchema | undefined) => Object.keys(object!.properties!).sort();
    const capture = {
      files: true,
      loads: true,
      unit: true,
      samples: true,
      marks: true,
      ended: true,
      reason: true,
      notes: true,
      log: true,
    } satisfies All<Capture>;
    assert.deepEqual(fields(captureReport), [...Object.keys(capture), "report", "trend", "version"].sort());
    const sample = {
      heapUsed: true,
      external: true,
      rss: true,
      heapLimit: true,
      at: true,
      cycle: true,
      requests: true,
      collected: true,
      process: true,
    } satisfies All<MemorySample>;
    assert.deepEqual(fields(captureReport.$defs["MemorySample"]), Object.keys(sample).sort());
    const trend = {
      version: true,
      verdict: true,
      sentence: true,
      reason: true,
      measure: true,
      per: true,
      growth: true,
      noticeable: true,
      basis: true,
      points: true,
      samples: true,
      restarts: true,
      first: true,
      last: true,
      lowest: true,
      highest: true,
      forecast: true,
      snapshots: true,
    } satisfies All<Trend>;
    assert.deepEqual(fields(trendReport.$defs["Trend"]), Object.keys(trend).sort());
    const forecast = { limit: true, after: true, earliest: true, latest: true } satisfies All<Forecast>;
    assert.deepEqual(fields(trendReport.$defs["Forecast"]), Object.keys(forecast).sort());
    const log = {
      form: true,
      measure: true,
      series: true,
      otherSeries: true,
      assumedUnit: true,
    } satisfies All<Omit<MemoryLog, "samples">>;
    assert.deepEqual(fields(trendReport.$defs["MemoryLog"]), Object.keys(log).sort());
  });
});

/** Each field of a type, and no other: checked by the compiler. */
type All<Type> = Record<keyof Required<Type>, true>;
