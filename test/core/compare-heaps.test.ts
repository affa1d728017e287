import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { explainRetainers, findLeaks, type LeakReport } from "@leakdiff/core";
import { compareHeaps } from "#core/compare-heaps.js";
import type { CompareOptions } from "#core/compare-options.js";
import { snapshotsOf } from "../support/real-snapshots.js";
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
    for (const minGrowth of [NaN, -1, Infinity, "1MB" as unknown as number])
      await assert.rejects(findLeaks(files, { minGrowth }), /^RangeError: minGrowth is a number of bytes/);
    for (const cycles of [[0], [-1, 5], [1.5], [NaN, 1], [Infinity], 500 as unknown as number[]])
      await assert.rejects(findLeaks(files, { cycles }), /^RangeError: cycles are whole numbers from 1, as in/);
    for (const cycles of [[], [1, 2, 3]])
      await assert.rejects(findLeaks(files, { cycles }), /^RangeError: \d numbers of cycles for 3 snapshots/);
    for (const wrong of ["a.heapsnapshot", ["a", new URL("file:///b")]] as unknown as string[][])
      await assert.rejects(findLeaks(wrong), /^TypeError: files are a list of paths, as in/);
    const id = "@12345" as unknown as number;
    await assert.rejects(explainRetainers(files[0]!, id), /^RangeError: id is the number of an object, as in 12345; /);
  });
});

const leaksOf = ({ suspects }: LeakReport): LeakReport["suspects"] =>
  suspects.filter(({ verdict }) => verdict !== "settled");

/** A desk that opens documents, then closes them; `forget` is what closing does to the list of their histories. */
function deskAfter(forget: boolean, options: CompareOptions): Promise<LeakReport> {
  const program = new SmallProgram("const open = [];\nconst histories = [];\n");
  const [open, histories] = [program.variable("open", program.array()), program.variable("histories", program.array())];
  const round = (number: number): void => {
    program.variable(`touched${number}`, program.object("Touched"));
    if (number === 1) times(60, () => program.push(open, program.object("Document", {}, 5000)));
    if (number === 1) times(60, () => program.push(histories, program.object("History", {}, 300)));
    if (number === 2) times(60, () => program.shift(open));
    if (number === 2 && forget) times(60, () => program.shift(histories));
  };
  return compareHeaps(heapsAfter(program.heap, 3, round), options);
}

