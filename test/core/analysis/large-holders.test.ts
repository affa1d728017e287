import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { largeHolders } from "#core/analysis/large-holders.js";
import type { LargeHolder } from "#core/analysis/large-nodes.js";
import { ROOT } from "#core/graph/v8-roots.js";
import { analysed } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { type NodeRow, SnapshotBuilder } from "../../support/snapshot-builder.js";

const holdersOf = (heap: SnapshotBuilder, least: number): LargeHolder[] => largeHolders(analysed(heap), least);
const found = (heap: SnapshotBuilder, least: number): [NodeRow, number][] =>
  holdersOf(heap, least).map(({ node, bytes }) => [node, bytes]);

/** An Array that a property of another object refers to, with its storage. */
function listOf(heap: SnapshotBuilder, from: NodeRow, name: string, entries: readonly NodeRow[]): NodeRow {
  const list = heap.object("Array", { size: 16 });
  const elements = heap.array("", { size: 1000 });
  heap.property(from, name, list).internal(list, "elements", elements);
  entries.forEach((entry, i) => heap.internal(elements, String(i), entry));
  return list;
}

function objects(heap: SnapshotBuilder, count: number, size: number, name = "Row"): NodeRow[] {
  return Array.from({ length: count }, () => heap.object(name, { size }));
}

suite("the large holders of a heap", () => {
  test("are the containers, not the objects that lead to them", () => {
    const heap = new SnapshotBuilder();
    const app = heap.object("App", { size: 24 });
    heap.property(heap.global(), "app", app);
    const rows = listOf(heap, app, "rows", objects(heap, 100, 50));
    const users = listOf(heap, app, "users", objects(heap, 100, 30));
    assert.deepEqual(found(heap, 1500), [
      [rows, 16 + 1000 + 5000],
      [users, 16 + 1000 + 3000],
    ]);
  });

  test("have what is held from two places, and one of the two is told with the other", () => {
    const heap = new SnapshotBuilder();
    const rows = objects(heap, 100, 50);
    const byId = listOf(heap, heap.global(), "byId", rows);
    const recent = listOf(heap, heap.global(), "recent", rows.slice(0, 90));
    assert.deepEqual(holdersOf(heap, 1500), [{ node: byId, bytes: 6016, others: [recent], isStructure: false }]);
  });

  test("count what a tree keeps once, though a list has all of its nodes", () => {
    const heap = new SnapshotBuilder();
    const [top, ...others] = objects(heap, 100, 50) as [NodeRow, ...NodeRow[]];
    for (const [i, row] of others.entries()) heap.property(i < 9 ? top : others[i % 9]!, `child${i}`, row);
    const list = listOf(heap, heap.global(), "all", [top, ...others]);
    heap.property(heap.global(), "top", top);
    assert.deepEqual(found(heap, 3000), [[list, 16 + 1000 + 5000]]);
  });

  test("have entries that are large themselves, if there are many", () => {
    const heap = new SnapshotBuilder();
    const sessions = objects(heap, 20, 40, "Session");
    for (const session of sessions) listOf(heap, session, "cart", objects(heap, 10, 50));
    const list = listOf(heap, heap.global(), "sessions", sessions);
    assert.deepEqual(found(heap, 1400), [[list, 16 + 1000 + 20 * (40 + 16 + 1000 + 500)]]);
  });

  test("tell what one of many alike has that has most of all", () => {
    const heap = new SnapshotBuilder();
    const modules = objects(heap, 20, 2000, "Module");
    const users = listOf(heap, modules[7]!, "users", objects(heap, 1000, 100));
    const cache = heap.object("Object", { size: 24 });
    heap.property(heap.global(), "cache", cache);
    for (const [i, module] of modules.entries()) heap.property(cache, `m${i}.js`, module);
    assert.deepEqual(found(heap, 1900)[0], [users, 16 + 1000 + 100_000]);
  });

  test("are lists as a whole, from the first link on", () => {
    const heap = new SnapshotBuilder();
    const links = objects(heap, 200, 50, "Link");
    for (const [i, link] of links.slice(1).entries()) heap.property(links[i]!, "next", link);
    heap.property(heap.global(), "head", links[0]!);
    assert.deepEqual(holdersOf(heap, 1000), [{ node: links[0], bytes: 10_000, others: [], isStructure: true }]);
  });

  test("are chains of closures from the first object on, and not the scope before it", () => {
    const heap = new SnapshotBuilder();
    let scope = heap.context({ size: 20 });
    const main = heap.closure("start", { size: 10 });
    heap.property(heap.global(), "start", main).internal(main, "context", scope);
    const things: NodeRow[] = [];
    for (let i = 0; i < 100; i++) {
      const thing = heap.object("Object", { size: 100 });
      const method = heap.closure("method", { size: 30 });
      heap.variable(scope, "thing", thing).property(thing, "method", method);
      scope = heap.context({ size: 20 });
      heap.internal(method, "context", scope);
      things.push(thing);
    }
    const [first] = holdersOf(heap, 1000);
    assert.deepEqual(first, { node: things[0], bytes: 100 * 150, others: [], isStructure: true });
  });

  test("hang on nothing that they hold: what refers back to all does not make a holder of its entry", () => {
    const heap = new SnapshotBuilder();
    const app = heap.object("App", { size: 3000 });
    heap.property(heap.global(), "app", app);
    const listeners = listOf(heap, app, "listeners", [app, ...objects(heap, 10, 50)]);
    const bytes = new Map(found(heap, 1400));
    assert.equal(bytes.get(listeners), 16 + 1000 + 500);
    assert.equal(bytes.get(app), 3000);
  });

  test("are told by themselves where each has bytes beside those that they share", () => {
    const heap = new SnapshotBuilder();
    const shared = objects(heap, 10, 200, "Rule");
    const own = ["orders", "invoices"].map((name) => {
      const holder = heap.object("Store", { size: 24 });
      heap.property(heap.global(), name, holder);
      for (const rule of shared) heap.property(holder, `rule${rule}`, rule);
      for (const row of objects(heap, 22, 90)) heap.property(holder, `row${row}`, row);
      return holder;
    });
    const holders = holdersOf(heap, 1000);
    for (const store of own) {
      const told = holders.find(({ node }) => node === store);
      assert.deepEqual([told?.bytes, told?.others], [24 + 22 * 90, []]);
    }
  });

  test("keep no more than what the dominator tree has, each byte once, of any heap", () => {
    fc.assert(
      fc.property(arbitraryHeap(40), fc.integer({ min: 1, max: 200 }), (sketch, least) => {
        const heap = analysed(built(sketch));
        const holders = largeHolders(heap, least);
        let sum = 0;
        for (const { node, bytes, others } of holders) {
          assert.ok(bytes >= least && bytes <= heap.retainedSize[node]!, `${bytes} of ${heap.retainedSize[node]}`);
          assert.deepEqual(others, []); // nothing has so much storage
          sum += bytes;
        }
        assert.ok(sum <= heap.retainedSize[ROOT]!);
        assert.equal(new Set(holders.map(({ node }) => node)).size, holders.length);
      }),
      { numRuns: 500 },
    );
  });
});
