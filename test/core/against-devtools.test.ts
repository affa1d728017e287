import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { type ClassHistogram, classHistogram } from "#core/analysis/class-histogram.js";
import { type ClassTable, classOf, classes } from "#core/analysis/classes.js";
import { UNREACHABLE_DISTANCE, distances } from "#core/analysis/distances.js";
import { type HeapAnalysis, analyseHeap } from "#core/analysis/heap-analysis.js";
import { type Shape, inferShapes } from "#core/analysis/plain-object-shapes.js";
import { classGrowth } from "#core/diff/class-growth.js";
import { buildGraph } from "#core/graph/build-graph.js";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import { addWeakMapEntry, arbitraryHeap, built } from "../support/arbitrary-heap.js";
import {
  type ClassRow,
  type DevTools,
  type DiffRow,
  classRows,
  devTools,
  diffRows,
  nodeColumns,
} from "../support/devtools.js";
import { SnapshotBuilder } from "../support/snapshot-builder.js";

/** One snapshot, read by both. */
interface Pair {
  readonly theirs: DevTools;
  readonly ours: HeapAnalysis;
}

async function read(text: string): Promise<Pair> {
  const graph = buildGraph(await readSnapshot(Readable.from([Buffer.from(text)])));
  return { theirs: await devTools(text), ours: analyseHeap(graph) };
}

function ourColumns(analysis: HeapAnalysis, table: ClassTable): ReturnType<typeof nodeColumns> {
  return {
    selfSize: [...analysis.ownedSize],
    dominator: [...analysis.dominator],
    retainedSize: [...analysis.retainedSize],
    distance: [...distances(analysis.graph)],
    classKey: Array.from(analysis.owner, (_, node) => table.keys[classOf(table, node)]!),
  };
}

/** Long columns are compared one node at a time: a failing `deepEqual` prints them for minutes. */
function assertEqualColumns(found: ReturnType<typeof nodeColumns>, expected: ReturnType<typeof nodeColumns>): void {
  for (const column of Object.keys(expected) as (keyof typeof expected)[]) {
    const differing = expected[column].flatMap((value, node) =>
      value === found[column][node] ? [] : [`node ${node}: ${found[column][node]}, DevTools ${value}`],
    );
    assert.deepEqual(differing.slice(0, 3), [], `${column} of ${differing.length} nodes`);
  }
}

/** Our histogram in DevTools' form; `like`: rows without a distance come without one. */
function ourClassRows(
  { names, keys }: ClassTable,
  { count, selfSize, retainedSize, distance }: ClassHistogram,
  like: Record<string, ClassRow>,
): Record<string, ClassRow> {
  const rows = keys.flatMap((key, index): [string, ClassRow][] => {
    if (count[index] === 0) return [];
    const row = {
      name: names[index]!,
      count: count[index]!,
      selfSize: selfSize[index]!,
      retainedSize: retainedSize[index]!,
    };
    return [[key, like[key]?.distance === undefined ? row : { ...row, distance: distance[index]! }]];
  });
  return Object.fromEntries(rows);
}

function ourDiffRows(earlier: HeapAnalysis, later: HeapAnalysis): Record<string, DiffRow> {
  const shapes = inferShapes(later.graph);
  const heaps = [earlier, later];
  const { names, keys, intervals } = classGrowth(
    heaps,
    heaps.map(({ graph, layouts }) => classes(graph, layouts, shapes)),
  );
  const { bornCount, bornBytes, diedCount, diedBytes } = intervals[0]!;
  const rows = keys.map((key, row): [string, DiffRow] => [
    key,
    {
      name: names[row]!,
      bornCount: bornCount[row]!,
      bornBytes: bornBytes[row]!,
      diedCount: diedCount[row]!,
      diedBytes: diedBytes[row]!,
    },
  ]);
  return Object.fromEntries(rows.filter(([, { bornCount: born, diedCount: died }]) => born + died > 0));
}

function theirShapes(snapshot: DevTools): Shape[] {
  const definitions = JSON.parse(snapshot.interfaceDefinitions()) as Shape[];
  return definitions.map(({ name, properties }) => ({ name, properties }));
}