suite("a clean-up before the last snapshot", () => {
  test("leaves suspects that keep what the action made", async () => {
    const report = await deskAfter(false, { cleanup: true });
    assert.deepEqual(
      [report.verdict, report.sentence, report.cleanup, report.warnings],
      ["leak", "leak: 1 holder keeps what the action made, after the clean-up", true, []],
    );
    const [suspect, ...others] = leaksOf(report);
    assert.deepEqual(others, []);
    assert.match(suspect!.title, /Array `histories`.*server\.js:2/);
    assert.equal(suspect!.verdict, "grew");
    assert.ok(suspect!.growth.kept! >= 60 * 300, `${suspect!.growth.kept}`);
    assert.deepEqual(suspect!.growth.entryCounts, [0, 60, 60]);
    assert.deepEqual(
      suspect!.leaked.classes.map(({ name, count }) => [name, count]),
      [["History", 60]],
    );
    const { growth, suspects, settled, engine, unexplained } = report.totals;
    growth.forEach((bytes, i) => assert.equal(bytes, suspects[i]! + settled[i]! + engine[i]! + unexplained[i]!));
  });

  test("that leaves nothing is no leak, although there is more room than before", async () => {
    const report = await deskAfter(true, { cleanup: true });
    assert.deepEqual([report.verdict, report.sentence], ["no-leak", "nothing of what the action made is left"]);
    assert.deepEqual(report.suspects, []);
  });

  test("may be told with the number of actions: what is left of each", async () => {
    const report = await deskAfter(false, { cleanup: true, cycles: [20] });
    assert.deepEqual(report.cycles, [20]);
    const { perCycle, kept } = leaksOf(report)[0]!.growth;
    assert.deepEqual(perCycle, { bytes: [kept! / 20], entries: [3], whole: true });
  });

  test("has nothing to do with what comes meanwhile: the rest is told by what the action made", async () => {
    const program = new SmallProgram("const log = [];\n");
    const log = program.variable("log", program.array());
    const heaps = heapsAfter(program.heap, 3, (round) => {
      program.variable(`touched${round}`, program.object("Touched"));
      times(round === 2 ? 30 : 60, () => program.push(log, program.object("Line", {}, 300)));
    });
    const [suspect] = leaksOf(await compareHeaps(heaps, { cleanup: true, cycles: [20] }));
    assert.deepEqual(suspect!.growth.entryCounts, [60, 120, 150]);
    assert.equal(suspect!.leaked.words, "each of 60 new elements keeps 1 Line: 300 B");
    assert.deepEqual(suspect!.growth.perCycle!.entries, [3]);
  });

  test("puts what keeps as much of each action before a cache that filled", async () => {
    const program = new SmallProgram("const seen = [];\nconst fonts = [];\n");
    const [seen, fonts] = [program.variable("seen", program.array()), program.variable("fonts", program.array())];
    const round = (number: number): void => {
      program.variable(`touched${number}`, program.object("Touched"));
      if (number === 1) times(40, () => program.push(seen, program.object("Visit", {}, 300)));
      if (number === 1) times(17, () => program.push(fonts, program.object("Font", {}, 9000)));
    };
    const heaps = heapsAfter(program.heap, 3, round);
    const titles = async (options: CompareOptions): Promise<string[]> =>
      leaksOf(await compareHeaps(heaps, { cleanup: true, ...options })).map(({ title }) => /`(\w+)`/.exec(title)![1]!);
    assert.deepEqual(await titles({}), ["fonts", "seen"]);
    assert.deepEqual(await titles({ cycles: [20] }), ["seen", "fonts"]);
  });

  test("does not count what came while cleaning up", async () => {
    const program = new SmallProgram("const log = [];\n");
    const log = program.variable("log", program.array());
    const heaps = heapsAfter(program.heap, 3, (round) =>
      times(round === 2 ? 500 : 1, () => program.push(log, program.object("Line", {}, 300))),
    );
    const report = await compareHeaps(heaps, { cleanup: true });
    assert.deepEqual([report.verdict, report.suspects.length], ["no-leak", 0]);
  });

  test("finds what one variable keeps where another one of the scope let go", async () => {
    const program = new SmallProgram("let draft;\nlet last;\n");
    const { heap, scope } = program;
    const draft = program.variable("draft", program.object("Draft", {}, 90_000));
    const heaps = heapsAfter(heap, 3, (round) => {
      program.variable(`touched${round}`, program.object("Touched"));
      if (round === 1) program.variable("last", program.object("Page", {}, 20_000));
      if (round === 2) heap.unlink(scope, "draft").free(draft);
    });
    const [suspect] = leaksOf(await compareHeaps(heaps, { cleanup: true }));
    assert.match(suspect!.title, /`last`/);
    assert.equal(suspect!.growth.kept, 20_000);
  });

  test("is asked for where it looks as if there had been one", async () => {
    const report = await deskAfter(false, {});
    assert.equal(report.cleanup, false);
    assert.deepEqual(
      report.warnings.map(({ code }) => code),
      ["looks-like-cleanup"],
    );
    assert.match(report.warnings[0]!.message, /grew by \d+ kB and then shrank by \d+ kB; .* --cleanup$/);
  });

  test("takes three snapshots and one number of cycles", async () => {
    const files = ["none-a.heapsnapshot", "none-b.heapsnapshot", "none-c.heapsnapshot"];
    await assert.rejects(findLeaks(files.slice(1), { cleanup: true }), /^RangeError: cleanup takes three .* are 2$/);
    await assert.rejects(findLeaks([...files, "d"], { cleanup: true }), /^RangeError: cleanup takes three/);
    await assert.rejects(findLeaks(files, { cleanup: true, cycles: [5, 5] }), /^RangeError: with cleanup, .* \[7\]$/);
  });

  test("is told right of a real program, and of its healthy twin", async () => {
    const { files, truth } = await snapshotsOf("closed-documents");
    const report = await findLeaks(files, { cleanup: true, cycles: [50] });
    assert.equal(report.verdict, "leak");
    const [suspect, ...others] = leaksOf(report);
    assert.deepEqual(others, []);
    assert.match(suspect!.title, truth.leaks[0]!.holder);
    assert.equal(suspect!.kind, "map-cache");
    assert.deepEqual([suspect!.growth.perCycle!.entries, suspect!.growth.perCycle!.whole], [[1], true]);
    assert.equal((await findLeaks(files)).warnings[0]!.code, "looks-like-cleanup");

    const healthy = await findLeaks((await snapshotsOf("clean-closed-documents")).files, { cleanup: true });
    assert.deepEqual([healthy.verdict, leaksOf(healthy)], ["no-leak", []]);
  });
});
