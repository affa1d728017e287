import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import type { Originals } from "#core/graph/originals.js";
import { isClass, namesVariable } from "#core/sources/functions-in-snapshot.js";
import { graphOf } from "../../support/graph-of.js";
import { addClosure, addScript, addShared } from "../../support/program-builder.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

/** What is asked of a function that starts at `(`, `class` or a name behind the mark. */
function ask<T>(marked: string, question: (graph: HeapGraph, closure: number) => T, more: Partial<HeapGraph> = {}): T {
  const [before, after] = marked.split("@@") as [string, string];
  const lines = before.split("\n");
  const heap = new SnapshotBuilder();
  const script = addScript(heap, "/app/server.js", before + after);
  const at = { scriptId: 7, line: lines.length - 1, column: lines[lines.length - 1]!.length };
  const closure = addClosure(heap, addShared(heap, script, "f"), { name: "f", at });
  return question({ ...graphOf(heap), ...more }, closure);
}

function names(marked: string, variable: string, more: Partial<HeapGraph> = {}): boolean | null {
  return ask(marked, (graph, closure) => namesVariable(graph, closure, variable), more);
}

/** Of all the ways to write a function: `first` and `last` are in it, `before` and `after` are not. */
const FUNCTIONS = [
  "before; function f@@(first) { return last; } after;",
  "before\nconst f = @@(first) => last; after;",
  "before\nconst f = @@first => last\n, g = after;",
  "before\nconst f = @@(first) => last\nafter();",
  "call(before, @@(first) => first.map((x) => [x, last]), after);",
  "const o = { before, f@@(first, { a } = {}) { if (a) { b(); } return last; }, after };",
  "before; @@class A extends mixin(first) { #x = 1; f() { return last; } } after;",
  "before; @@class extends mixin({ first }) { f() { return last; } } after;",
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
      isBundlers: () => false,
      privateField: () => null,
      declaration: () => null,
      inRegister: () => null,
    };
    assert.equal(names("before; function f@@(first) { return last; } after;", "last", { originals }), true);
    assert.equal(names("before; function f@@(first) { return last; } after;", "after", { originals }), false);
    assert.equal(ask("before; @@class A {}", isClass, { originals }), true);
  });

  test("goes from its parameters to its end, however it is written", () => {
    for (const marked of FUNCTIONS) {
      for (const name of ["first", "last"]) assert.equal(names(marked, name), true, `${name} in ${marked}`);
      for (const name of ["before", "after"]) assert.equal(names(marked, name), false, `${name} in ${marked}`);
      assert.equal(ask(marked, isClass), marked.includes("@@class"), marked);
    }
  });

  test("is not known if the file does not hold all of it", () => {
    for (const marked of FUNCTIONS.filter((each) => each.includes("}"))) {
      const [before, after] = marked.split("@@") as [string, string];
      const cut = `${before}@@${after.slice(0, after.indexOf("last"))}`;
      assert.equal(names(cut, "first"), null, marked);
    }
    const cutBehind = (code: string): string => `${"// filled\n".repeat(100)}${code}`.padStart(1024 + "@@".length);
    assert.equal(names(cutBehind("const f = @@(a) => last"), "last"), null, "it may go on");
    assert.equal(names(cutBehind("const f = @@(a) => last; 1"), "last"), true);
    assert.equal(names("f()\n\n\n@@", "f"), null);
    assert.equal(names("before; @@other(first); after", "first"), null, "no function begins here");
  });
});

suite("a variable's name", () => {
  test("counts as a word of its own, in code only", () => {
    for (const code of ["(a) => kept", "() => [...kept]", "() => ({ kept })", "() => kept.length", "() => a[kept]"])
      assert.equal(names(`@@${code}`, "kept"), true, code);
    assert.equal(names("@@() => a ?? kept", "kept"), true);
    for (const code of ["() => keptAlive", "() => this.kept", "() => a?.kept", "() => this.#kept", "() => unkept"])
      assert.equal(names(`@@${code}`, "kept"), false, code);
    assert.equal(names("@@() => { /* kept */ return 'kept' + `kept` + /kept/.source }", "kept"), false);
  });
});
