import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { retainingEdges, retains } from "#core/graph/retaining-edges.js";
import { addWeakMapEntry, arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

// The retaining edges as [from, to].
function retaining(heap: SnapshotBuilder): [number, number][] {
  const graph = graphOf(heap);
  const edges = retainingEdges(graph);
  const list: [number, number][] = [];
  for (let node = 0; node < graph.nodeCount; node++)
    for (let edge = graph.firstEdge[node]!; edge < graph.firstEdge[node + 1]!; edge++)
      if (retains(edges, edge)) list.push([node, graph.edgeTarget[edge]!]);
  assert.equal(edges.count, list.length);
  return list;
}

// root -shortcut-> global -property-> held
function program(): { heap: SnapshotBuilder; global: number; held: number } {
  const heap = new SnapshotBuilder();
  const global = heap.global();
  const held = heap.object("Held");
  heap.property(global, "held", held);
  return { heap, global, held };
}

suite("which edges keep their target alive", () => {
  test("a property, an element, a variable, an internal and a hidden slot do", () => {
    const { heap, global, held } = program();
    heap.element(global, 0, held).variable(global, "x", held).internal(global, "map", held).hidden(global, 3, held);
    assert.equal(retaining(heap).filter(([from, to]) => from === global && to === held).length, 5);
  });

  test("a weak edge does not", () => {
    const { heap, held } = program();
    const target = heap.object("Target");
    heap.weak(held, "target", target);
    assert.ok(!retaining(heap).some(([, to]) => to === target));
  });

  test("an edge of a node to itself does not", () => {
    const { heap, held } = program();
    heap.property(held, "self", held);
    assert.ok(!retaining(heap).some(([from, to]) => from === to));
  });

  test("a shortcut does so only from the root", () => {
    const { heap, global, held } = program();
    const bound = heap.object("Bound");
    heap.shortcut(held, "bound_argument_0", bound);
    assert.deepEqual(retaining(heap), [
      [0, global],
      [global, held],
    ]);
  });

  test("V8's handles do not, where the program reaches the object itself", () => {
    // root -> (GC roots) -> (Global handles) -> held, own
    const { heap, held } = program();
    const handles = heap.subroot("(Global handles)");
    const own = heap.object("OnlyV8Refers");
    heap.element(handles, 1, held).element(handles, 2, own);
    const list = retaining(heap);
    assert.ok(!list.some(([from, to]) => from === handles && to === held));
    assert.ok(list.some(([from, to]) => from === handles && to === own));
  });

  test("the root itself does, whatever it refers to", () => {
    const { heap, held } = program();
    heap.element(heap.root(), 2, held);
    assert.ok(retaining(heap).some(([from, to]) => from === 0 && to === held));
  });

  test("without shortcuts, native contexts and their globals stand for the program", () => {
    // root -> (GC roots) -> (Strong roots) -> NativeContext -global_object-> Window -> Held <- (Global handles)
    const heap = new SnapshotBuilder();
    const context = heap.native("system / NativeContext / https://example.org/");
    const window = heap.object("Window [JSGlobalObject] / https://example.org/");
    const held = heap.object("Held");
    heap.element(heap.subroot("(Strong roots)"), 1, context);
    heap.internal(context, "global_object", window).property(window, "held", held);
    const handles = heap.subroot("(Global handles)");
    heap.element(handles, 1, held);
    const list = retaining(heap);
    assert.ok(list.some(([from, to]) => from === window && to === held));
    assert.ok(!list.some(([from]) => from === handles));
    // Else no way would lead from the root to anything of the program's.
    assert.ok(list.some(([, to]) => to === context));
  });
});

suite("the edges of a WeakMap", () => {
  // global -> key, global -> WeakMap -table-> table; the entry: key -> value, table -> value
  function weakMap(): { heap: SnapshotBuilder; key: number; table: number; value: number } {
    const { heap, global, held: key } = program();
    const map = heap.object("WeakMap");
    const table = heap.array("");
    const value = heap.object("Value");
    heap.property(global, "map", map).internal(map, "table", table);
    return { heap, key, table, value };
  }
  const retainersOf = (heap: SnapshotBuilder, node: number): number[] =>
    retaining(heap).flatMap(([from, to]) => (to === node ? [from] : []));

  test("leave the value to the key alone", () => {
    const { heap, key, table, value } = weakMap();
    addWeakMapEntry(heap, { key, table, value, counter: 3 });
    assert.deepEqual(retainersOf(heap, value), [key]);
  });

  test("are recognised whatever the key and the value are called", () => {
    const { heap, key, table, value } = weakMap();
    const [keyId, valueId, tableId] = [key, value, table].map((node) => heap.id(node));
    const text = `part of key (a) -> value (\n @5) pair @${keyId}) -> value (x pair in WeakMap (table @7) @${valueId}) pair in WeakMap (table @${tableId})`;
    heap.internal(key, `1 / ${text}`, value).internal(table, `2 / ${text}`, value);
    assert.deepEqual(retainersOf(heap, value), [key]);
  });

  test("are recognised where V8 has no room for the text and writes its template", () => {
    const { heap, key, table, value } = weakMap();
    const text = "part of key (%s @%u) -> value (%s @%u) pair in WeakMap (table @%u)";
    heap.internal(key, `1 / ${text}`, value).internal(table, `2 / ${text}`, value);
    assert.deepEqual(retainersOf(heap, value), [key]);
  });

  test("are not mistaken: another table's id, or a property that is called so, retains", () => {
    const { heap, key, table, value } = weakMap();
    const other = `1 / part of key (K @1) -> value (V @3) pair in WeakMap (table @${heap.id(key)})`;
    heap.internal(table, other, value).property(table, other, value);
    const own = `1 / part of key (K @1) -> value (V @3) pair in WeakMap (table @${heap.id(table)})`;
    heap.property(table, own, value);
    assert.deepEqual(retainersOf(heap, value), [table, table, table]);
    heap.internal(table, `x${own}`, value).internal(table, `${own}.`, value);
    assert.equal(retainersOf(heap, value).length, 5);
  });
});

// The rules once more, an edge at a time.
function slowlyRetaining(graph: HeapGraph): boolean[] {
  const type = (edge: number): string =>
    "context element property internal hidden shortcut weak".split(" ")[graph.edgeType[edge]!]!;
  const edges = Array.from({ length: graph.nodeCount }, (_, from) =>
    Array.from({ length: graph.firstEdge[from + 1]! - graph.firstEdge[from]! }, (_, i) => {
      const edge = graph.firstEdge[from]! + i;
      return { from, to: graph.edgeTarget[edge]!, type: type(edge), edge };
    }),
  ).flat();
  const programs = new Set(edges.flatMap(({ from, to, type }) => (from === 0 && type === "shortcut" ? [to] : [])));
  for (let before = -1; before !== programs.size;) {
    before = programs.size;
    for (const { from, to, type } of edges) if (programs.has(from) && type !== "weak") programs.add(to);
  }
  return edges.map(({ from, to, type, edge }) => {
    if (type === "weak" || from === to) return false;
    if (type === "internal") {
      const name = graph.strings.text(graph.edgeName[edge]!);
      if (name.endsWith(`pair in WeakMap (table @${graph.nodeId[from]})`)) return false;
    }
    return from === 0 || (type !== "shortcut" && (programs.has(from) || !programs.has(to)));
  });
}

test("the retaining edges of any heap are those the rules name", () => {
  fc.assert(
    fc.property(arbitraryHeap(), (sketch) => {
      const heap = built(sketch);
      heap.global();
      if (sketch.nodes.length > 0) heap.property(heap.global(), "first", 1);
      const graph = graphOf(heap);
      const edges = retainingEdges(graph);
      const found = Array.from({ length: graph.edgeCount }, (_, edge) => retains(edges, edge));
      assert.deepEqual(found, slowlyRetaining(graph));
    }),
  );
});
