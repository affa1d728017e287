import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { reportOn } from "../../../support/real-reports.js";
import { leakAfter, leaksOf, onlyLeak, times } from "../../../support/suspects.js";

/** What V8 has for `description`, and nothing else in the test refers to. */
function symbol({ heap }: SmallProgram, description: string): number {
  const made = heap.node("symbol", "symbol", { size: 24 });
  heap.internal(made, "name", heap.string(description, { size: 80 }));
  return made;
}

suite("symbols of Symbol.for", () => {
  test("are told as that, though no variable leads to them", async () => {
    const leak = onlyLeak(await reportOn("symbol-registry"));
    assert.equal(leak.kind, "symbol-registry");
    assert.match(leak.title, /`Symbol\.for\(\)`/);
    assert.match(leak.leaked.words, /symbol/);
  });

  test("have one fingerprint, whether or not V8 made a larger table for them meanwhile", async () => {
    const fingerprints = new Set<string>();
    for (const isNewTable of [false, true]) {
      const program = new SmallProgram();
      const { heap } = program;
      const roots = heap.subroot("(Strong roots)");
      let table = heap.array("", { size: 4000 });
      heap.internal(roots, "public_symbol_table", table);
      const all: number[] = [];
      const leak = await leakAfter(program, (round) => {
        times(40, (i) => all.push(symbol(program, `tenant ${round} ${i}`)));
        if (isNewTable) {
          heap.unlink(roots, "public_symbol_table").free(table);
          table = heap.array("", { size: 4000 });
          heap.internal(roots, "public_symbol_table", table);
          all.forEach((each, i) => heap.internal(table, String(i), each));
        } else all.slice(-40).forEach((each, i) => heap.internal(table, String(round * 40 + i), each));
      });
      assert.equal(leak.kind, "symbol-registry");
      fingerprints.add(leak.fingerprint);
    }
    assert.equal(fingerprints.size, 1);
  });

  test("are told beside other leaks, too, whether or not V8 made a larger table for them meanwhile", async () => {
    for (const isNewTable of [false, true]) {
      const program = new SmallProgram();
      const { heap } = program;
      const roots = heap.subroot("(Strong roots)");
      let table = heap.array("", { size: 4000 });
      heap.internal(roots, "public_symbol_table", table);
      const rows = program.variable("rows", program.array());
      const all: number[] = [];
      const report = await reportAfter(program, (round) => {
        times(90, (i) => all.push(symbol(program, `tenant ${round} ${i}`)));
        if (isNewTable) {
          heap.unlink(roots, "public_symbol_table").free(table);
          table = heap.array("", { size: 4000 });
          heap.internal(roots, "public_symbol_table", table);
        }
        (isNewTable ? all : all.slice(-90)).forEach((each) => heap.internal(table, String(all.indexOf(each)), each));
        times(40, () => program.push(rows, program.object("Row", {}, 300)));
      });
      assert.deepEqual(
        leaksOf(report)
          .map(({ kind }) => kind)
          .sort(),
        ["module-array", "symbol-registry"],
      );
    }
  });

  test("are none if a variable of the program's keeps them", async () => {
    const program = new SmallProgram();
    const keys = program.variable("keys", program.array());
    const leak = await leakAfter(program, () => times(40, (i) => program.push(keys, symbol(program, `key ${i}`))));
    assert.equal(leak.kind, "module-array");
  });
});
