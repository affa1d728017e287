import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isDictionary } from "#core/graph/v8-dictionaries.js";
import { type NodeRow, SnapshotBuilder } from "../../support/snapshot-builder.js";
import { graphOf } from "../../support/graph-of.js";

/** An object as V8 writes it, properties first. @param prototype null: it has none */
function objectOf(
  heap: SnapshotBuilder,
  { count, isTable, prototype }: { count: number; isTable: boolean; prototype: NodeRow | null },
): NodeRow {
  const object = heap.object("Object");
  for (let i = 0; i < count; i++) heap.property(object, `key${i}`, heap.object("Entry"));
  heap.property(object, "__proto__", prototype ?? heap.node("hidden", "system / Oddball"));
  const store = isTable ? heap.array("(object properties)") : heap.node("hidden", "system / PropertyArray");
  heap.internal(object, "properties", store);
  return object;
}

suite("a dictionary", () => {
  const heap = new SnapshotBuilder();
  const prototype = heap.object("Object");
  const cases = [
    ["is a plain object whose properties V8 has in a table", { count: 3, isTable: true, prototype }, true],
    ["is none whose properties have places", { count: 100, isTable: false, prototype }, false],
    ["is none that has no prototype, and few properties", { count: 3, isTable: true, prototype: null }, false],
    ["is one that has no prototype, and many", { count: 30, isTable: true, prototype: null }, true],
  ] as const;
  const objects = cases.map(([, shape]) => objectOf(heap, shape));
  const graph = graphOf(heap);
  for (const [i, [what, , expected]] of cases.entries())
    test(what, () => assert.equal(isDictionary(graph, objects[i]!), expected));
});
