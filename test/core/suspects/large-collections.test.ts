import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { analyseHeap, type HeapAnalysis } from "#core/analysis/heap-analysis.js";
import { compareHeaps } from "#core/compare-heaps.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { EdgeType } from "#core/graph/v8-types.js";
import { linkedList } from "../../support/long-heaps.js";
import { heapsAfter, SmallProgram } from "../../support/small-program.js";
import { leaksOf, times } from "../../support/suspects.js";

const MANY = 20_000;

/** Title of the only leak, and the most entries of any Map or Set that finding it took: V8 has room for 2^24 in one. */
async function largestFor(heaps: readonly HeapAnalysis[]): Promise<{ title: string; largest: number }> {
  const { set } = Map.prototype;
  const { add } = Set.prototype;
  let largest = 0;
  Map.prototype.set = function (key, value) {
    largest = Math.max(largest, this.size);
    return set.call(this, key, value);
  };
  Set.prototype.add = function (value) {
    largest = Math.max(largest, this.size);
    return add.call(this, value);
  };
  try {
    const leaks = leaksOf(await compareHeaps(heaps));
    return { title: leaks.map(({ title }) => title).join("; "), largest };
  } finally {
    Map.prototype.set = set;
    Set.prototype.add = add;
  }
}

/** An object with a list, whose last link refers to the object. */
function keptList(links: number): HeapGraph {
  const { firstEdge, ...list } = linkedList(links);
  const texts = ["", "Link", "next", "Keeper", "first", "keeper"];
  const keeper = 1;
  list.nodeName[keeper] = texts.indexOf("Keeper");
  list.edgeName[keeper] = texts.indexOf("first");
  firstEdge[links] = firstEdge[links]! + 1;
  return {
    ...list,
    firstEdge,
    edgeCount: list.edgeCount + 1,
    edgeType: Uint8Array.of(...list.edgeType, EdgeType.property),
    edgeName: Uint32Array.of(...list.edgeName, texts.indexOf("keeper")),
    edgeTarget: Uint32Array.of(...list.edgeTarget, keeper),
    strings: {
      ...list.strings,
      length: texts.length,
      text: (index) => texts[index]!,
      isNumber: () => false,
      indexOf: (text) => texts.indexOf(text),
    },
  };
}

suite("no Map and no Set has an entry for each of many objects", () => {
  test("of a list that grows at its end, and refers back to what has it", async () => {
    const heaps = [0, 1, 2].map((round) => analyseHeap(keptList(MANY + 1000 * round)));
    const { title, largest } = await largestFor(heaps);
    assert.match(title, /^linked list of Link from `first`/);
    assert.ok(largest < MANY / 10, `${largest} entries`);
  });

  test("of an array that may let go of its oldest", async () => {
    const program = new SmallProgram();
    const cache = program.variable("cache", program.array());
    const put = (count: number): void => times(count, () => program.push(cache, program.object("Page", {}, 400)));
    put(MANY);
    const { title, largest } = await largestFor(heapsAfter(program.heap, 3, () => put(100)));
    assert.match(title, /^Array `cache`/);
    assert.ok(largest < MANY / 10, `${largest} entries`);
  });
});
