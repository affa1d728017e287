import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type * as Report from "@leakdiff/core";
import { findLeaks, type LeakReport } from "@leakdiff/core";
import { assertValid, isValid, isValidForReaders, type ObjectSchema, schema } from "../../support/report-schema.js";
import { NORMAL, reportOn } from "../../support/real-reports.js";
import { snapshotsOf } from "../../support/real-snapshots.js";
import { reportAfter, SmallProgram } from "../../support/small-program.js";
import { fakeReport } from "../../support/fake-report.js";

suite("the schema of the report", () => {
  test("is met by real reports of a leak, of none, and of two snapshots", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const reports = [
      await reportOn("seed-server"),
      await reportOn("seed-server-objects"),
      await reportOn("seed-server", NORMAL),
      await findLeaks([files[0]!, files[1]!]),
    ];
    assert.deepEqual(
      reports.map(({ verdict }) => verdict),
      ["leak", "leak", "no-leak", "grew"],
    );
    for (const report of reports) assertValid(report);
  });

  test("is met where nothing can be told, or something has to be said first", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const same = await findLeaks([files[0]!, files[0]!]);
    assert.equal(same.verdict, "cannot-tell");
    const other = await snapshotsOf("seed-server-objects", { phases: [2, 6] });
    const byName = await findLeaks([files[0]!, other.files[1]!]);
    assert.equal(byName.comparison, "by-name");
    const turned = await findLeaks([files[1]!, files[0]!]);
    assert.equal(turned.warnings.length, 1);
    for (const report of [same, byName, turned]) assertValid(report);
  });

  test("is met by reports on heaps that grew in all manners", async () => {
    const program = new SmallProgram();
    const [list, numbers] = [program.variable("list", program.array()), program.variable("numbers", program.array())];
    const [cache, filled] = [program.variable("cache", program.map()), program.variable("filled", program.set())];
    const report = await reportAfter(program, (round) => {
      for (let i = 0; i < 60; i++) {
        const shared = program.object("Shared", {}, 100);
        program.push(list, shared);
        program.add(cache, program.object("Key"), shared);
        if (round < 2) program.add(filled, program.object("Page", {}, 500));
      }
      program.pushNumbers(numbers, 5000);
      if (round === 2) program.variable("burst", program.object("Burst", {}, 500_000));
    });
    assert.ok(report.suspects.length >= 3, report.sentence);
    assertValid(report);
  });

  test("is met by the report that renderers are tested with", () => assertValid(fakeReport()));

  test("lets readers meet fields of a later leakdiff, and nothing else that is wrong", () => {
    const report = fakeReport();
    assert.ok(isValidForReaders({ ...report, added: true }));
    assert.ok(!isValid({ ...report, added: true }));
    const { verdict: _verdict, ...incomplete } = report;
    assert.ok(!isValidForReaders(incomplete));
    assert.ok(!isValidForReaders({ ...report, version: 2 }));
    assert.ok(!isValidForReaders({ ...report, suspects: [{ ...report.suspects[0], kind: "Module Array" }] }));
  });

  test("requires and describes the very fields that the types have", () => {
    // Each list is checked by the compiler: a field too many or too few does not build.
    const fieldsOf: Record<string, Record<string, true>> = {
      SnapshotSummary: {
        file: true,
        nodeCount: true,
        edgeCount: true,
        totalBytes: true,
        comparability: true,
      } satisfies All<Report.SnapshotSummary>,
      Totals: {
        growth: true,
        suspects: true,
        settled: true,
        leftOut: true,
        engine: true,
        unexplained: true,
      } satisfies All<Report.Totals>,
      ClassGrowth: { name: true, bytes: true, intervals: true } satisfies All<Report.ClassGrowth>,
      ClassInterval: { born: true, died: true, survived: true, bytes: true } satisfies All<Report.ClassInterval>,
      Tally: { count: true, bytes: true } satisfies All<Report.Tally>,
      Suspect: {
        title: true,
        kind: true,
        verdict: true,
        advice: true,
        holder: true,
        growth: true,
        leaked: true,
        texts: true,
        alsoHeldBy: true,
        growAlong: true,
        path: true,
        fingerprint: true,
      } satisfies All<Report.Suspect>,
      Holder: { name: true, class: true, nodeId: true, location: true, module: true } satisfies All<Report.Holder>,
      SourceLocation: { file: true, line: true, column: true, original: true } satisfies All<Report.SourceLocation>,
      OriginalLocation: {
        file: true,
        line: true,
        column: true,
        name: true,
        text: true,
      } satisfies All<Report.OriginalLocation>,
      Growth: {
        bytes: true,
        entries: true,
        entryCounts: true,
        entryWord: true,
        kept: true,
        perCycle: true,
        retained: true,
      } satisfies All<Report.Growth>,
      PerCycle: { bytes: true, entries: true, whole: true } satisfies All<Report.PerCycle>,
      LeakedUnit: { words: true, classes: true } satisfies All<Report.LeakedUnit>,
      LeakedClass: { name: true, count: true, bytes: true } satisfies All<Report.LeakedClass>,
      HeapText: { of: true, text: true } satisfies All<Report.HeapText>,
      PathStep: {
        words: true,
        edge: true,
        node: true,
        location: true,
        internal: true,
        holder: true,
      } satisfies All<Report.PathStep>,
      Warning: { code: true, message: true } satisfies All<Report.Warning>,
    };
    const fieldsOfReport = {
      version: true,
      verdict: true,
      sentence: true,
      comparison: true,
      snapshots: true,
      cleanup: true,
      cycles: true,
      totals: true,
      smallestLeak: true,
      classes: true,
      suspects: true,
      warnings: true,
    } satisfies All<LeakReport>;
    assert.deepEqual(Object.keys(schema.$defs).sort(), Object.keys(fieldsOf).sort());
    const all: [ObjectSchema, object][] = Object.entries(fieldsOf).map(([name, fields]) => [
      schema.$defs[name]!,
      fields,
    ]);
    for (const [part, fields] of [...all, [schema, fieldsOfReport] as const]) {
      assert.deepEqual([...part.required!].sort(), Object.keys(fields).sort());
      assert.deepEqual(Object.keys(part.properties!).sort(), Object.keys(fields).sort());
    }
  });
});

type All<T> = { readonly [Key in keyof T]-?: true };
