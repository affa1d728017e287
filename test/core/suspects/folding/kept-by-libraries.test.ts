import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "@leakdiff/core";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

interface Around {
  /** Where the second table is. */
  readonly file?: string;
  /** Whether its entries lead to those of the first. */
  readonly areLinked?: boolean;
  /** Whether it has a function of the program's for each. */
  readonly hasCallback?: boolean;
  /** Its entries for each of the first table. */
  readonly each?: number;
  readonly ofProgram?: boolean;
}

/** Editors in a table of the program's, or of the library that made them, and in one that another library has of them. */
function editors(around: Around = {}): Promise<LeakReport> {
  const {
    file = "/app/node_modules/view/index.js",
    areLinked = true,
    hasCallback,
    each = 2,
    ofProgram = true,
  } = around;
  const program = new SmallProgram("const editors = new Map();\nfunction main() {}\nfunction draw() {}\n");
  const { heap } = program;
  const maker = ofProgram ? program : new SmallProgram("", "/app/node_modules/editor/index.js", heap, 8);
  const library = new SmallProgram("const views = new Map();\nfunction main() {}\n", file, heap, 9);
  const table = maker.variable("editors", program.map());
  const views = library.variable("views", program.map());
  return reportAfter(program, () =>
    times(40, () => {
      const editor = program.object("Editor", {}, 100);
      program.add(table, heap.string("name"), editor);
      times(each, () => {
        const view = program.object("View", areLinked ? { editor } : {}, 300);
        if (hasCallback) heap.property(view, "draw", program.function("draw", program.newScope(program.scope), 3));
        program.add(views, heap.string("id"), view);
      });
    }),
  );
}

suite("what libraries have of each entry of something else", () => {
  test("is one finding with that, by which it is told", async () => {
    const leak = onlyLeak(await editors());
    assert.match(leak.title, /^Map `editors`/);
    assert.match(leak.growAlong.join(), /^Map `views`.*, keeps View$/);
    assert.match(leak.advice, /What grows with it is a library's: .*destroy\(\)/);
  });

  test("is told by the table with the fewest entries where all are of libraries", async () => {
    const leak = onlyLeak(await editors({ ofProgram: false }));
    assert.match(leak.title, /^Map `editors`/);
    assert.match(leak.advice, /^A library has this: /);
  });

  test("is another leak where it leads to none of that, or has functions of the program's", async () => {
    assert.equal(leaksOf(await editors({ areLinked: false })).length, 2);
    assert.equal(leaksOf(await editors({ hasCallback: true })).length, 2);
  });

  test("is another leak where it is the program's own", async () => {
    assert.equal(leaksOf(await editors({ file: "/app/views.js" })).length, 2);
  });
});
