import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { innerDeclaration, moduleDeclaration } from "#core/graph/declarations.js";
import { graphOf } from "../../support/graph-of.js";
import { addScript } from "../../support/program-builder.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

function placeIn(source: string, variable: string, find = moduleDeclaration): string | null {
  const heap = new SnapshotBuilder();
  const script = addScript(heap, "/app/cache.mjs", source);
  const found = find(graphOf(heap), script, variable);
  return found === null ? null : `${found.file}:${found.line}:${found.column}`;
}

suite("where a module declares a variable", () => {
  test("is the first declaration that begins its line", () => {
    const source = [
      "// const cache = is not here",
      "use(cache); const cache = 1;",
      "export const cacheOfCaches = 0;",
      "export  const cache = new Map();",
      "const cache = 2;",
    ].join("\n");
    assert.equal(placeIn(source, "cache"), "/app/cache.mjs:4:15");
    assert.equal(placeIn(source, "cacheOfCaches"), "/app/cache.mjs:3:14");
    assert.equal(placeIn(source, "use"), null);
  });

  test("is found for every kind of declaration", () => {
    const kinds = [
      "const x",
      "let x",
      "var x",
      "class x",
      "function x",
      "async function x",
      "function* x",
      "function *x",
    ];
    for (const kind of [...kinds, "export class x", "export default function x", "function*x", "async  function  *  x"])
      assert.equal(placeIn(`\n${kind}`, "x"), `/app/cache.mjs:2:${kind.length}`, kind);
    for (const none of ["functionx", "constx", "const xy", "const x$", "new x", "const\u{1d4cd}"])
      assert.equal(placeIn(none, "x"), null, none);
  });

  test("is found where a value is taken apart", () => {
    for (const [source, place] of [
      ["const [user, setUser] = signal();", "1:8"],
      ["export let [, user] = signal();", "1:15"],
      ["const { user } = session;", "1:9"],
      ["var {\n  shop: user,\n  cart,\n} = session;", "2:9"],
      ["const {...user} = session;", "1:11"],
      ["const { user: other } = session;", null],
      ["const [users, $user] = signal();", null],
      ["const [first] = user;", null],
      ["const [first = user] = all;", null],
      ["const [a] = x; f(user)", null],
    ] as const)
      assert.equal(placeIn(source, "user"), place && `/app/cache.mjs:${place}`, source);
  });

  test("is asked for by name only: what is no name is nowhere", () => {
    assert.equal(placeIn("const $a$ = 1", "$a$"), "/app/cache.mjs:1:7");
    for (const variable of ["", ".*", "a b", "a|b", "(a", "0"]) assert.equal(placeIn("const a = 1", variable), null);
  });
});

suite("where a scope inside declares a variable", () => {
  test("is its declaration, if the text has no other of that name", () => {
    assert.equal(
      placeIn("function f() {\n  for (const item of list) {}\n}", "item", innerDeclaration),
      "/app/cache.mjs:2:14",
    );
    assert.equal(placeIn("{ let item }\n{ let item }", "item", innerDeclaration), null);
    assert.equal(placeIn("{let item}{let item}", "item", innerDeclaration), null, "on one line as well");
    assert.equal(placeIn("xlet item; a.let item", "item", innerDeclaration), null);
  });

  test("is not looked for longer than the text is long", () => {
    const spaces = " ".repeat(200_000);
    assert.equal(
      placeIn(`function${spaces}y; const${spaces}y; async${spaces}function${spaces}y`, "x", innerDeclaration),
      null,
    );
    const bundle = "let e=1;".repeat(100_000);
    assert.equal(placeIn(bundle, "e", innerDeclaration), null);
    assert.equal(placeIn(bundle, "e"), "/app/cache.mjs:1:5");
    assert.equal(placeIn(`const [${"a, ".repeat(200_000)}`.repeat(2), "x", innerDeclaration), null);
  });
});