suite("DevTools sees the same as leakdiff in two snapshots of this Node", () => {
  let earlier: Pair;
  let later: Pair;

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "leakdiff-"));
    after(() => rmSync(folder, { recursive: true }));
    const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
    const files = ["a", "b"].map((name) => join(folder, `${name}.heapsnapshot`)) as [string, string];
    execFileSync(process.execPath, [join(root, "test", "support", "mixed-heap.cjs"), ...files]);
    earlier = await read(readFileSync(files[0], "utf8"));
    later = await read(readFileSync(files[1], "utf8"));
  });

  test("self size, dominator, retained size, distance and class of every node", () => {
    for (const { theirs, ours } of [earlier, later])
      assertEqualColumns(ourColumns(ours, classes(ours.graph)), nodeColumns(theirs, UNREACHABLE_DISTANCE));
  });

  test("the shapes of plain objects", () => {
    for (const { theirs, ours } of [earlier, later]) {
      assert.ok(theirShapes(theirs).length > 5);
      assert.deepEqual(inferShapes(ours.graph), theirShapes(theirs));
    }
  });

  test("count, self size, retained size and distance of every class", () => {
    for (const { theirs, ours } of [earlier, later]) {
      const table = classes(ours.graph);
      const expected = classRows(theirs);
      assert.deepEqual(ourClassRows(table, classHistogram(ours, table, distances(ours.graph)), expected), expected);
      assert.equal(Object.keys(expected).filter((key) => /^\d+,\d+,\d+,Stat$/.test(key)).length, 2);
    }
  });

  test("what was added and removed, class by class", () => {
    const expected = diffRows(earlier.theirs, later.theirs);
    assert.deepEqual(ourDiffRows(earlier.ours, later.ours), expected);
    assert.equal(Object.entries(expected).find(([key]) => key.endsWith(",Session"))?.[1].bornCount, 80);
  });
});

suite("DevTools sees the same as leakdiff", () => {
  // The root has a shortcut to a global object: without one DevTools does not look for the program's objects.
  const withGlobal = arbitraryHeap(8).map((sketch) => {
    const [first] = sketch.nodes;
    if (first === undefined) return sketch;
    const toFirst = { from: 0, type: "shortcut", name: "1", to: 1 };
    const edges = [toFirst, ...sketch.edges.filter(({ from, to }) => from !== 0 || to !== 1)];
    const global = first.type === "synthetic" ? { ...first, type: "object" } : first;
    const nodes = [global, ...sketch.nodes.slice(1)];
    // Of a detached string DevTools does not see that its bytes are its own: see below.
    const hasText = nodes.some(({ type, name }) => type === "native" && name === "system / ExternalStringData");
    return { ...sketch, nodes: hasText ? nodes.map((node) => ({ ...node, detachedness: 0 })) : nodes, edges };
  });

  test("in any heap, sensible or not", async () => {
    await fc.assert(
      fc.asyncProperty(withGlobal, async (sketch) => {
        const { theirs, ours } = await read(built(sketch).json());
        const table = classes(ours.graph);
        assertEqualColumns(ourColumns(ours, table), nodeColumns(theirs, UNREACHABLE_DISTANCE));
        assert.deepEqual(inferShapes(ours.graph), theirShapes(theirs));
      }),
    );
  });

  test("between any two moments of a heap", async () => {
    const gone = fc.array(fc.integer({ min: 2, max: 8 }));
    await fc.assert(
      fc.asyncProperty(withGlobal, gone, gone, async (sketch, goneBefore, goneAfter) => {
        const [earlier, later] = await Promise.all(
          [goneBefore, goneAfter].map((gone) => {
            const heap = built(sketch);
            for (const node of gone) if (node < heap.nodeCount) heap.free(node);
            return read(heap.json());
          }),
        );
        // DevTools looks up what to call a class after it has changed the names back.
        const nameless = (rows: Record<string, DiffRow>): unknown =>
          Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, { ...row, name: "" }]));
        const found = ourDiffRows(earlier!.ours, later!.ours);
        assert.deepEqual(nameless(found), nameless(diffRows(earlier!.theirs, later!.theirs)));
      }),
    );
  });
});

