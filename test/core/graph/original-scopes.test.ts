import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseHeap } from "#core/analysis/heap-analysis.js";
import type { Originals } from "#core/graph/originals.js";
import { originalScope } from "#core/graph/original-scopes.js";
import type { Scope } from "#core/graph/scopes.js";
import { graphOf } from "../../support/graph-of.js";
import { addScript } from "../../support/program-builder.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

const place = { file: "src/page.ts", line: 3, column: 7, name: "render", text: null };
const originals: Originals = {
  place: () => place,
  isBundlers: () => false,
  privateField: () => null,
  declaration: () => null,
  inRegister: () => null,
};

function told(functionName: string, more: Partial<Originals> = {}, variables: readonly string[] = []): string {
  const heap = new SnapshotBuilder();
  const context = heap.context();
  for (const variable of variables) heap.variable(context, variable, heap.object("Map"));
  const script = addScript(heap, "/srv/page.js");
  const position = { file: "/srv/page.js", line: 1, column: 9 };
  const scope: Scope = {
    kind: "function",
    file: "/srv/page.js",
    functionName,
    position,
    script,
    context,
    begins: position,
  };
  const graph = { ...graphOf(heap), originals: { ...originals, ...more } };
  const { kind, functionName: name, file, isBundlers = false } = originalScope(analyseHeap(graph), scope);
  return `${kind} ${name} ${file}${isBundlers ? " of the bundler" : ""}`;
}

test("a function's scope is told by its name and file in the source", () => {
  assert.equal(told("r"), "function render src/page.ts");
  assert.equal(told(""), "function  src/page.ts");
});

test("a function that the map does not know is a bundler's, unless it is what that made of a module", () => {
  const isBundlers = (): boolean => true;
  assert.equal(told("copyAll", { isBundlers, place: () => null }), "function copyAll /srv/page.js of the bundler");
  assert.equal(told("node_modules/store/index.js", { isBundlers }).includes("of the bundler"), false);
  assert.equal(told("3522", { isBundlers }), "module  /srv/page.js");
});

test("the function that a bundler made of a module is a module's scope, in no one source", () => {
  for (const name of ["3522", "./src/page.ts", "../page.ts", "[project]/src/page.ts", "/page.ts"])
    assert.equal(told(name), "module  /srv/page.js", name);
});

test("the function around a file is a module's scope, whatever the bundler itself has in it", () => {
  const levels = new Map([
    ["b", "function"], // of the bundler's own: `var b = require(7997)`
    ["seen", "top"],
    ["local", "function"],
  ] as const);
  const columns = new Map([...levels.keys()].map((name, i) => [name, i]));
  const more: Partial<Originals> = {
    isBundlers: (_, { column }) => column === columns.get("b"),
    declaration(_, name) {
      const column = columns.get(name as "b")!;
      const within = { line: 1, column: 9, original: place };
      return { line: 1, column, original: place, level: levels.get(name as "b")!, within, isBorrowed: false };
    },
  };
  assert.equal(told("", more, ["b", "seen"]), "module  src/page.ts");
  assert.match(told("", more, ["b"]), /^function /);
  assert.match(told("", more, ["b", "seen", "local"]), /^function /);
});
