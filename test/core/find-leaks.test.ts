import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { findLeaks, type LeakReport, type Progress, SnapshotError } from "@leakdiff/core";
import { NORMAL, reportOn } from "../support/real-reports.js";
import { snapshotsOf } from "../support/real-snapshots.js";
import { reportAfter, SmallProgram } from "../support/small-program.js";
import { leaksOf } from "../support/suspects.js";

const isRising = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || value > values[i - 1]!);

suite("the server that keeps its requests' items", () => {
  // Of numbers only the backing store can be seen; objects can be counted.
  const programs = [
    { name: "seed-server", line: 7, file: "seed-server.cjs", word: /element/, bytes: 10e6 },
    { name: "seed-server-esm", line: 7, file: "seed-server-esm.mjs", word: /element/, bytes: 10e6 },
    { name: "seed-server-objects", line: 14, file: "seed-server-objects.cjs", word: /^elements$/, bytes: 200e3 },
  ];
  for (const { name, line, file, word, bytes } of programs)
    test(`is told by its Array \`listItems\`: ${name}`, async () => {
      const report = await reportOn(name);
      assert.equal(report.verdict, "leak", report.sentence);
      assert.match(report.sentence, /^leak: 1 /);
      const [suspect, ...others] = leaksOf(report);
      assert.deepEqual(others, []);
      assert.equal(suspect, report.suspects[0]);
      assert.equal(suspect!.kind, "module-array");
      assert.equal(suspect!.verdict, "growing");
      assert.ok(suspect!.title.includes("Array `listItems`") && suspect!.title.includes(`${file}:${line}`));
      const { holder, growth, path } = suspect!;
      assert.deepEqual([holder.name, holder.class], ["listItems", "Array"]);
      assert.ok(holder.module?.endsWith(file), `${holder.module}`);
      assert.deepEqual(
        [basename(holder.location!.file), holder.location!.line, holder.location!.column],
        [file, line, 7],
      );
      assert.match(growth.entryWord!, word);
      assert.equal(growth.entryCounts!.length, 3);
      assert.ok(isRising(growth.entryCounts!) && isRising(growth.retained), `${growth.entryCounts}`);
      assert.equal(growth.bytes.length, 2);
      assert.ok(
        growth.bytes.every((each) => each > bytes),
        `${growth.bytes}`,
      );
      assert.equal(path[0]!.edge, null);
      assert.ok(path.some((step) => step.words === "variable `listItems`" && step.holder));
      assert.equal(path.filter(({ holder: isHolder }) => isHolder).length, 1);
    });

  test("is left alone while its requests keep nothing", async () => {
    const report = await reportOn("seed-server", NORMAL);
    assert.equal(
      report.verdict,
      "no-leak",
      leaksOf(report)
        .map(({ title }) => title)
        .join("; "),
    );
    assert.deepEqual(leaksOf(report), []);
    assert.deepEqual(report.warnings, []);
  });
});

suite("any report", () => {
  const reports = (): Promise<LeakReport>[] => [
    reportOn("seed-server"),
    reportOn("seed-server-objects"),
    reportOn("seed-server", NORMAL),
    reportOn("every-kind"),
    reportOn("kept-with-it"),
    reportOn("several-timers"),
    reportOn("callbacks"),
    reportOn("performance-marks"),
  ];

  test("is plain JSON: what is read back is what was written", async () => {
    for (const report of await Promise.all(reports()))
      assert.deepEqual(JSON.parse(JSON.stringify(report)) as unknown, report);
  });

  test("has sums that come out even", async () => {
    for (const { totals, snapshots, suspects } of await Promise.all(reports())) {
      const { growth, suspects: held, settled, engine, unexplained } = totals;
      growth.forEach((bytes, i) => {
        assert.equal(bytes, snapshots[i + 1]!.totalBytes - snapshots[i]!.totalBytes);
        assert.equal(bytes, held[i]! + settled[i]! + engine[i]! + unexplained[i]!);
        const shares = suspects.map((suspect) => suspect.growth.bytes[i]!);
        assert.equal(
          shares.reduce((a, b) => a + b, 0),
          held[i]! + settled[i]!,
        );
      });
    }
  });

  test("leaves next to nothing unexplained of the growth of a program that leaks", async () => {
    for (const { totals, suspects } of await Promise.all(reports())) {
      if (suspects.length === 0) continue;
      totals.unexplained.forEach((bytes, i) =>
        assert.ok(Math.abs(bytes) <= 16_384 + totals.growth[i]! * 0.02, `${bytes} of ${totals.growth[i]}`),
      );
    }
  });

  test("says in numbers per interval what it says in numbers per snapshot", async () => {
    for (const { suspects } of await Promise.all(reports()))
      for (const { growth } of suspects) {
        assert.equal(growth.entries === null, growth.entryCounts === null);
        assert.equal(growth.entries === null, growth.entryWord === null);
        growth.entries?.forEach((gained, i) =>
          assert.equal(gained, growth.entryCounts![i + 1]! - growth.entryCounts![i]!),
        );
        assert.equal(growth.retained.length, growth.bytes.length + 1);
      }
  });

  test("is the same for the same files", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    assert.deepEqual(await findLeaks(files), await reportOn("seed-server-objects"));
  });
});

