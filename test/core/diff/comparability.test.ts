import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { compare } from "#core/diff/comparability.js";
import { idCensus } from "#core/graph/id-census.js";
import { NodeType } from "#core/graph/v8-types.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

/** A process that made so many objects of these classes, one after the other. */
function processWith(classes: readonly string[], count: number): SnapshotBuilder {
  const heap = new SnapshotBuilder();
  for (let i = 0; i < count; i++) heap.element(heap.global(), i, heap.object(classes[i % classes.length]));
  return heap;
}

suite("whether two snapshots are of one process", () => {
  test("is certain when the ids they share are the same objects", () => {
    const heap = processWith(["A", "B", "C"], 100);
    const before = graphOf(heap);
    for (let i = 0; i < 400; i++) heap.element(heap.global(), 100 + i, heap.object("New"));
    assert.deepEqual(compare(before, graphOf(heap)), { relation: "same-process", agreement: 1 });
  });

  test("is denied when ids mean other objects, even if both began alike", () => {
    // The first half of the ids is V8's start-up heap, which is the same in every process of one version.
    const [one, other] = [processWith(["Startup"], 500), processWith(["Startup"], 500)];
    const later = (heap: SnapshotBuilder, name: string): void => {
      for (let i = 0; i < 500; i++) heap.element(heap.global(), 500 + i, heap.object(`${name}${i % 7}`));
    };
    later(one, "Order");
    later(other, "Page");
    const found = compare(graphOf(one), graphOf(other));
    assert.equal(found.relation, "other-process");
    assert.ok(found.agreement < 0.5);
  });

  test("is unclear where one of them has no objects that could be the same", () => {
    const heap = processWith(["A", "B"], 200);
    const other = new SnapshotBuilder();
    for (let i = 0; i < 200; i++) other.element(other.global(), i, other.node("hidden", "system / A"));
    const none = { ...graphOf(other), nodeType: graphOf(other).nodeType.map(() => NodeType.hidden) };
    assert.equal(compare(none, graphOf(heap)).relation, "unclear");
    assert.equal(compare(graphOf(heap), none).relation, "unclear");
  });

  test("is denied when they share next to no ids", () => {
    const one = processWith(["A"], 300);
    const other = new SnapshotBuilder();
    for (let i = 0; i < 300; i++) other.element(other.global(), i, other.object("A", { id: 2 ** 31 + 1 + 2 * i }));
    assert.equal(compare(graphOf(one), graphOf(other)).relation, "other-process");
  });

  test("is unclear when a few too many disagree", () => {
    const heap = processWith(["A", "B"], 1000);
    const before = graphOf(heap);
    for (let i = 0; i < 25; i++) heap.rename(900 + i, "Renamed");
    const found = compare(before, graphOf(heap));
    assert.equal(found.relation, "unclear");
    assert.ok(found.agreement < 0.96 && found.agreement > 0.94, `${found.agreement}`);
  });

  test("is told by a part of a large heap as by all of it", () => {
    for (const [renamed, relation] of [
      [0, "same-process"],
      [3, "same-process"],
      [30, "same-process"],
      [50, "unclear"],
      [300, "other-process"],
    ] as const) {
      const heap = processWith(["A", "B"], 50_000);
      const before = graphOf(heap);
      heap.object("New");
      // So many of each thousand, all over the heap.
      for (let node = 1000; node < 50_000; node++) if ((node * 7919) % 1000 < renamed) heap.rename(node, "Renamed");
      const after = graphOf(heap);
      const [part, all] = [5000, Infinity].map((enough) => compare(before, after, undefined, enough));
      assert.equal(all!.relation, relation);
      assert.equal(part!.relation, relation);
      assert.ok(Math.abs(part!.agreement - all!.agreement) < 0.01);
    }
  });

  test("is not asked of strings, which V8 flattens and merges", () => {
    const heap = processWith(["A"], 50);
    const texts = Array.from({ length: 200 }, (_, i) => heap.string(`text ${i}`));
    for (const text of texts) heap.property(heap.global(), "text", text);
    const before = graphOf(heap);
    for (const text of texts) heap.rename(text, "another text");
    heap.object("New");
    assert.equal(compare(before, graphOf(heap)).relation, "same-process");
  });

  test("may be that they are the same snapshot, in whatever layout", () => {
    const heap = processWith(["A", "B"], 40);
    assert.equal(compare(graphOf(heap), graphOf(heap, { layout: "node20" })).relation, "same-file");
    const text = heap.string("…", { size: 100 });
    const changes = [
      () => heap.property(heap.global(), "one more edge", text),
      () => heap.string("one more text"),
      () => heap.resize(text, 5000),
    ];
    for (const change of changes) {
      const before = graphOf(heap);
      change();
      assert.equal(compare(before, graphOf(heap)).relation, "same-process");
    }
  });

  test("has an answer for heaps with nothing in them", () => {
    const empty = graphOf(new SnapshotBuilder());
    assert.equal(compare(empty, empty).relation, "same-file");
    assert.equal(compare(empty, graphOf(processWith(["A"], 3))).relation, "unclear");
  });

  test("has the same answer whichever is named first", () => {
    fc.assert(
      fc.property(arbitraryHeap(), arbitraryHeap(), (one, other) => {
        const [a, b] = [graphOf(built(one)), graphOf(built(other))];
        const [there, back] = [compare(a, b), compare(b, a)];
        // The halves that are looked at by themselves are those of the earlier snapshot.
        assert.equal(there.relation === "same-file", back.relation === "same-file");
        for (const { agreement } of [there, back]) assert.ok(agreement >= 0 && agreement <= 1);
      }),
    );
  });

  test("is never denied of a heap and itself", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const graph = graphOf(built(sketch));
        assert.deepEqual(compare(graph, graph), { relation: "same-file", agreement: 1 });
      }),
    );
  });
});

suite("the newest id", () => {
  test("rises with every object, and pays no heed to what Node and C++ number by address", () => {
    const heap = processWith(["A"], 10);
    const before = idCensus(graphOf(heap)).newestId;
    heap.native("Node / Environment", { id: 3_000_000_000 });
    heap.node("number", "smi number", { id: 4_000_000_001 });
    assert.equal(idCensus(graphOf(heap)).newestId, before);
    heap.object("B");
    assert.equal(idCensus(graphOf(heap)).newestId, before + 2);
  });
});
