import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findLeaks, type LeakReport } from "@leakdiff/core";
import { compareHeaps, type CompareOptions } from "#core/compare-heaps.js";
import { heapsAfter, SmallProgram } from "../support/small-program.js";

function times(count: number, make: (number: number) => void): void {
  for (let i = 0; i < count; i++) make(i);
}

/** A journal that gains so many entries before each snapshot. */
function journalAfter(entries: readonly number[], options: CompareOptions): Promise<LeakReport> {
  const program = new SmallProgram("const journal = [];\n");
  const journal = program.variable("journal", program.array());
  const round = (number: number): void =>
    times(entries[number]!, () => program.push(journal, program.object("Entry", {}, 200)));
  return compareHeaps(heapsAfter(program.heap, entries.length, round), options);
}

suite("cycles between the snapshots", () => {
  test("make a steady leak of uneven intervals a steady leak", async () => {
    const entries = [10, 1000, 100];
    assert.equal((await journalAfter(entries, {})).verdict, "no-leak");
    const report = await journalAfter(entries, { cycles: [500, 50] });
    assert.equal(report.verdict, "leak");
    assert.deepEqual(report.cycles, [500, 50]);
    const { perCycle, bytes } = report.suspects[0]!.growth;
    assert.deepEqual(perCycle, { bytes: [bytes[0]! / 500, bytes[1]! / 50], entries: [2, 2], whole: true });
  });

  test("show that growth dies away, although the later interval is longer", async () => {
    const entries = [10, 100, 100];
    assert.equal((await journalAfter(entries, {})).verdict, "leak");
    const report = await journalAfter(entries, { cycles: [50, 500] });
    assert.equal(report.verdict, "no-leak");
    assert.deepEqual(
      report.suspects.map(({ verdict, growth }) => [verdict, growth.perCycle!.entries, growth.perCycle!.whole]),
      [["decaying", [2, 0.2], false]],
    );
  });

  test("are one number for all intervals, or one for each", async () => {
    assert.deepEqual((await journalAfter([10, 100, 100, 100], { cycles: [50] })).cycles, [50, 50, 50]);
    assert.equal((await journalAfter([10, 100], {})).cycles, null);
    assert.equal((await journalAfter([10, 100], {})).suspects[0]!.growth.perCycle, null);
  });

  test("leave it at `grew` where there are two snapshots, but are told", async () => {
    const report = await journalAfter([10, 100], { cycles: [50] });
    assert.equal(report.verdict, "grew");
    assert.deepEqual(report.suspects[0]!.growth.perCycle!.entries, [2]);
  });

  test("do not count the room of an array of numbers as entries", async () => {
    const program = new SmallProgram("const readings = [];\n");
    const readings = program.variable("readings", program.array());
    const heaps = heapsAfter(program.heap, 3, () => program.pushNumbers(readings, 5000));
    const { suspects } = await compareHeaps(heaps, { cycles: [2] });
    assert.deepEqual([suspects[0]!.growth.entryWord, suspects[0]!.growth.perCycle!.whole], ["element slots", false]);
  });

  test("are refused where they make no sense, before anything is read", async () => {
    const files = ["none-a.heapsnapshot", "none-b.heapsnapshot", "none-c.heapsnapshot"];
    for (const cycles of [[0], [-1, 5], [1.5], [NaN, 1], [Infinity]])
      await assert.rejects(findLeaks(files, { cycles }), /^RangeError: cycles are whole numbers from 1, as in/);
    for (const cycles of [[], [1, 2, 3]])
      await assert.rejects(findLeaks(files, { cycles }), /^RangeError: \d numbers of cycles for 3 snapshots/);
  });
});
