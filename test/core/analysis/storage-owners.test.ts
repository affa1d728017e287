import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { storageOwners } from "#core/analysis/storage-owners.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { EdgeType, NodeType } from "#core/graph/v8-types.js";
import { edgeList } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

suite("whose storage a node is", () => {
  test("one of Blink's collections owns its store, and not what is in it", () => {
    const heap = new SnapshotBuilder();
    const timers = heap.native("blink::DOMTimerCoordinator", { size: 56 });
    const store = heap.native("blink::HeapHashTableBacking<blink::HashTable<int, …>>", { size: 2056 });
    const timer = heap.native("DOMTimer", { size: 168 });
    heap.property(heap.global(), "timers", timers).element(timers, 1, store).element(store, 1, timer);
    const { owner, ownedSize } = storageOwners(graphOf(heap));
    assert.deepEqual([owner[store], owner[timer]], [timers, timer]);
    assert.deepEqual([ownedSize[timers], ownedSize[timer]], [2112, 168]);
  });

  test("a Map owns its table and what hangs on it, and weighs as much", () => {
    // Map 32 -> table 1000 -> hidden 7
    const heap = new SnapshotBuilder();
    const map = heap.object("Map", { size: 32 });
    const table = heap.array("", { size: 1000 });
    const hidden = heap.node("hidden", "system / Something", { size: 7 });
    heap.property(heap.global(), "map", map).internal(map, "table", table).hidden(table, 1, hidden);
    const { owner, ownedSize } = storageOwners(graphOf(heap));
    assert.deepEqual(
      [map, table, hidden].map((node) => owner[node]),
      [map, map, map],
    );
    assert.deepEqual(
      [map, table, hidden].map((node) => ownedSize[node]),
      [1039, 0, 0],
    );
  });

  test("what two objects share is neither's, nor what hangs on it alone", () => {
    // a -> shared <- b, shared -> below
    const heap = new SnapshotBuilder();
    const [a, b] = [heap.object("A"), heap.object("B")];
    const [shared, below] = [heap.array("", { size: 5 }), heap.array("", { size: 6 })];
    heap.internal(a, "elements", shared).internal(b, "elements", shared).internal(shared, "0", below);
    const { owner, ownedSize } = storageOwners(graphOf(heap));
    assert.deepEqual([owner[shared], owner[below]], [shared, below]);
    assert.deepEqual([ownedSize[shared], ownedSize[below], ownedSize[a]], [5, 6, 16]);
  });

  test("what an object refers to weakly, or only roots refer to, stays by itself", () => {
    const heap = new SnapshotBuilder();
    const a = heap.object("A");
    const [weakly, handled, rooted] = [heap.array(), heap.array(), heap.array()];
    heap.weak(a, "w", weakly).element(heap.subroot("(Global handles)"), 1, handled).element(heap.root(), 9, rooted);
    const { owner } = storageOwners(graphOf(heap));
    for (const node of [weakly, handled, rooted]) assert.equal(owner[node], node);
  });

  test("the text of an external string, where V8 makes it a node, belongs to the string", () => {
    const heap = new SnapshotBuilder();
    const text = heap.string("source", { size: 20 });
    const data = heap.native("system / ExternalStringData", { size: 4000 });
    heap.internal(text, "data", data);
    assert.equal(storageOwners(graphOf(heap)).ownedSize[text], 4020);
  });

  test("holds without user roots as well, where DevTools leaves sizes as V8 wrote them", () => {
    // V8 15 hangs nothing but (GC roots) on the root, which DevTools takes for a request to see V8's own objects.
    const heap = new SnapshotBuilder();
    const array = heap.object("Array", { size: 16 });
    const elements = heap.array("(object elements)", { size: 800 });
    heap.element(heap.gcRoots(), 1, array).internal(array, "elements", elements);
    assert.equal(storageOwners(graphOf(heap)).ownedSize[array], 816);
  });

  test("is the one object from which storage leads there, in any heap", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const graph = graphOf(built(sketch));
        const { owner, ownedSize } = storageOwners(graph);
        const slow = slowOwners(graph);
        assert.deepEqual([...owner], slow);
        const sizes = slow.map(() => 0);
        slow.forEach((to, node) => (sizes[to]! += graph.selfSize[node]!));
        assert.deepEqual([...ownedSize], sizes);
      }),
    );
  });
});

// node -> owner, found by asking of every ordinary object what storage it leads to.
function slowOwners(graph: HeapGraph): number[] {
  const isStorage = (node: number): boolean =>
    graph.nodeType[node] === NodeType.hidden ||
    graph.nodeType[node] === NodeType.array ||
    (graph.nodeType[node] === NodeType.native &&
      graph.strings.text(graph.nodeName[node]!) === "system / ExternalStringData");
  const edges = edgeList(graph, (edge) => graph.edgeType[edge] !== EdgeType.weak);
  const owners = Array.from({ length: graph.nodeCount }, () => new Set<number>());
  for (let start = 0; start < graph.nodeCount; start++) {
    if (isStorage(start)) continue;
    const reached = new Set([start]);
    for (let before = -1; before !== reached.size;) {
      before = reached.size;
      for (const [from, to] of edges) if (reached.has(from) && isStorage(to)) reached.add(to);
    }
    for (const node of reached) owners[node]!.add(start);
  }
  return owners.map((found, node) => {
    const [only] = found;
    const isOwned = found.size === 1 && only !== 0 && graph.nodeType[only!] !== NodeType.synthetic;
    return isOwned ? only! : node;
  });
}
