import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { NO_NODE } from "#core/graph/heap-graph.js";
import { closurePosition, scriptName, scriptOfClosure, scriptSource } from "#core/graph/source-locations.js";
import { graphOf } from "../../support/graph-of.js";
import { addClosure, addScript, addShared } from "../../support/program-builder.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

const at = { scriptId: 7, line: 3, column: 11 };

suite("where a function is written", () => {
  test("is in its script's file, lines and columns counted from 1", () => {
    const heap = new SnapshotBuilder();
    const closure = addClosure(heap, addShared(heap, addScript(heap, "/app/a.mjs")), { at });
    assert.deepEqual(closurePosition(graphOf(heap), closure), { file: "/app/a.mjs", line: 4, column: 12 });
  });

  test("is not known of builtins, of what has no place, and of scripts without a file", () => {
    const heap = new SnapshotBuilder();
    const shared = addShared(heap, addScript(heap, "/app/a.mjs"));
    const closures = [
      heap.closure("builtin", { at }),
      addClosure(heap, shared),
      addClosure(heap, addShared(heap, addScript(heap, "")), { at }),
      addClosure(heap, addShared(heap, heap.code("not a script")), { at }),
    ];
    const graph = graphOf(heap);
    for (const closure of closures) assert.equal(closurePosition(graph, closure), null);
  });

  test("is found behind a DebugInfo, and under the field's older name", () => {
    const heap = new SnapshotBuilder();
    const script = addScript(heap, "/app/a.mjs");
    const scripts = [false, true].map((debugged) => {
      const shared = heap.code("f");
      const info = heap.node("hidden", "system / DebugInfo");
      heap.internal(info, "script", script).internal(shared, "script_or_debug_info", debugged ? info : script);
      return addClosure(heap, shared);
    });
    const graph = graphOf(heap);
    assert.deepEqual(
      scripts.map((closure) => scriptOfClosure(graph, closure)),
      [script, script],
    );
    assert.equal(scriptOfClosure(graph, heap.global()), NO_NODE);
  });
});

suite("a script", () => {
  test("is called by its name field, and without one by its node's name", () => {
    const heap = new SnapshotBuilder();
    const named = addScript(heap, "file:///app/a.mjs", "const a = 1;");
    const [old, chrome, none] = ["node:fs", "system / Script / https://example.org/a.js", "system / Script"].map(
      (name) => heap.code(name),
    ) as [number, number, number];
    const graph = graphOf(heap);
    assert.deepEqual(
      [named, old, chrome, none].map((script) => scriptName(graph, script)),
      ["file:///app/a.mjs", "node:fs", "https://example.org/a.js", ""],
    );
    assert.deepEqual([scriptSource(graph, named), scriptSource(graph, old)], ["const a = 1;", ""]);
  });

  test("has no text where that is not in one piece", () => {
    const heap = new SnapshotBuilder();
    const script = heap.code("a.js");
    heap.internal(script, "source", heap.node("concatenated string", ""));
    assert.equal(scriptSource(graphOf(heap), script), "");
  });
});
