import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { foldPath } from "#cli/render/path.js";
import type { Suspect } from "#core/report/leak-report.js";
import { SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leakAfter, times } from "../../../support/suspects.js";

/** An ES module of a program, whose variables nothing but importers refer to: V8 has each in a cell of a table. */
function exporting(program: SmallProgram, name: string, value: NodeRow): void {
  const { heap, scope } = program;
  const wrap = heap.object("ModuleWrap");
  const module = heap.node("hidden", "system / SourceTextModule");
  const table = heap.array("", { size: 64 });
  const cell = heap.node("hidden", "system / Cell");
  heap.property(heap.global(), "modules", wrap).internal(wrap, "2", module);
  heap.internal(scope, "extension", module);
  heap.hidden(module, 0, table).hidden(module, 5, scope);
  heap.internal(table, "3", heap.string(name)).internal(table, "4", cell).internal(cell, "value", value);
}

function wordsOf({ path }: Suspect): string[] {
  const toHolder = path.slice(0, path.findIndex(({ holder }) => holder) + 1);
  return foldPath(toHolder, 9, 9).flatMap((shown) => ("words" in shown ? [shown.words] : []));
}

suite("the path to a holder", () => {
  test("begins with the name of what a module exports, where that keeps it alive", async () => {
    const program = new SmallProgram("export const lastErrors = new Ring();\n", "/app/errors.mjs");
    const slots = program.array();
    exporting(program, "lastErrors", program.object("Ring", { slots }));
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(slots, program.object("Failure", {}, 300))),
    );
    assert.equal(leak.title, "Array `lastErrors.slots`, module scope of errors.mjs:1");
    assert.deepEqual(wordsOf(leak).slice(-2), ["export `lastErrors` of errors.mjs", "`slots` of Ring"]);
  });

  test("has entries of Maps and Sets, and of no other nameless array", async () => {
    const program = new SmallProgram();
    const [users, hidden] = [program.map(), program.heap.array("", { size: 64 })];
    const [seen, known] = [program.array(), program.array()];
    program.add(program.variable("users", users), program.object("Key"), program.object("User", { seen }));
    program.heap.internal(program.heap.global(), "engine's", hidden).internal(hidden, "7", known);
    const leak = await leakAfter(program, () => times(40, () => program.push(seen, program.object("Page", {}, 300))));
    assert.ok(wordsOf(leak).includes("entry of Map or Set"), wordsOf(leak).join(" → "));
    const other = await leakAfter(program, () => times(40, () => program.push(known, program.object("Page", {}, 300))));
    assert.ok(!wordsOf(other).includes("entry of Map or Set"), wordsOf(other).join(" → "));
  });
});
