import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { leftWith, type LeftBehind, withLeftBehind } from "#core/diff/left-behind.js";
import { holderGrowth } from "#core/diff/holder-growth.js";
import type { HolderGrowth } from "#core/diff/holder-growth.js";
import { matchNodes } from "#core/diff/match-nodes.js";
import { survivors } from "#core/diff/survivors.js";
import { heapsAfter, SmallProgram, survivorWithId } from "../../support/small-program.js";
import type { NodeRow } from "../../support/snapshot-builder.js";

type Left = HolderGrowth & { readonly left: LeftBehind };

/** Growth with what was left behind, of a program that does something else before each of three snapshots. */
function leftAfter(program: SmallProgram, round: (number: number) => void): Left {
  const heaps = heapsAfter(program.heap, 3, round);
  const matches = heaps.slice(1).map((later, i) => matchNodes(heaps[i]!.graph, later.graph));
  return withLeftBehind(holderGrowth(heaps, survivors(heaps, matches)), matches) as Left;
}

suite("what an action left behind", () => {
  test("is what came with it and is there after cleaning up; not what was there, went, or came later", () => {
    const program = new SmallProgram();
    const list = program.variable("list", program.array());
    const sizes = [1, 20, 400];
    const growth = leftAfter(program, (round) => {
      program.push(list, program.object("Item", {}, sizes[round]!));
      if (round === 2) program.shift(list);
    });
    const survivor = survivorWithId(growth, program.heap.id(list));
    assert.equal(growth.left.bytes[survivor], 20);
    assert.equal(
      growth.left.isLeft.reduce((count, is) => count + is, 0),
      1,
    );
  });

  test("is counted as it was before cleaning up, if it grew meanwhile", () => {
    const program = new SmallProgram();
    const list = program.variable("list", program.array());
    let inner: NodeRow;
    const growth = leftAfter(program, (round) => {
      if (round === 1) program.push(list, (inner = program.array()));
      if (round > 0) program.pushNumbers(inner, round * 1000);
    });
    const survivor = survivorWithId(growth, program.heap.id(list));
    const inner1000 = growth.left.bytes[survivor]!;
    assert.ok(inner1000 > 8000 && inner1000 < 16_000, `${inner1000}`);
  });

  test("is no more than what the holder has more than before the action", () => {
    const program = new SmallProgram();
    const recent = program.variable("recent", program.array());
    const growth = leftAfter(program, (round) => {
      for (let i = 0; i < 10 && round < 2; i++) {
        if (round === 1) program.shift(recent);
        program.push(recent, program.object("Page", {}, 1000));
      }
    });
    const survivor = survivorWithId(growth, program.heap.id(recent));
    assert.equal(growth.left.bytes[survivor], 10_000);
    assert.equal(leftWith(growth, growth.left, survivor), 0);
  });

  test("adds up: objects that are born, stay or go as chance has it", () => {
    const lives = fc.array(fc.record({ born: fc.nat(2), dies: fc.nat(3), size: fc.integer({ min: 8, max: 500 }) }));
    fc.assert(
      fc.property(lives, (all) => {
        const program = new SmallProgram();
        const holder = program.variable("holder", program.object("Holder"));
        const rows: NodeRow[] = [];
        const growth = leftAfter(program, (round) =>
          all.forEach(({ born, dies, size }, i) => {
            if (born === round) program.heap.property(holder, `p${i}`, (rows[i] = program.object("Thing", {}, size)));
            if (dies === round && dies > born) program.heap.unlink(holder, `p${i}`).free(rows[i]!);
          }),
        );
        const survivor = survivorWithId(growth, program.heap.id(holder));
        const expected = all.filter(({ born, dies }) => born === 1 && dies !== 2);
        assert.equal(
          growth.left.bytes[survivor],
          expected.reduce((sum, { size }) => sum + size, 0),
        );
      }),
      { numRuns: 50 },
    );
  });
});
