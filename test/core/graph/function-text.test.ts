import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { functionCode, namesVariable } from "#core/graph/function-text.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import type { Originals } from "#core/graph/originals.js";
import { addClosure, addScript, addShared } from "../../support/program-builder.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

/** The code of a function that starts at `(`, `class` or a name behind the mark. */
function codeIn(marked: string, more: Partial<HeapGraph> = {}): string | null {
  const [before, after] = marked.split("@@") as [string, string];
  const lines = before.split("\n");
  const heap = new SnapshotBuilder();
  const script = addScript(heap, "/app/server.js", before + after);
  const at = { scriptId: 7, line: lines.length - 1, column: lines[lines.length - 1]!.length };
  const closure = addClosure(heap, addShared(heap, script, "f"), { name: "f", at });
  return functionCode({ ...graphOf(heap), ...more }, closure);
}

/** Of all the ways to write a function: `first` and `last` are in it, `before` and `after` are not. */
const FUNCTIONS = [
  "before; function f@@(first) { return last; } after;",
  "before\nconst f = @@(first) => last; after;",
  "before\nconst f = @@first => last\n, g = after;",
  "call(before, @@(first) => first.map((x) => [x, last]), after);",
  "const o = { before, f@@(first, { a } = {}) { if (a) { b(); } return last; }, after };",
  "before; @@class A extends mixin(first) { #x = 1; f() { return last; } } after;",
  "before; function f@@(first) { return `${first} } ${`${last}`}`; } after;",
  "before; function f@@(first) { return first / 2 / last; } after;",
  "before; function f@@(first) { return /[}/]'/.test(first) ? '}' : last; } // after\nafter;",
  'before; function f@@(first) { /* } */ const s = "it\'s }"; // }\n return last; } after;',
  "before; async function* f@@(first = { a: [1] }) { yield* last; } after;",
];

suite("the code of a function", () => {
  test("is that which ran, also where the place in its source is known", () => {
    const place = { file: "src/app.ts", line: 1, column: 1, name: "f", text: null };
    const originals: Originals = {
      place: () => place,
      privateField: () => null,
      declaration: () => null,
      inRegister: () => null,
    };
    assert.equal(
      codeIn("before; function f@@(first) { return last; } after;", { originals }),
      "(first) { return last; }",
    );
  });

  test("goes from its parameters to its end, however it is written", () => {
    for (const marked of FUNCTIONS) {
      const code = codeIn(marked);
      assert.ok(code !== null, marked);
      for (const name of ["first", "last"]) assert.ok(namesVariable(code, name), `${name} in ${marked}`);
      for (const name of ["before", "after"]) assert.ok(!namesVariable(code, name), `${name} in ${marked}`);
    }
  });

  test("is not known if the file does not hold all of it", () => {
    for (const marked of FUNCTIONS) {
      const [before, after] = marked.split("@@") as [string, string];
      assert.equal(codeIn(`${before}@@${after.slice(0, after.indexOf("last"))}`), null, marked);
    }
    assert.equal(codeIn("f()\n\n\n@@"), null);
    assert.equal(codeIn("function f@@(a) { return ')' }} }".replace("(a)", "(a]")), null);
  });
});

suite("a variable's name", () => {
  test("counts as a word of its own, in code only", () => {
    for (const code of ["(a) => kept", "() => [...kept]", "() => ({ kept })", "() => kept.length", "() => a[kept]"])
      assert.ok(namesVariable(code, "kept"), code);
    for (const code of ["() => keptAlive", "() => this.kept", "() => a?.kept", "() => this.#kept", "() => unkept"])
      assert.ok(!namesVariable(code, "kept"), code);
    assert.ok(!namesVariable(codeIn("@@() => { /* kept */ return 'kept' + `kept` + /kept/.source }")!, "kept"));
  });
});
