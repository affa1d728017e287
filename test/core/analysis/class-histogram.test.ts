import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type ClassHistogram, classHistogram } from "#core/analysis/class-histogram.js";
import { type ClassTable, classOf, classes } from "#core/analysis/classes.js";
import { UNREACHABLE_DISTANCE, distances } from "#core/analysis/distances.js";
import { dominatorTree } from "#core/analysis/dominator-tree.js";
import { type HeapAnalysis, analyseHeap } from "#core/analysis/heap-analysis.js";
import { analysed } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { linkedList } from "../../support/long-heaps.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

function row(histogram: ClassHistogram, table: ClassTable, name: string): number[] {
  const index = table.names.indexOf(name);
  const { count, selfSize, retainedSize, distance } = histogram;
  return [count[index]!, selfSize[index]!, retainedSize[index]!, distance[index]!];
}

suite("the class histogram", () => {
  test("adds up count, self size, retained size and least distance", () => {
    // global -> list -> Session 100 -> Buffer 1000; list -> Session 100
    const heap = new SnapshotBuilder();
    const list = heap.object("Array", { size: 32 });
    const sessions = [heap.object("Session", { size: 100 }), heap.object("Session", { size: 100 })];
    heap.property(heap.global(), "list", list);
    sessions.forEach((session, i) => heap.element(list, i, session));
    heap.property(sessions[0]!, "data", heap.object("Buffer", { size: 1000 }));
    const analysis = analysed(heap);
    const table = classes(analysis.graph);
    const histogram = classHistogram(analysis, table, distances(analysis.graph));
    assert.deepEqual(row(histogram, table, "Session"), [2, 200, 1200, 3]);
    assert.deepEqual(row(histogram, table, "Buffer"), [1, 1000, 1000, 4]);
    assert.deepEqual(row(histogram, table, "Array"), [1, 32, 1232, 2]);
  });

  test("counts what objects of a class retain through one another once", () => {
    // global -> Link -> Other -> Link -> Link, global -> Link
    const heap = new SnapshotBuilder();
    const links = [1, 2, 3, 4].map((size) => heap.object("Link", { size })) as [number, number, number, number];
    const other = heap.object("Other", { size: 100 });
    heap.property(heap.global(), "a", links[0]).property(heap.global(), "b", links[3]);
    heap.property(links[0], "x", other).property(other, "x", links[1]).property(links[1], "x", links[2]);
    const analysis = analysed(heap);
    const table = classes(analysis.graph);
    assert.deepEqual(row(classHistogram(analysis, table, distances(analysis.graph)), table, "Link"), [4, 10, 110, 2]);
  });

  test("leaves out nodes without bytes, also those whose bytes went to their owner", () => {
    const heap = new SnapshotBuilder();
    const map = heap.object("Map", { size: 30 });
    heap.property(heap.global(), "map", map).internal(map, "table", heap.array("", { size: 500 }));
    heap.property(map, "nothing", heap.object("Empty", { size: 0 }));
    const analysis = analysed(heap);
    const table = classes(analysis.graph);
    const histogram = classHistogram(analysis, table, distances(analysis.graph));
    assert.deepEqual(row(histogram, table, "Map"), [1, 530, 530, 2]);
    assert.deepEqual(row(histogram, table, "(array)"), [0, 0, 0, UNREACHABLE_DISTANCE]);
    assert.deepEqual(row(histogram, table, "Empty"), [0, 0, 0, UNREACHABLE_DISTANCE]);
  });

  test("is what adding up one node after the other gives, of any heap", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const analysis = analysed(built(sketch));
        const table = classes(analysis.graph);
        assert.deepEqual(classHistogram(analysis, table, distances(analysis.graph)), slowHistogram(analysis, table));
      }),
    );
  });

  test("of a list of a hundred thousand objects needs no stack", () => {
    const analysis = analyseHeap(linkedList(100_000));
    const table = classes(analysis.graph);
    const distance = new Uint32Array(100_000);
    const histogram = classHistogram(analysis, table, distance);
    assert.deepEqual(row(histogram, table, "Link"), [99_999, 1_599_984, 1_599_984, 0]);
  });
});

test("the dominator tree laid flat has below a node just what it dominates", () => {
  fc.assert(
    fc.property(arbitraryHeap(), (sketch) => {
      const analysis = analysed(built(sketch));
      const { node, end } = dominatorTree(analysis);
      for (let position = 0; position < node.length; position++) {
        const below = [...node.subarray(position, end[position])].sort((a, b) => a - b);
        const expected = [...analysis.dominator.keys()].filter((other) =>
          dominatorsOf(analysis, other).includes(node[position]!),
        );
        assert.deepEqual(below, expected);
      }
    }),
  );
});

// The node, its dominator, that one's ... up to the root.
function dominatorsOf({ dominator }: HeapAnalysis, node: number): number[] {
  const chain = [node];
  while (chain.at(-1) !== 0) chain.push(dominator[chain.at(-1)!]!);
  return chain;
}

function slowHistogram(analysis: HeapAnalysis, table: ClassTable): ClassHistogram {
  const { ownedSize, retainedSize } = analysis;
  const distance = distances(analysis.graph);
  const members = table.names.map((_, index) =>
    [...ownedSize.keys()].filter((node) => classOf(table, node) === index && ownedSize[node]! > 0),
  );
  const sum = (nodes: readonly number[], sizes: ArrayLike<number>): number =>
    nodes.reduce((total, node) => total + sizes[node]!, 0);
  const outermost = members.map((nodes) =>
    nodes.filter((node) => !dominatorsOf(analysis, node).some((other) => other !== node && nodes.includes(other))),
  );
  return {
    count: Uint32Array.from(members, (nodes) => nodes.length),
    selfSize: Float64Array.from(members, (nodes) => sum(nodes, ownedSize)),
    retainedSize: Float64Array.from(outermost, (nodes) => sum(nodes, retainedSize)),
    distance: Uint32Array.from(members, (nodes) =>
      Math.min(UNREACHABLE_DISTANCE, ...nodes.map((node) => distance[node]!)),
    ),
  };
}
