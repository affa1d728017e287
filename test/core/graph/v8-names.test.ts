import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { storageOwners } from "#core/analysis/storage-owners.js";
import { EngineNodes } from "#core/graph/v8-engine-nodes.js";
import { isContext, isText, nodeLabel } from "#core/graph/v8-names.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

suite("what to call a node", () => {
  test("is its class or function, and never the program's data", () => {
    const heap = new SnapshotBuilder();
    const labels: [type: string, name: string, label: string, detachedness?: number][] = [
      ["object", "Session", "Session"],
      ["object", "", "(unnamed)"],
      ["array", "", "(internal array)"],
      ["array", "(object elements)", "(object elements)"],
      ["closure", "connect", "function connect"],
      ["closure", "", "function"],
      ["string", "password", "string"],
      ["concatenated string", "password", "string"],
      ["sliced string", "password", "string"],
      ["symbol", "secret", "symbol"],
      ["bigint", "12345", "bigint"],
      ["number", "12345", "number"],
      ["regexp", "^secret$", "RegExp"],
      ["native", '<div id="a">', "<div>"],
      ["native", "<a\nb c>", "<a\nb>"],
      ["native", "<div>", "Detached <div>", 2],
      ["native", "Text", "Detached Text", 2],
    ];
    const rows = labels.map(([type, name, , detachedness = 0]) => heap.node(type, name, { detachedness }));
    const graph = graphOf(heap);
    assert.deepEqual(
      rows.map((row) => nodeLabel(graph, row)),
      labels.map(([, , label]) => label),
    );
    assert.deepEqual(
      rows.map((row) => isText(graph.nodeType[row]!)),
      labels.map(([type]) => /string|symbol|bigint/.test(type)),
    );
  });

  test("tells scopes from what only starts with the same word", () => {
    const heap = new SnapshotBuilder();
    const rows = [
      heap.object("system / Context"),
      heap.object("system / Context / scope @123"),
      heap.node("hidden", "system / Context"),
      heap.object("system / ContextCell"),
      heap.closure("system / Context"),
    ];
    const graph = graphOf(heap);
    assert.deepEqual(
      rows.map((row) => isContext(graph, row)),
      [true, true, true, false, false],
    );
  });
});

test("code, hidden classes, V8's hidden nodes and their arrays are the engine's; what programs make is not", () => {
  const heap = new SnapshotBuilder();
  const [code, object] = [heap.code("(code for f)"), heap.object("Map")];
  const [codes, objects, shared] = [heap.array(), heap.array(""), heap.array("")];
  heap.internal(code, "constants", codes).internal(object, "table", objects);
  heap.internal(code, "x", shared).internal(object, "x", shared);
  const engine = [
    code,
    codes,
    heap.node("object shape", "system / Map"),
    heap.node("hidden", "system / FeedbackCell"),
    heap.node("hidden", "system / WeakArrayList"),
  ];
  const program = [
    object,
    objects,
    shared,
    heap.closure("f"),
    heap.string("text"),
    heap.native("Node / TCPWRAP"),
    heap.node("hidden", "system / JSProxy"),
    heap.node("hidden", "system / PromiseReaction"),
    heap.node("hidden", "system / PropertyArray"),
  ];
  const graph = graphOf(heap);
  const dominator = new Uint32Array(graph.nodeCount);
  const nodes = new EngineNodes({ graph, owner: storageOwners(graph).owner, dominator });
  for (const node of engine) assert.equal(nodes.has(node), true, `node ${node}`);
  for (const node of program) assert.equal(nodes.has(node), false, `node ${node}`);
});

test("texts that only V8's nodes know are the engine's; those that two holders share hang on a realm, and are not", () => {
  const heap = new SnapshotBuilder();
  const owners = ["system / FunctionTemplateInfo", "system / NativeContext"].map((name) => heap.node("hidden", name));
  const texts = owners.map((owner, i) => {
    const text = heap.string(`text ${i}`);
    heap.internal(owner, "1", text);
    return text;
  });
  const graph = graphOf(heap);
  const dominator = new Uint32Array(graph.nodeCount);
  texts.forEach((text, i) => (dominator[text] = owners[i]!));
  const nodes = new EngineNodes({ graph, owner: storageOwners(graph).owner, dominator });
  assert.deepEqual(
    texts.map((text) => nodes.has(text)),
    [true, false],
  );
});
