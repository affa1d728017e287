import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { MemoryLogError, type MemoryLog, readMemorySamples } from "@leakdiff/capture";
import fc from "fast-check";
import { SampleCollector } from "#capture/trend/sample-collector.js";

const read = (text: string, series?: string): Promise<MemoryLog> =>
  readMemorySamples([text], { file: "a.log", ...(series !== undefined && { series }) });
const heapUsed = async (text: string) => (await read(text)).samples.map((sample) => sample.heapUsed);

describe("readMemorySamples", () => {
  it("reads one size a line, with words and other sizes around it", async () => {
    assert.deepEqual(await heapUsed("33.2 MB\n38.4 MB\r\n44MiB\n"), [33_200_000, 38_400_000, 46_137_344]);
    assert.deepEqual(await heapUsed("The script uses approximately 1,234.5 kB\n"), [1_234_500]);
    assert.deepEqual(
      await heapUsed("got 12 kB\nmemory: 33.2 MB of 50 MB\nsent 3 MB\nmemory: 34 MB of 50 MB"),
      [33_200_000, 34_000_000],
    );
    assert.deepEqual(await heapUsed("at 12 MB/s\nheapUsed 5 MB\n"), [5_000_000]);
  });

  it("takes what is called heapUsed where a line has several sizes", async () => {
    const log = await read(
      "2026-11-22T10:00:00.500Z GET / rss 80.1 MB heapUsed 33.2 MB external 1.5 MB\n" +
        "2026-11-22T10:00:01.500Z GET / rss 81.1 MB heapUsed 34.2 MB external 1.5 MB requests=7\n",
    );
    assert.equal(log.form, "text");
    assert.equal(log.measure, "heapUsed");
    assert.deepEqual(log.samples, [
      { heapUsed: 33_200_000, rss: 80_100_000, external: 1_500_000, at: Date.UTC(2026, 10, 22, 10, 0, 0, 500) },
      {
        heapUsed: 34_200_000,
        rss: 81_100_000,
        external: 1_500_000,
        requests: 7,
        at: Date.UTC(2026, 10, 22, 10, 0, 1, 500),
      },
    ]);
  });

  it("reads process.memoryUsage() as Node prints it, in one line or several", async () => {
    const fields = ["rss: 47_075_328", "heapTotal: 6000000", "heapUsed: 4672720", "external: 1746132"];
    for (const text of [
      `{ ${fields.join(", ")} }\n`,
      `memory {\n  ${fields.join(",\n  ")},\n  arrayBuffers: 10515\n}\n`,
    ]) {
      const { samples } = await read(text + text);
      assert.deepEqual(samples, [samples[1], samples[1]]);
      assert.deepEqual(samples[0], { rss: 47_075_328, heapUsed: 4_672_720, external: 1_746_132 });
    }
  });

  it("reads JSON lines, also nested and behind what a process manager writes", async () => {
    const pino = '{"level":30,"time":1700000000000,"pid":7,"memory":{"rss":9e7,"heapUsed":33200000},"msg":"x"}';
    const winston = 'web-0 | {"timestamp":"2026-11-22T10:00:00Z","heapUsedMB":33.2,"requests":12}';
    assert.deepEqual((await read(`${pino}\nnot JSON {\n`)).samples, [
      { at: 1_700_000_000_000, process: 7, rss: 9e7, heapUsed: 33_200_000 },
    ]);
    assert.deepEqual((await read(`${winston}\n`)).samples, [
      { at: Date.UTC(2026, 10, 22, 10), heapUsed: 33_200_000, requests: 12 },
    ]);
    assert.deepEqual(await heapUsed('[{"heapUsed":33200000},{"heapUsed":34200000}]'), [33_200_000, 34_200_000]);
    assert.deepEqual(
      await heapUsed('[\n {\n "heapUsed": 33200000\n},\n{\n"heapUsed": 34200000}]'),
      [33_200_000, 34_200_000],
    );
  });

  it("reads scrapes of Prometheus metrics, one behind the other", async () => {
    const scrape = (heap: number, at: number, requests: number) =>
      `# HELP nodejs_heap_size_used_bytes Process heap size used from Node.js in bytes.\n` +
      `http_requests_total{method="GET",text="}"} ${requests}\nhttp_requests_total{method="PUT"} 1\n` +
      `process_resident_memory_bytes 9e+07 ${at}\nnodejs_heap_size_used_bytes ${heap} ${at}\n` +
      `nodejs_heap_space_size_used_bytes{space="new"} 5\n`;
    const log = await read(scrape(33_200_000, 1_700_000_000_000, 5) + scrape(34_200_000, 1_700_000_015_000, 9));
    assert.equal(log.form, "prometheus");
    assert.deepEqual(log.samples, [
      { rss: 9e7, at: 1_700_000_000_000, heapUsed: 33_200_000, requests: 6 },
      { rss: 9e7, at: 1_700_000_015_000, heapUsed: 34_200_000, requests: 10 },
    ]);
  });

  it("takes no line for a metric that begins with a word that all objects know", async () => {
    for (const word of ["constructor", "toString", "__proto__"]) {
      const log = await read(`${word} 42\nheapUsed 33.2 MB\n`);
      assert.deepEqual([log.form, log.samples.map((sample) => sample.heapUsed)], ["text", [33_200_000]], word);
    }
  });

  it("reads what Prometheus answers to query_range, and takes one series of several", async () => {
    const series = (instance: string, values: [number, string][]) => ({
      metric: { __name__: "nodejs_heap_size_used_bytes", instance },
      values,
    });
    const text = JSON.stringify({
      status: "success",
      data: {
        resultType: "matrix",
        result: [
          series("a", [[1_700_000_000, "33200000"]]),
          series("b", [
            [1_700_000_000.5, "1e6"],
            [1_700_000_015, "NaN"],
            [1_700_000_030, "2e6"],
          ]),
        ],
      },
    });
    const log = await read(text);
    assert.deepEqual([log.form, log.series, log.otherSeries], ["prometheus-json", 'instance="b"', ['instance="a"']]);
    assert.deepEqual(log.samples, [
      { at: 1_700_000_000_500, heapUsed: 1e6 },
      { at: 1_700_000_030_000, heapUsed: 2e6 },
    ]);
    assert.equal((await read(text, "a")).samples[0]!.heapUsed, 33_200_000);
    await assert.rejects(read(text, "z"), /a\.log: it has no series "z"; it has instance="b", instance="a"$/);
  });

  it("reads tables: with a header or without, of any separator", async () => {
    const time = Date.UTC(2026, 10, 22, 10);
    assert.deepEqual(
      (await read("time,heapUsed,rss\n2026-11-22 10:00:00,33200000,9e7\n2026-11-22 10:00:15,34200000,9e7")).samples,
      [
        { at: time, heapUsed: 33_200_000, rss: 9e7 },
        { at: time + 15_000, heapUsed: 34_200_000, rss: 9e7 },
      ],
    );
    assert.deepEqual((await read("0;33.2\n15;34.2\n")).samples, [
      { at: 0, heapUsed: 33_200_000 },
      { at: 15_000, heapUsed: 34_200_000 },
    ]);
    const grafana = 'Time,"{app=""web"", pod=""1""}"\n2026-11-22 10:00:00,33.2 MiB\n2026-11-22 10:00:15,34 MiB';
    assert.deepEqual((await read(grafana)).samples[0], { at: time, heapUsed: 34_812_723 });
    assert.deepEqual((await read("  RSS    VSZ\n 45000 900000\n  RSS    VSZ\n 46000 900000\n")).samples, [
      { rss: 45_000_000, heapUsed: 45_000_000 },
      { rss: 46_000_000, heapUsed: 46_000_000 },
    ]);
    assert.deepEqual(await heapUsed("33200000\n34200000\n"), [33_200_000, 34_200_000]);
  });

  it("reads what --trace-gc prints: after a full collection the heap is what the program holds on to", async () => {
    const log = await read(
      "server listens\n" +
        "[7:0x8412000]       48 ms: Scavenge 4.5 (4.7) -> 4.1 (5.7) MB, 55.32 / 0.00 ms  (average mu = 1.000, current mu = 1.000) task; \n" +
        "[7:0x8412000]     4857 ms: Incremental Mark-Compact 13.2 (18.9) -> 8.5 (18.9) MB, pooled: 0.0 MB, 14.60 / 0.00 ms (+ 0.6 ms in 16 steps)\n" +
        "[7:0x9999999]     4900 ms: Mark-Compact 3.2 (8.9) -> 2.5 (8.9) MB, 4.60 / 0.00 ms a worker\n" +
        "[8:0x8412000]      100 ms: Mark-sweep (reduce) 5.0 (8.9) -> 4.0 (8.9) MB, 4.6 / 0.0 ms\n",
    );
    assert.deepEqual([log.form, log.otherSeries], ["gc-trace", ["isolate 0x9999999"]]);
    assert.deepEqual(log.samples, [
      { heapUsed: Math.round(4.1 * 1024 ** 2), at: 48, process: 7 },
      { heapUsed: 8.5 * 1024 ** 2, at: 4857, process: 7, collected: true },
      { heapUsed: 4 * 1024 ** 2, at: 5000, process: 8, collected: true },
    ]);
  });

  it("reads docker stats, and knows the limit from there", async () => {
    const row = (used: string) => `abcdefabcdef   web   0.10%   ${used} / 512MiB   6.48%   1.2kB / 0B   0B / 0B   11\n`;
    const header = "CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   NET I/O   BLOCK I/O   PIDS\n";
    const log = await read(header + row("33.2MiB") + header + row("35MiB"));
    assert.equal(log.measure, "rss");
    assert.deepEqual(log.samples[1], { rss: 36_700_160, heapUsed: 36_700_160, heapLimit: 536_870_912 });
  });

  it("has the oldest first, also of a log that has it last", async () => {
    const log = await read("time,heapUsed\n2026-11-22T10:01:00Z,34000000\n2026-11-22T10:00:00Z,33000000\n");
    assert.deepEqual(
      log.samples.map((sample) => sample.heapUsed),
      [33_000_000, 34_000_000],
    );
  });

  it("says which unit it assumed where none is given", async () => {
    assert.equal((await read("33.2\n34\n")).assumedUnit, "MB");
    assert.equal((await read("33200\n34200\n")).assumedUnit, "kB");
    assert.equal((await read("33200000\n")).assumedUnit, undefined);
  });

  it("sees that a program died or started again where the log says so", async () => {
    const text =
      "listening on 3000\nheapUsed 10 MB\nheapUsed 500 MB\n" +
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n" +
      "listening on 3000\nheapUsed 12 MB\n";
    assert.deepEqual(
      (await read(text)).samples.map(({ process }) => process),
      [undefined, undefined, 1],
    );
  });

  it("tells processes beside each other from processes after each other", async () => {
    const line = (pid: number, heap: number) => `{"pid":${pid},"heapUsed":${heap}}\n`;
    const beside = await read(line(1, 5e6) + line(2, 6e6) + line(1, 7e6) + line(2, 8e6) + line(1, 9e6));
    assert.deepEqual([beside.series, beside.otherSeries], ["process 1", ["process 2"]]);
    assert.deepEqual(
      beside.samples.map((sample) => sample.heapUsed),
      [5e6, 7e6, 9e6],
    );
    const after = await read(line(1, 5e6) + line(1, 6e6) + line(2, 7e6));
    assert.deepEqual([after.series, after.samples.length], ["", 3]);
  });

  it("reads the same wherever the stream is cut, as UTF-8 or UTF-16, packed or not", async () => {
    const text = "10:00:00 heapUsed 33.2 MB é\n10:00:01 heapUsed 34.2 MB\nx\n10:00:02 heapUsed 35.2 MB";
    const whole = await read(text);
    assert.equal(whole.samples.length, 3);
    const forms = [Buffer.from(text), gzipSync(text), Buffer.from(`\ufeff${text}`, "utf16le")];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 5 }),
        fc.constantFrom(...forms),
        async (cuts, bytes) => {
          const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
          const pieces = places.slice(1).map((place, at) => bytes.subarray(places[at], place));
          assert.deepEqual(await readMemorySamples(pieces), whole);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("finds the first size behind thousands of other lines", async () => {
    assert.deepEqual(await heapUsed(`${"GET / 200\n".repeat(20_000)}heapUsed 5 MB\n`), [5_000_000]);
  });

  it("says in a sentence what is wrong with a log, and where", async () => {
    const wrong: Record<string, RegExp> = {
      "": /^a\.log: it is empty; /,
      "hello\nworld\n": /^a\.log: none of its 2 lines tells a size of memory; /,
      '{"snapshot":{"meta":{}}}': /^a\.log: it is a heap snapshot, not a log; leakdiff summary /,
      "a\0b": /^a\.log: it is no text; /,
      "time,heapUsed\n1,33200000\n2,many\n":
        /^a\.log: line 3 has "many" in column 2 \(heapUsed\), where a number is expected; /,
      '{"status":"error","error":"bad query"}': /^a\.log: Prometheus answered with an error: bad query$/,
      '{"status":"success","data":{"result"': /^a\.log: it begins like an answer of Prometheus but is no JSON /,
    };
    for (const [text, message] of Object.entries(wrong)) {
      await assert.rejects(read(text), (error) => error instanceof MemoryLogError && message.test(error.message), text);
    }
    const cut = gzipSync("heapUsed 5 MB\n".repeat(1000)).subarray(0, 40);
    await assert.rejects(
      readMemorySamples([cut], { file: "a.log" }),
      /^MemoryLogError: a\.log: it begins like gzip, but /,
    );
  });

  it("reads any text in time that grows with its length, or says that there is nothing in it", async () => {
    const parts = fc.constantFrom(
      "{",
      "}",
      "[",
      "heapUsed",
      ":",
      " ",
      "1",
      "9".repeat(40),
      ",",
      '"',
      "MB",
      "\n",
      "rss",
      "/",
      "->",
      "(",
      "é",
      "\u202e",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 60 }), async (words) => {
        try {
          const { samples } = await read(words.join(""));
          for (const sample of samples) assert.ok(Number.isFinite(sample.heapUsed) && sample.heapUsed >= 0);
        } catch (error) {
          assert.ok(error instanceof MemoryLogError, String(error));
        }
      }),
      { numRuns: 500 },
    );
    for (const text of ["{".repeat(1e5), "heapUsed ".repeat(1e5), "1,".repeat(1e5), "9".repeat(3e6), "[1".repeat(5e4)])
      await assert.rejects(read(text), MemoryLogError);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await assert.rejects(readMemorySamples(["5 MB\n"], { signal: stop.signal }), /enough/);
  });
});

