import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { classOf, classes } from "#core/analysis/classes.js";
import { inferShapes } from "#core/analysis/plain-object-shapes.js";
import { type ClassGrowthTable, classGrowth } from "#core/diff/class-growth.js";
import { nodesById } from "#core/diff/nodes-by-id.js";
import { analysed } from "../../support/analysed.js";
import { type Sketch, arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { idDiff } from "../../support/slow-and-obvious.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

// Takes a snapshot whenever asked; compares them all in the end.
function session(): { take(heap: SnapshotBuilder): void; growth(): ClassGrowthTable } {
  const taken: ReturnType<typeof analysed>[] = [];
  return {
    take: (heap) => void taken.push(analysed(heap)),
    growth: () => {
      const shapes = inferShapes(taken.at(-1)!.graph);
      return classGrowth(
        taken,
        taken.map(({ graph, layouts }) => classes(graph, layouts, shapes)),
      );
    },
  };
}

const NUMBERS = [
  "bornCount",
  "bornBytes",
  "diedCount",
  "diedBytes",
  "survivedCount",
  "survivedBytes",
  "bytes",
] as const;

// born, died, survived as [count, bytes], and bytes, of one class in every interval
function rowsOf(growth: ClassGrowthTable, name: string): number[][] {
  const row = growth.names.indexOf(name);
  return growth.intervals.map((interval) => NUMBERS.map((number) => interval[number][row]!));
}

suite("growth of classes", () => {
  test("counts what came, went and stayed, with bytes, in every interval", () => {
    const heap = new SnapshotBuilder();
    const { take, growth } = session();
    const add = (size: number): number => {
      const node = heap.object("Session", { size });
      heap.property(heap.global(), `s${node}`, node);
      return node;
    };
    const [a, b] = [add(1), add(10)];
    take(heap);
    heap.free(a).resize(b, 15);
    add(100);
    add(1000);
    take(heap);
    take(heap);
    assert.deepEqual(rowsOf(growth(), "Session"), [
      [2, 1100, 1, 1, 1, 15, 1115 - 11],
      [0, 0, 0, 0, 3, 1115, 0],
    ]);
  });

  test("has one row for a class that comes and goes, and keeps classes of one name in two places apart", () => {
    const heap = new SnapshotBuilder();
    const { take, growth } = session();
    take(heap);
    const nodes = [3, 9].map((line) => heap.object("Stat", { at: { scriptId: 1, line, column: 0 } }));
    take(heap);
    heap.free(nodes[0]!);
    take(heap);
    const table = growth();
    const stats = table.keys.flatMap((key, row) => (key.endsWith("Stat") ? [row] : []));
    assert.equal(stats.length, 2);
    assert.deepEqual(
      stats.map((row) => table.intervals.map(({ bornCount, diedCount }) => [bornCount[row], diedCount[row]])),
      [
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 0],
          [0, 0],
        ],
      ],
    );
  });

  test("takes an object that changed its class for one that died and one that was born", () => {
    const heap = new SnapshotBuilder();
    const { take, growth } = session();
    const node = heap.object("Before", { size: 5 });
    take(heap);
    heap.rename(node, "After");
    take(heap);
    assert.deepEqual(rowsOf(growth(), "Before"), [[0, 0, 1, 5, 0, 0, -5]]);
    assert.deepEqual(rowsOf(growth(), "After"), [[1, 5, 0, 0, 0, 0, 5]]);
  });

  test("sees plain objects of the earlier snapshot with the shapes of the later", () => {
    // One {a} is no shape, three are: the first has survived.
    const heap = new SnapshotBuilder();
    const { take, growth } = session();
    const add = (): unknown => heap.property(heap.object("Object"), "a", 0);
    add();
    take(heap);
    add();
    add();
    take(heap);
    assert.deepEqual(rowsOf(growth(), "{a}"), [[2, 32, 0, 0, 1, 16, 32]]);
  });

  test("leaves out nodes without bytes", () => {
    const heap = new SnapshotBuilder();
    const { take, growth } = session();
    take(heap);
    heap.object("Empty", { size: 0 });
    take(heap);
    assert.equal(growth().keys.includes(",Empty"), true);
    assert.deepEqual(rowsOf(growth(), "Empty"), [[0, 0, 0, 0, 0, 0, 0]]);
  });

  test("is nothing between a heap and itself", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const { take, growth } = session();
        take(built(sketch));
        take(built(sketch));
        const [{ bornCount, bornBytes, diedCount, diedBytes, bytes }] = growth().intervals as [Interval];
        for (const column of [bornCount, bornBytes, diedCount, diedBytes, bytes])
          assert.ok([...column].every((number) => number === 0));
      }),
    );
  });

  // The same heap with some of its nodes gone: their rows are freed.
  const twoMoments = fc.tuple(arbitraryHeap(), fc.array(fc.nat(12)), fc.array(fc.nat(12)));
  type Interval = ClassGrowthTable["intervals"][number];
  const at = (sketch: Sketch, freed: readonly number[]): SnapshotBuilder => {
    const heap = built(sketch);
    for (const node of freed) if (node > 0 && node < heap.nodeCount) heap.free(node);
    return heap;
  };
  const between = (earlier: SnapshotBuilder, later: SnapshotBuilder): ClassGrowthTable => {
    const { take, growth } = session();
    take(earlier);
    take(later);
    return growth();
  };

  test("mirrors itself when the snapshots change places", () => {
    fc.assert(
      fc.property(twoMoments, ([sketch, freedBefore, freedAfter]) => {
        const noShapes = {
          ...sketch,
          nodes: sketch.nodes.filter(({ name }) => name !== "Object"),
          edges: [],
          weakMapEntries: [],
        };
        const [earlier, later] = [at(noShapes, freedBefore), at(noShapes, freedAfter)];
        const there = between(earlier, later);
        const back = between(later, earlier);
        assert.deepEqual([...there.keys].sort(), [...back.keys].sort());
        there.keys.forEach((key, row) => {
          const mirrored = back.keys.indexOf(key);
          const [a, b] = [there.intervals[0]!, back.intervals[0]!];
          assert.equal(a.bornCount[row], b.diedCount[mirrored]);
          assert.equal(a.bornBytes[row], b.diedBytes[mirrored]);
          assert.equal(a.survivedCount[row], b.survivedCount[mirrored]);
          assert.equal(a.bytes[row], 0 - b.bytes[mirrored]!);
        });
      }),
    );
  });

  test("is what sets of ids per class say", () => {
    fc.assert(
      fc.property(twoMoments, ([sketch, freedBefore, freedAfter]) => {
        const heaps = [at(sketch, freedBefore), at(sketch, freedAfter)].map(analysed) as [
          ReturnType<typeof analysed>,
          ReturnType<typeof analysed>,
        ];
        const shapes = inferShapes(heaps[1].graph);
        const tables = heaps.map(({ graph, layouts }) => classes(graph, layouts, shapes));
        const growth = classGrowth(heaps, tables);
        const sizesOf = (i: 0 | 1, key: string): Map<number, number> => {
          const { graph, ownedSize } = heaps[i];
          const { keys } = tables[i]!;
          const isOfKey = (node: number): boolean => keys[classOf(tables[i]!, node)] === key;
          const nodes = [...graph.nodeId.keys()].filter((node) => isOfKey(node) && ownedSize[node]! > 0);
          return new Map(nodes.map((node) => [graph.nodeId[node]!, ownedSize[node]!]));
        };
        growth.keys.forEach((key, row) => {
          const [before, after] = [sizesOf(0, key), sizesOf(1, key)];
          const { born, died, survived } = idDiff(before.keys(), after.keys());
          const sum = (ids: Iterable<number>, sizes: Map<number, number>): number =>
            [...ids].reduce((total, id) => total + sizes.get(id)!, 0);
          assert.deepEqual(
            NUMBERS.map((number) => growth.intervals[0]![number][row]),
            [
              [born.length, sum(born, after)],
              [died.length, sum(died, before)],
              [survived.length, sum(survived, after)],
              sum(after.keys(), after) - sum(before.keys(), before),
            ].flat(),
            key,
          );
        });
      }),
    );
  });
});

test("nodes by id are all nodes in ascending order of id", () => {
  const id = fc.oneof(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 2, max: 2 ** 32 - 1 }));
  fc.assert(
    fc.property(fc.array(id, { maxLength: 40 }), (ids) => {
      const heap = new SnapshotBuilder();
      for (const each of ids) heap.object("A", { id: each });
      const graph = graphOf(heap);
      const sorted = [...graph.nodeId.keys()].sort((a, b) => graph.nodeId[a]! - graph.nodeId[b]! || a - b);
      assert.deepEqual([...nodesById(graph)], sorted);
    }),
  );
});
