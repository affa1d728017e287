import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  differences,
  type GrowthSeries,
  type Judgement,
  judge,
  judgeKept,
  sum,
  type Terms,
} from "#core/suspects/growth/growth-verdict.js";

const FLOOR = 4096;

const terms = (floor = FLOOR, cycles: readonly number[] | null = null): Terms => ({ floor, cycles });

/** A series of bytes alone, or with entries; it began with 10 kB. */
function series(
  bytes: readonly number[],
  entries: readonly number[] | null = null,
  enlargedBy: number | null = null,
): GrowthSeries {
  return { bytes, entries, enlargedBy, before: 10_000 };
}

suite("the judgement on a holder", () => {
  const table: readonly [because: string, given: GrowthSeries, expected: Judgement][] = [
    ["the same in every interval", series([50_000, 50_000]), "growing"],
    ["less in the last, but no end in sight", series([50_000, 30_000]), "growing"],
    ["more and more", series([10_000, 90_000]), "growing"],
    ["all of it in the first interval: a cache that filled", series([500_000, 0]), "settled"],
    ["next to nothing in the last", series([500_000, 300]), "settled"],
    ["grew, then gave some back", series([500_000, -20_000]), "settled"],
    ["dies away, as when modules are loaded", series([500_000, 60_000]), "decaying"],
    ["nothing at first, then all at once", series([0, 80_000]), "burst"],
    ["next to nothing at first, then all at once", series([80, 15_104]), "burst"],
    ["little at first, and yet some", series([1000, 15_104]), "growing"],
    ["shrank", series([-5000, -5000]), "flat"],
    ["too little to speak of", series([1000, 1000]), "flat"],
    ["four intervals, all alike", series([9000, 9000, 9000, 9000]), "growing"],
    ["most of four intervals, a pause between", series([9000, 9000, 0, 9000]), "stepped"],
    [
      "steady, then a third of that: a cache that is filled in the last interval",
      series([9000, 9000, 3000]),
      "decaying",
    ],
    ["most in one interval, and the last more than another before", series([6000, 40_000, 10_000]), "growing"],
    ["uneven, and the last no less than another before", series([9000, 4000, 3000]), "growing"],
    ["as many entries in each, the table doubled in one", series([40_000, 300], [100, 100]), "growing"],
    [
      "as many entries in each, and room for them in the first",
      { ...series([35_000, 6400], [200, 200]), room: () => [28_600, 0] },
      "growing",
    ],
    [
      "about as many entries in each that weigh less and less",
      { ...series([35_000, 6400], [200, 190]), room: () => [600, 0] },
      "decaying",
    ],
    ["as few entries in each, of which the first were heavy", series([35_000, 6400], [3, 3]), "decaying"],
    [
      "as many entries in each, of which one led to much for a while",
      { ...series([35_000, 6400], [200, 200]), room: () => [600, 0] },
      "growing",
    ],
    ["a few entries, of which the last weighs all", series([2800, 560_000], [1, 2]), "burst"],
    ["a few entries, of which the first weighed all", series([560_000, 2800], [2, 1]), "settled"],
    ["a few entries of alike weight", series([3000, 9000], [1, 2]), "growing"],
    ["more than a few entries, of which the last weigh all", series([2800, 560_000], [2, 2]), "growing"],
    ["entries that stopped, though bytes came later", series([1000, 90_000], [500, 0]), "settled"],
    ["as many entries, a little heavier: counters that get longer", series([2100, 2100], [0, 0]), "settled"],
    ["as many entries, heavier and heavier", series([90_000, 90_000], [0, 0]), "growing"],
    [
      "as many entries, others in the places of those that live on elsewhere",
      { ...series([90_000, 90_000], [0, 0]), left: () => 178_000 },
      "settled",
    ],
    [
      "as many entries in one interval, others in the places of those that live on elsewhere",
      { ...series([90_000], [0]), left: () => 88_000 },
      "flat",
    ],
    [
      "as many entries, heavier and heavier by what is swept",
      { ...series([90_000, 90_000], [0, 0]), isSwept: true },
      "settled",
    ],
    ["one entry that came once, and more and more behind it", series([144_000, 144_000], [1, 0]), "growing"],
    ["several entries that came once, and bytes later", series([144_000, 144_000], [4, 0]), "settled"],
    ["one interval, as many entries and more room for them", series([9000], [0]), "grew"],
    ["one interval, as many entries, a little heavier", series([4500], [0]), "flat"],
    ["one interval, as many entries of what is swept", { ...series([9000], [0]), isSwept: true }, "flat"],
    ["one interval, more entries of what is swept", { ...series([9000], [9]), isSwept: true }, "grew"],
    ["as many entries, heavier at the end only", series([0, 90_000], [0, 0]), "burst"],
    ["few bytes, but entries all the time", series([700, 700], [10, 10]), "growing"],
    ["emptied in between", series([9000, 9000, -9000, 9000], [100, 133, -272, 133]), "turnover"],
    ["a few entries less in between", series([9000, 9000, -900, 9000], [100, 133, -50, 133]), "stepped"],
    ["up and down, with requests in flight", series([13_800, -15_400, 6100]), "turnover"],
    [
      "up and down, and the sum of it is no more than what went",
      series([39_000, -29_000, 16_000], [12, -9, 5]),
      "turnover",
    ],
    ["some of it is given back", series([9000, 9000, -9000, 9000]), "stepped"],
    ["what starting took is gone at first", series([-9000, 9000, 9000, 9000], [-272, 133, 133, 133]), "stepped"],
    ["room alone is known, and one interval needed none", series([90_000, 0, 60_000], [10, 0, 9], 1.5), "stepped"],
    [
      "room for as many more each time, which was enough in the last",
      series([45_000, 40_000, 60_000, 0], [9, 9, 9, 0], 1.5),
      "stepped",
    ],
    ["room that came at once and was enough ever since", series([90_000, 60_000, 0, 0], [9, 9, 0, 0], 1.5), "settled"],
    ["a table's, of which most came at once", series([200_000, 60_000, 0], [9, 9, 0], 2), "settled"],
    ["a table's room, doubled twice and enough in the last", series([10_000, 20_000, 0], [9, 9, 0], 2), "stepped"],
    [
      "a table's room, made once and enough ever since: one step tells no pace",
      { ...series([8192, 0], [9, 0], 2), before: 100 },
      "settled",
    ],
    ["two snapshots, and no more entries: others, a little heavier", series([4200], [0]), "flat"],
    ["two snapshots, and no more entries, but far heavier", series([9000], [0]), "grew"],
    ["two snapshots, and more entries", series([4200], [3]), "grew"],
    ["two snapshots, of which room alone is known", series([4200], [0], 1.5), "grew"],
    [
      "objects that came at once into room that was there: not what a table's growth looks like",
      { ...series([0, 90_000], [9, 0], 1.5), room: () => [0, 0] },
      "burst",
    ],
    ["too little room to speak of", series([700, 700], [10, 10], 1.5), "flat"],
  ];
  for (const [because, given, expected] of table)
    test(`is ${expected}: ${because}`, () => assert.equal(judge(given, terms()), expected));

  const withCycles: readonly [because: string, given: GrowthSeries, cycles: readonly number[], expected: Judgement][] =
    [
      ["a tenth of the work, a tenth of the growth", series([500_000, 50_000]), [500, 50], "growing"],
      ["a tenth of the work, a tenth of the entries", series([500_000, 50_000], [480, 52]), [500, 50], "growing"],
      ["ten times the work for as much growth", series([50_000, 50_000]), [50, 500], "decaying"],
      ["ten times the work for as many entries", series([50_000, 90_000], [100, 100]), [50, 500], "decaying"],
      ["a hundred times the work for as many entries", series([50_000, 90_000], [50, 51]), [50, 5000], "settled"],
      ["one entry each time, whatever the table weighs", series([90_000, 9000], [50, 50]), [50, 50], "growing"],
      ["almost one entry each time, and less and less weight", series([90_000, 9000], [50, 49]), [50, 50], "decaying"],
      ["even numbers of entries, but ever fewer", series([90_000, 9000], [500, 100]), [50, 100], "decaying"],
      ["one cycle: every number is a multiple", series([90_000, 9000], [50, 49]), [1, 1], "decaying"],
    ];
  for (const [because, given, cycles, expected] of withCycles)
    test(`is ${expected} by the cycle: ${because}`, () => assert.equal(judge(given, terms(FLOOR, cycles)), expected));

  test("is the same whether nobody said how many cycles there were, or that they were as many each time", () => {
    const bytes = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 1000 }), (each, cycles) =>
        assert.equal(
          judge(
            series(each),
            terms(
              FLOOR,
              each.map(() => cycles),
            ),
          ),
          judge(series(each), terms()),
        ),
      ),
    );
  });

  test("is no more than `grew` with two snapshots", () => {
    assert.equal(judge(series([50_000]), terms()), "grew");
    assert.equal(judge(series([50_000], [12]), terms()), "grew");
    assert.equal(judge(series([50_000], [-12]), terms()), "flat");
    assert.equal(judge(series([50]), terms()), "flat");
    assert.equal(judge(series([50_000], [0]), terms()), "grew", "as many entries, far heavier");
    assert.equal(judge(series([4999], [0]), terms()), "flat", "as many entries, hardly heavier");
    assert.equal(judge({ ...series([50_000], [0]), isSwept: true }, terms()), "flat");
    assert.equal(judge(series([4999], [0], 1.5), terms()), "grew", "of room nobody knows");
    fc.assert(
      fc.property(fc.integer(), (bytes) => assert.ok(["grew", "flat"].includes(judge(series([bytes]), terms())))),
    );
  });

  test("is flat for no growth at all, however low the floor", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(5000), (intervals, floor) => {
        const none = Array.from({ length: intervals }, () => 0);
        assert.equal(judge(series(none), terms(floor)), "flat");
        assert.equal(judge(series(none, none), terms(floor)), "flat");
        assert.equal(judge(series(none, none, 1.5), terms(floor)), "flat");
      }),
    );
  });

  test("is flat for what shrinks in every interval", () => {
    const shrinking = fc.array(fc.integer({ max: 0 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(shrinking, fc.nat(), (bytes, floor) => assert.equal(judge(series(bytes), terms(floor)), "flat")),
    );
  });

  test("stays `growing` when the same is added to every interval", () => {
    const growth = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(growth, fc.nat(1e9), (bytes, more) => {
        fc.pre(judge(series(bytes), terms()) === "growing");
        assert.equal(judge(series(bytes.map((each) => each + more)), terms()), "growing");
      }),
    );
  });

  test("does not depend on the unit bytes are counted in", () => {
    const bytes = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 2, max: 1000 }), (each, factor) => {
        const scaled = { ...series(each.map((value) => value * factor)), before: 10_000 * factor };
        assert.equal(judge(scaled, terms(FLOOR * factor)), judge(series(each), terms()));
      }),
    );
  });

  test("is growing only for what grew in every interval", () => {
    const column = fc.array(fc.integer({ min: -20_000, max: 20_000 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(column, (bytes) => {
        if (judge(series(bytes), terms()) === "growing") assert.ok(bytes.every((each) => each > 0));
      }),
    );
  });
});

test("what is kept after cleaning up has grown, if it is enough and the entries are not fewer", () => {
  assert.equal(judgeKept(5000, null, FLOOR), "grew");
  assert.equal(judgeKept(4000, null, FLOOR), "flat");
  assert.equal(judgeKept(4000, [50, 0], FLOOR), "grew");
  assert.equal(judgeKept(4000, [50, -50], FLOOR), "flat");
  assert.equal(judgeKept(9000, [50, -51], FLOOR), "flat");
  assert.equal(judgeKept(0, [50, 0], 0), "flat");
});

test("differences and sums undo each other", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 8 }), (values) => {
      assert.equal(differences(values).length, values.length - 1);
      assert.equal(values[0]! + sum(differences(values)), values[values.length - 1]);
    }),
  );
});