suite("leakdiff differs from DevTools on purpose", () => {
  test("in files of V8 15, whose root refers to nothing but (GC roots)", async () => {
    // root -> (GC roots) -> (Strong roots) -> NativeContext -global_object-> Window -> Array -> elements
    //                    -> (Global handles) -> Array
    // DevTools finds no objects of the program's there: it leaves the elements' bytes where V8 put them, and a handle
    // to the array takes it away from the window. leakdiff starts at the native context.
    const heap = new SnapshotBuilder();
    const context = heap.native("system / NativeContext / https://example.org/");
    const window = heap.object("Window [JSGlobalObject] / https://example.org/", { size: 100 });
    const array = heap.object("Array", { size: 16 });
    const elements = heap.array("(object elements)", { size: 800 });
    heap.element(heap.subroot("(Strong roots)"), 1, context);
    heap.internal(context, "global_object", window).property(window, "list", array);
    heap.internal(array, "elements", elements).element(heap.subroot("(Global handles)"), 1, array);
    const { theirs, ours } = await read(heap.json({ layout: "chrome" }));
    const seen = nodeColumns(theirs, UNREACHABLE_DISTANCE);
    assert.deepEqual([seen.selfSize[array], ours.ownedSize[array]], [16, 816]);
    assert.deepEqual([theirs.nodeCount, seen.retainedSize[window]], [ours.graph.nodeCount, 100]);
    assert.equal(ours.retainedSize[window], 916);
    assert.deepEqual([...distances(ours.graph)], seen.distance, "distances are the same");
  });

  test("in that V8's own objects, which V8 15 writes as if they were the browser's, are one row as in all versions before", async () => {
    const heap = new SnapshotBuilder();
    heap.native("system / PropertyArray", { size: 10 });
    heap.native("system / AccessorPair", { size: 100 });
    const { theirs, ours } = await read(heap.json({ layout: "chrome" }));
    const table = classes(ours.graph);
    assert.equal(classRows(theirs)[",system / PropertyArray"]!.count, 1);
    assert.equal(classHistogram(ours, table, distances(ours.graph)).selfSize[table.keys.indexOf(",(system)")], 110);
  });

  test("in that the bytes of a detached object's text are its own", async () => {
    // DevTools calls them "Detached system / ExternalStringData", and then does not know that name.
    const heap = new SnapshotBuilder();
    const text = heap.native("Text", { size: 10, detachedness: 2 });
    const bytes = heap.native("system / ExternalStringData", { size: 100 });
    heap.property(heap.global(), "text", text).internal(text, "data", bytes);
    const { theirs, ours } = await read(heap.json());
    assert.deepEqual(nodeColumns(theirs, UNREACHABLE_DISTANCE).selfSize.slice(text, bytes + 1), [10, 100]);
    assert.deepEqual([...ours.ownedSize.subarray(text, bytes + 1)], [110, 0]);
  });

  test("for WeakMap entries that DevTools' pattern does not match", async () => {
    // global -> key, global -> WeakMap -> table; the value hangs on the key. Its name has a line feed, so that DevTools
    // takes both edges for ordinary ones and gives the value to the global object.
    const heap = new SnapshotBuilder();
    const [key, map, table, value] = [heap.object("Key"), heap.object("WeakMap"), heap.array(""), heap.object("Value")];
    heap.property(heap.global(), "key", key).property(heap.global(), "map", map).internal(map, "table", table);
    const ends = ["", "\n"].map((inName, i) => {
      addWeakMapEntry(heap, { key, table, value, counter: i + 1, inName });
      return heap.json();
    });
    const [ordinary, withLineFeed] = [await read(ends[0]!), await read(ends[1]!)];
    assert.equal(ordinary.theirs.dominatorsTree[value], key);
    assert.equal(withLineFeed.theirs.dominatorsTree[value], heap.global());
    assert.equal(withLineFeed.ours.dominator[value], key);
  });

  test("in that one unreachable object does not make its whole class unreachable", async () => {
    const heap = new SnapshotBuilder();
    heap.property(heap.global(), "a", heap.object("A"));
    heap.object("A");
    const { theirs, ours } = await read(heap.json());
    const table = classes(ours.graph);
    assert.equal(theirs.getAggregatesByClassKey(true, "allObjects")[",A"]!.distance, -5);
    assert.equal(classHistogram(ours, table, distances(ours.graph)).distance[table.names.indexOf("A")], 2);
  });

  test("in that classes of one name are one row, where DevTools shows the last and drops the others", async () => {
    // An object whose constructor is called Function, besides functions.
    const heap = new SnapshotBuilder();
    heap.closure("f", { size: 10 });
    heap.object("Function", { size: 100 });
    const { theirs, ours } = await read(heap.json());
    const table = classes(ours.graph);
    assert.equal(classRows(theirs)[",Function"]!.count, 1);
    assert.equal(classHistogram(ours, table, distances(ours.graph)).selfSize[table.keys.indexOf(",Function")], 110);
  });
});