suite("finding leaks", () => {
  test("can say no more than `grew` of two snapshots", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const report = await findLeaks([files[0]!, files[2]!]);
    assert.equal(report.verdict, "grew");
    assert.match(report.sentence, /third/);
    const [suspect] = leaksOf(report);
    assert.ok(suspect!.title.includes("Array `listItems`"));
    assert.equal(suspect!.verdict, "grew");
    assert.deepEqual([suspect!.growth.bytes.length, suspect!.growth.entryCounts!.length], [1, 2]);
    assert.equal(suspect!.fingerprint, (await reportOn("seed-server-objects")).suspects[0]!.fingerprint);
  });

  test("refuses one pipe for two snapshots, as it would wait for ever for the second", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "leakdiff-pipe-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const pipe = join(folder, "pipe");
    if (spawnSync("mkfifo", [pipe]).status !== 0) return t.skip("there are no named pipes");
    await assert.rejects(findLeaks([pipe, pipe]), {
      name: "SnapshotError",
      message: `${pipe} is a pipe, which can be read only once; give the other snapshot as a file`,
    });
  });

  test("takes four snapshots, and more", async () => {
    for (const rounds of [4, 6]) {
      const program = new SmallProgram("const journal = [];\n");
      const journal = program.variable("journal", program.array());
      const round = (): void => {
        for (let i = 0; i < 20; i++) program.push(journal, program.object("Entry", {}, 400));
      };
      const report = await reportAfter(program, round, rounds);
      assert.equal(report.verdict, "leak");
      assert.deepEqual(
        report.suspects[0]!.growth.entryCounts,
        Array.from({ length: rounds }, (_, i) => 20 * (i + 1)),
      );
      assert.equal(report.totals.growth.length, rounds - 1);
      assert.ok(report.classes.every(({ intervals }) => intervals.length === rounds - 1));
    }
  });

  test("puts snapshots into the order they were taken in, and says so", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const [a, b, c] = files as [string, string, string];
    const inOrder = await reportOn("seed-server-objects");
    for (const given of [
      [a, c, b],
      [c, b, a],
    ]) {
      const report = await findLeaks(given);
      const [warning, ...others] = report.warnings;
      assert.equal(warning?.code, "reordered");
      assert.deepEqual({ ...report, warnings: others }, inOrder);
    }
  });

  test("needs two snapshots", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    for (const given of [[], [files[0]!]]) await assert.rejects(findLeaks(given), SnapshotError);
  });

  test("tells what it is doing, stage by stage, file by file", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const told: Progress[] = [];
    await findLeaks(files, { onProgress: (progress) => told.push(progress) });
    const stagesOf = (file: string): string[] => [
      ...new Set(told.filter((progress) => progress.file === file).map(({ stage }) => stage)),
    ];
    for (const file of files) assert.deepEqual(stagesOf(file).slice(0, 2), ["read", "dominators"]);
    assert.deepEqual(stagesOf(files[2]!).slice(-2), ["compare", "suspects"]);
    const reading = told.filter(({ file, stage }) => file === files[0] && stage === "read");
    assert.ok(reading.length >= 2 && reading.every(({ done, total }) => done <= total && total > 0));
    assert.equal(reading.at(-1)!.done, reading.at(-1)!.total);
  });

  test("stops with the signal's reason: before it begins, and at the first word of any stage", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const reason = new Error("enough");
    await assert.rejects(findLeaks(files, { signal: AbortSignal.abort(reason) }), reason);
    const stages = new Set<string>();
    await findLeaks(files.slice(0, 2), { onProgress: ({ stage }) => stages.add(stage) });
    for (const stage of stages) {
      const stop = new AbortController();
      let last = "";
      const onProgress = (progress: Progress): void => {
        last = progress.stage;
        if (progress.stage === stage) stop.abort(reason);
      };
      const run = findLeaks(files.slice(0, 2), { onProgress, signal: stop.signal });
      // Nothing is left to stop once the last stage has begun.
      if (stage === "suspects") await run;
      else await assert.rejects(run, reason, stage);
      assert.ok(last === stage || stage === "read", `${last} was begun after ${stage}`);
    }
  });
});
