import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { blockVariable } from "#core/graph/scope-variables.js";
import { type Scope, scopeOf } from "#core/graph/scopes.js";
import { analysed } from "../../support/analysed.js";
import { graphOf } from "../../support/graph-of.js";
import { addClosure, addContext, addRealm, addScript, addShared } from "../../support/program-builder.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

const at = (line: number, column: number) => ({ scriptId: 7, line, column });

// What a test says of a scope: kind, file, function, line:column.
function words(heap: SnapshotBuilder, context: number): string | null {
  const scope: Scope | null = scopeOf(analysed(heap), context);
  if (scope === null) return null;
  const { position } = scope;
  const place = position === null ? "" : ` ${position.line}:${position.column}`;
  return `${scope.kind} ${scope.file} ${scope.functionName}${place}`.trimEnd();
}

suite("the scope a Context stands for", () => {
  test("is the function whose ScopeInfo it has", () => {
    // closure -> shared -name_or_scope_info-> ScopeInfo <-scope_info- Context -previous-> module's Context -> realm
    const heap = new SnapshotBuilder();
    const shared = addShared(heap, addScript(heap, "/app/a.mjs"), "makeCache");
    const outer = addContext(heap, addRealm(heap));
    const context = addContext(heap, outer);
    const info = heap.code("system / ScopeInfo");
    heap.internal(shared, "name_or_scope_info", info).internal(context, "scope_info", info);
    addClosure(heap, shared, { name: "makeCache", at: at(9, 4) });
    assert.equal(words(heap, context), "function /app/a.mjs makeCache 10:5");
  });

  test("is found by the first closure in the file, where the function is gone", () => {
    const heap = new SnapshotBuilder();
    const shared = addShared(heap, addScript(heap, "/app/a.mjs"));
    const context = addContext(heap, addContext(heap, addRealm(heap)));
    for (const [name, line] of [
      ["second", 20],
      ["first", 10],
      ["third", 30],
    ] as const)
      addClosure(heap, shared, { name, at: at(line, 0), context });
    assert.equal(words(heap, context), "enclosing /app/a.mjs first 11:1");
  });

  test("is a module if only the realm is around it: CommonJS after require", () => {
    const heap = new SnapshotBuilder();
    const shared = addShared(heap, addScript(heap, "/app/a.cjs"));
    const context = addContext(heap, addRealm(heap));
    addClosure(heap, shared, { name: "get", at: at(5, 2), context });
    assert.match(words(heap, context)!, /^module \/app\/a\.cjs/);
  });

  test("is no module for a function that the first line of a file assigns; what it calls at once may be the file's scope", () => {
    for (const [source, kind] of [
      ["module.exports=function(n){return n}", "function"],
      ["exports.make = async (n) => n", "function"],
      ["!function(e){e.x=1}(this)", "module"],
    ] as const) {
      const heap = new SnapshotBuilder();
      const shared = addShared(heap, addScript(heap, "/app/a.cjs", source), "");
      const context = addContext(heap, addRealm(heap));
      const info = heap.code("system / ScopeInfo");
      heap.internal(shared, "name_or_scope_info", info).internal(context, "scope_info", info);
      addClosure(heap, shared, { name: "", at: at(0, source.indexOf("(")) });
      assert.match(words(heap, context)!, new RegExp(`^${kind} `));
    }
  });

  test("is a module if it has one, and that its code: ES modules without functions", () => {
    const heap = new SnapshotBuilder();
    const shared = addShared(heap, addScript(heap, "file:///app/a.mjs"));
    const context = addContext(heap, addRealm(heap));
    const module = heap.node("hidden", "system / SourceTextModule");
    heap.internal(context, "extension", module).internal(module, "code", shared);
    assert.equal(words(heap, context), "module file:///app/a.mjs");
  });

  test("is found by a class in it, whose functions were made in a Context of the class's own", () => {
    const heap = new SnapshotBuilder();
    const shared = addShared(heap, addScript(heap, "/app/a.cjs"));
    const module = addContext(heap, addRealm(heap));
    const context = addContext(heap, module);
    const ofClass = addContext(heap, context);
    addClosure(heap, shared, { name: "main", at: at(0, 0), context: module });
    addClosure(heap, shared, { name: "Store", at: at(4, 2), context: ofClass });
    assert.equal(words(heap, ofClass), "enclosing /app/a.cjs Store 5:3");
    assert.equal(words(heap, context), "enclosing /app/a.cjs Store 5:3");
    addClosure(heap, shared, { name: "open", at: at(9, 2), context });
    assert.equal(words(heap, context), "enclosing /app/a.cjs open 10:3");
  });

  test("is that of the Context around it where nothing else tells, as in a block", () => {
    const heap = new SnapshotBuilder();
    const shared = addShared(heap, addScript(heap, "/app/a.mjs"));
    const outer = addContext(heap, addContext(heap, addRealm(heap)));
    const block = addContext(heap, addContext(heap, outer));
    addClosure(heap, shared, { name: "inner", at: at(1, 1), context: outer });
    assert.equal(words(heap, block), "enclosing /app/a.mjs inner 2:2");
  });

  test("is unknown where nothing tells, and Contexts in a ring end", () => {
    const heap = new SnapshotBuilder();
    assert.equal(words(heap, addContext(heap, addRealm(heap))), null);
    const [one, two] = [heap.context(), heap.context()];
    heap.internal(one, "previous", two).internal(two, "previous", one).property(heap.global(), "one", one);
    assert.equal(words(heap, one), null);
    assert.equal(words(heap, heap.object("no context")), null);
  });
});

suite("the variables of a Context", () => {
  test("of a block are named by its ScopeInfo, if the slots agree", () => {
    const heap = new SnapshotBuilder();
    const blocks = [2, 3].map((slots) => {
      const context = heap.context();
      const info = heap.code("system / ScopeInfo");
      heap.internal(context, "scope_info", info);
      ["first", "second"].forEach((name, i) => heap.hidden(info, i, heap.string(name)));
      heap.hidden(info, 2, heap.code("not a name")).hidden(info, 3, heap.string("behind the names"));
      for (let slot = 0; slot < slots; slot++) heap.hidden(context, slot, heap.object());
      return context;
    }) as [number, number];
    const graph = graphOf(heap);
    assert.deepEqual(
      [0, 1, 2].map((slot) => blockVariable(graph, blocks[0], slot)),
      ["first", "second", null],
    );
    assert.equal(blockVariable(graph, blocks[1], 0), null);
    assert.equal(blockVariable(graph, 0, 0), null);
  });
});
