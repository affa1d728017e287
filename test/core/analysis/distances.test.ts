import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { SYSTEM_DISTANCE, UNREACHABLE_DISTANCE, distances } from "#core/analysis/distances.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { EdgeType, NodeType } from "#core/graph/v8-types.js";
import { addWeakMapEntry, arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { linkedList } from "../../support/long-heaps.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

suite("distances", () => {
  test("count from the global object, then, a hundred million on, from the root", () => {
    // root -> global -> a -> b; root -> (GC roots) -> handles -> b, own; nobody -> island
    const heap = new SnapshotBuilder();
    const [a, b, own, island] = ["A", "B", "Own", "Island"].map((name) => heap.object(name)) as [
      number,
      number,
      number,
      number,
    ];
    const global = heap.global();
    heap.property(global, "a", a).property(a, "b", b);
    const handles = heap.subroot("(Global handles)");
    heap.element(handles, 1, b).element(handles, 2, own);
    const distance = distances(graphOf(heap));
    assert.deepEqual(
      [global, a, b].map((node) => distance[node]),
      [1, 2, 3],
    );
    assert.equal(distance[0], SYSTEM_DISTANCE);
    assert.equal(distance[own], SYSTEM_DISTANCE + 3);
    assert.equal(distance[island], UNREACHABLE_DISTANCE);
  });

  test("count from the root where it has nothing of the program's, as in V8 15", () => {
    const heap = new SnapshotBuilder();
    const window = heap.object("Window");
    heap.element(heap.subroot("(Strong roots)"), 1, window);
    const distance = distances(graphOf(heap));
    assert.deepEqual([distance[0], distance[window]], [0, 3]);
  });

  test("do not go over weak edges", () => {
    const heap = new SnapshotBuilder();
    const target = heap.object("Target");
    heap.weak(heap.global(), "target", target);
    assert.equal(distances(graphOf(heap))[target], UNREACHABLE_DISTANCE);
  });

  test("to the value of a WeakMap entry go by the farther of key and table", () => {
    // global -> WeakMap -> table, global -> p1 -> p2 -> p3 -> key: value is behind the key
    const heap = new SnapshotBuilder();
    const global = heap.global();
    const map = heap.object("WeakMap");
    const table = heap.array("");
    const value = heap.object("Value");
    heap.property(global, "map", map).internal(map, "table", table);
    let key = global;
    for (let i = 0; i < 4; i++) {
      const next = heap.object("Step");
      heap.property(key, "next", next);
      key = next;
    }
    addWeakMapEntry(heap, { key, table, value, counter: 1 });
    const distance = distances(graphOf(heap));
    assert.deepEqual([distance[table], distance[key], distance[value]], [3, 5, 6]);
  });

  test("to the values of WeakMap entries without their own text are kept apart by the value", () => {
    const heap = new SnapshotBuilder();
    const global = heap.global();
    const map = heap.object("WeakMap");
    const table = heap.array("");
    heap.property(global, "map", map).internal(map, "table", table);
    const text = " / part of key (%s @%u) -> value (%s @%u) pair in WeakMap (table @%u)";
    const values = [1, 2, 3].map((counter) => {
      const [key, value] = [heap.object("Key"), heap.object("Value")];
      heap.property(global, `key${counter}`, key);
      heap.internal(key, `${counter}${text}`, value).internal(table, `${counter + 5}${text}`, value);
      return value;
    });
    const distance = distances(graphOf(heap));
    assert.deepEqual(
      values.map((value) => distance[value]),
      [4, 4, 4],
    );
  });

  test("do not go from a native context over its sloppy function map, nor over old V8's shared descriptors", () => {
    const heap = new SnapshotBuilder();
    const context = heap.node("hidden", "system / NativeContext");
    const map = heap.node("hidden", "system / Map");
    const descriptors = heap.array("(map descriptors)");
    heap.shortcut(heap.root(), "1", context).internal(context, "sloppy_function_map", map);
    heap.internal(context, "descriptors", descriptors);
    const slots = ["0", "1", "2", "3", "4", "7", "map"].map((slot) => {
      const node = heap.object("Slot");
      heap.internal(descriptors, slot, node);
      return node;
    });
    const distance = distances(graphOf(heap));
    assert.equal(distance[map], UNREACHABLE_DISTANCE);
    const reached = slots.map((node) => distance[node] === 3);
    assert.deepEqual(reached, [true, true, true, true, false, false, true]);
  });

  test("of any heap are the least that agree with one another", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const into = (node: number): number => Math.max(node, Math.min(1, sketch.nodes.length));
        const edges = sketch.edges.map((edge) => ({ ...edge, to: into(edge.to) }));
        const weakMapEntries = sketch.weakMapEntries.map((entry) => ({ ...entry, value: into(entry.value) }));
        const graph = graphOf(built({ ...sketch, edges, weakMapEntries }));
        assert.deepEqual([...distances(graph)], slowDistances(graph));
      }),
    );
  });

  test("of a list of a hundred thousand objects need no stack", () => {
    const distance = distances(linkedList(100_000));
    assert.equal(distance[99_999], 99_999);
  });
});

// What a distance is, without an order of search: one more than the nearest that leads there, a WeakMap entry leading
// from the farther of its two.
function slowDistances(graph: HeapGraph): number[] {
  const { nodeType, edgeType, edgeTarget, firstEdge, strings } = graph;
  const distance: number[] = Array.from({ length: graph.nodeCount }, () => Infinity);
  const nodeName = (node: number): string => strings.text(graph.nodeName[node]!);
  for (let edge = 0; edge < firstEdge[1]!; edge++) {
    const target = edgeTarget[edge]!;
    if (nodeType[target] !== NodeType.synthetic || nodeName(target) === "(Document DOM trees)") distance[target] = 1;
  }
  distance[0] = distance.includes(1) ? SYSTEM_DISTANCE : 0;
  for (let round = 0; round < graph.nodeCount; round++) {
    const halves = new Map<string, number>(); // entry -> distance by the side that came first
    for (let node = 0; node < graph.nodeCount; node++) {
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
        const type = edgeType[edge]!;
        const name = type === EdgeType.element || type === EdgeType.hidden ? "" : strings.text(graph.edgeName[edge]!);
        if (type === EdgeType.weak) continue;
        if (nodeType[node] === NodeType.hidden && nodeName(node) === "system / NativeContext")
          if (name === "sloppy_function_map") continue;
        let steps = distance[node]! + 1;
        if (nodeType[node] === NodeType.array && nodeName(node) === "(map descriptors)") {
          const slot = name === "" ? graph.edgeName[edge]! : Number.parseInt(name, 10);
          if (slot >= 2 && slot % 3 === 1) continue;
        } else if (name.includes("pair in WeakMap")) {
          const entry = name.replace(/^\d+/, "");
          const other = halves.get(entry);
          halves.set(entry, steps);
          if (other === undefined) continue;
          halves.delete(entry);
          steps = Math.max(steps, other);
        }
        const target = edgeTarget[edge]!;
        distance[target] = Math.min(distance[target]!, steps);
      }
    }
  }
  return distance.map((steps) => (steps === Infinity ? UNREACHABLE_DISTANCE : steps));
}
