import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "#core/report/leak-report.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { times } from "../../../support/suspects.js";

/** What lists for 20 rooms gain in each of two rounds: ups and downs, of which a quarter goes up twice. */
function upsAndDowns(room: number, round: number): number {
  if (round === 0) return 40;
  return [
    [9, 12],
    [8, -11],
    [-9, 10],
    [-12, -11],
  ][room % 4]![round - 1]!;
}

/** What is told of lists for 20 rooms that gain and lose so many guests in each round; who leaves is the one that came first. */
function reportOn(
  gained: (room: number, round: number) => number,
  replacedIn = (_room: number): number => 20,
): Promise<LeakReport> {
  const program = new SmallProgram();
  const rooms = program.variable("rooms", program.map());
  const guests = Array.from({ length: 20 }, () => program.array());
  for (const list of guests) program.add(rooms, program.object("Key"), list);
  const push = (list: NodeRow): unknown => program.push(list, program.object("Guest", {}, 300));
  return reportAfter(program, (round) =>
    guests.forEach((list, room) => {
      const gain = gained(room, round);
      const replaced = replacedIn(room);
      times(gain + replaced, () => push(list));
      if (round > 0) times(replaced, () => program.shift(list));
    }),
  );
}

suite("one of many alike objects that grows each time", () => {
  test("does so by chance where the others go up and down by as much", async () => {
    const report = await reportOn(upsAndDowns);
    assert.equal(report.verdict, "no-leak");
  });

  test("is told if it gains much more than they do", async () => {
    const { suspects } = await reportOn((room, round) => (room === 4 && round > 0 ? 60 : upsAndDowns(room, round)));
    assert.match(suspects[0]!.title, /rooms/);
    assert.equal(suspects[0]!.verdict, "growing");
  });

  test("is told if it keeps all it got, however much the others go up and down", async () => {
    const { suspects } = await reportOn(
      (room, round) => (room === 4 ? 20 : upsAndDowns(room, round)),
      (room) => (room === 4 ? 0 : 20),
    );
    assert.match(suspects[0]!.title, /rooms/);
    assert.equal(suspects[0]!.verdict, "growing");
  });

  test("is told if all of them grow together", async () => {
    const { verdict } = await reportOn((room, round) => upsAndDowns(room, round) + (round > 0 ? 12 : 0));
    assert.equal(verdict, "leak");
  });
});
