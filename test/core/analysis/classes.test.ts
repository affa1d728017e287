import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type ClassTable, classOf, classes } from "#core/analysis/classes.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

function namesOf(table: ClassTable, nodes: readonly number[]): string[] {
  return nodes.map((node) => table.names[classOf(table, node)]!);
}

function keysOf(table: ClassTable, nodes: readonly number[]): string[] {
  return nodes.map((node) => table.keys[classOf(table, node)]!);
}

// The classes of single nodes of these types and names.
function classNames(nodes: readonly (readonly [type: string, name: string, detachedness?: number])[]): string[] {
  const heap = new SnapshotBuilder();
  const rows = nodes.map(([type, name, detachedness = 0]) => heap.node(type, name, { detachedness }));
  return namesOf(classes(graphOf(heap)), rows);
}

suite("classes", () => {
  test("are named after constructors and native types, and else after what kind of thing it is", () => {
    assert.deepEqual(
      classNames([
        ["object", "Session"],
        ["native", "blink::StyleRule"],
        ["hidden", "system / Map"],
        ["code", "(code for f)"],
        ["closure", "onConnect"],
        ["regexp", "^a+$"],
        ["string", "some text"],
        ["concatenated string", "some text"],
        ["sliced string", "some text"],
        ["array", "(object elements)"],
        ["number", "heap number"],
        ["symbol", "symbol"],
        ["bigint", "bigint"],
        ["synthetic", "(GC roots)"],
        ["object shape", "system / Map"],
      ]),
      [
        "Session",
        "blink::StyleRule",
        "(system)",
        "(compiled code)",
        "Function",
        "RegExp",
        "(string)",
        "(concatenated string)",
        "(sliced string)",
        "(array)",
        "(number)",
        "(symbol)",
        "(bigint)",
        "(synthetic)",
        "(object shape)",
      ],
    );
  });

  test("of elements leave out the attributes, and say which were removed from the document", () => {
    assert.deepEqual(
      classNames([
        ["native", '<div id="a" class="b">'],
        ["native", "<div>"],
        ["native", '<div id="a" class="b">', 2],
        ["native", "Text", 2],
        ["native", "Text", 1],
        ["native", 'Detached <p id="old Chrome">'],
        ["object", "<computed class name>"],
      ]),
      ["<div>", "<div>", "Detached <div>", "Detached Text", "Text", "Detached <p>", "<computed>"],
    );
  });

  test("of one name are one class, whatever makes the name", () => {
    const heap = new SnapshotBuilder();
    const nodes = [heap.closure("f"), heap.object("Function"), heap.native('<p id="1">'), heap.native("<p>")];
    const table = classes(graphOf(heap));
    const [closure, named, p, plainP] = nodes.map((node) => classOf(table, node));
    assert.equal(closure, named);
    assert.equal(p, plainP);
  });

  test("of one name, written in two places, are two; functions are one class wherever written", () => {
    const heap = new SnapshotBuilder();
    const at = { scriptId: 7, line: 3, column: 11 };
    const nodes = [
      heap.object("Stat", { at }),
      heap.object("Stat", { at: { ...at, column: 12 } }),
      heap.object("Stat"),
      heap.object("Stat", { at }),
      heap.closure("stat", { at }),
      heap.closure("stat"),
    ];
    const table = classes(graphOf(heap));
    assert.deepEqual(keysOf(table, nodes), [
      "7,3,11,Stat",
      "7,3,12,Stat",
      ",Stat",
      "7,3,11,Stat",
      ",Function",
      ",Function",
    ]);
    assert.deepEqual(namesOf(table, [nodes[1]!]), ["Stat"]);
  });

  test("are all in use, in rows without gaps", () => {
    const heap = new SnapshotBuilder();
    heap.object("A");
    const table = classes(graphOf(heap));
    assert.deepEqual([classOf(table, 0), classOf(table, 1)], [0, 1]);
    assert.deepEqual([...table.names].sort(), ["(synthetic)", "A"]);
    assert.equal(table.keys.length, 2);
  });

  test("of plain objects are their shapes, or Object", () => {
    // two of {x, y}, one of {x, y, z}, one of {q}, one without properties
    const heap = new SnapshotBuilder();
    const value = heap.string("value");
    const plain = (...properties: string[]): number => {
      const node = heap.object("Object");
      for (const property of properties) heap.property(node, property, value);
      return node;
    };
    const nodes = [plain("x", "y"), plain("y", "x"), plain("x", "y", "z"), plain("x", "y"), plain("q"), plain()];
    const table = classes(graphOf(heap));
    assert.deepEqual(namesOf(table, nodes), ["{x, y}", "{x, y}", "{x, y}", "{x, y}", "Object", "Object"]);
    assert.deepEqual(keysOf(table, [nodes[0]!]), [",{x, y}"]);
  });

  test("can be made with the shapes of another snapshot", () => {
    const heap = new SnapshotBuilder();
    const node = heap.object("Object");
    heap.property(node, "x", heap.string("value"));
    const table = classes(graphOf(heap), undefined, [{ name: "{x}", properties: ["x"] }]);
    assert.deepEqual(namesOf(table, [node]), ["{x}"]);
  });
});