describe("SampleCollector", () => {
  it("keeps lows and highs of a log that is too long, and full collections among the others", () => {
    const collector = new SampleCollector(1000);
    for (let at = 0; at < 100_000; at++) {
      const special = at === 50_001 ? 1 : at === 70_003 ? 1e9 : undefined;
      collector.add({ heapUsed: special ?? 1000 + (at % 97), at, ...(at % 1000 === 0 && { collected: true }) });
    }
    const { samples } = collector.finish()[0]!;
    assert.ok(samples.length <= 1000 && samples.length >= 300, `${samples.length}`);
    assert.ok(samples.some(({ at }) => at === 50_001) && samples.some(({ at }) => at === 70_003));
    assert.ok(samples.some(({ collected }) => collected));
    assert.deepEqual(
      samples,
      samples.toSorted((a, b) => a.at! - b.at!),
    );
    const firstHalf = samples.filter(({ at }) => at! < 50_000).length;
    assert.ok(Math.abs(firstHalf / samples.length - 0.5) < 0.1, "evenly");
  });

  it("keeps processes apart whose lines alternate", () => {
    const collector = new SampleCollector(100);
    for (let at = 0; at < 10_000; at++) collector.add({ heapUsed: at, process: at % 2 });
    const series = collector.finish();
    assert.deepEqual(series.map(({ name, samples }) => [name, samples.length > 20 && samples.length <= 60]).sort(), [
      ["process 0", true],
      ["process 1", true],
    ]);
  });
});
