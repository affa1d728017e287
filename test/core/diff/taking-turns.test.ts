import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { growthOver, heapsAfter, ownGrowth, SmallProgram, survivorWithId } from "../../support/small-program.js";
import type { NodeRow } from "../../support/snapshot-builder.js";

/**
 * Two fibers of one component.
 *
 *     scope -shown-> FiberNode <-alternate-> FiberNode       what is kept is now at the one, now at the other
 */
class TwoFibers extends SmallProgram {
  readonly fibers: readonly [NodeRow, NodeRow];
  readonly #pages: NodeRow[] = [];
  readonly #lists: (NodeRow | null)[] = [null, null];

  constructor(word = "alternate") {
    super();
    this.fibers = [this.variable("shown", this.object("FiberNode")), this.object("FiberNode")];
    this.heap.property(this.fibers[0], "alternate", this.fibers[1]).property(this.fibers[1], word, this.fibers[0]);
  }

  /** An update: the fiber that is up next has all pages and one more, the other none. */
  update(fiber: 0 | 1): void {
    this.#pages.push(this.object("Page", {}, 3000));
    for (const each of [0, 1] as const) {
      const [holder, old] = [this.fibers[each], this.#lists[each]!];
      if (old !== null) this.heap.unlink(holder, "memoizedState").free(old);
      this.#lists[each] = this.heap.object("Pages", { size: 100 });
      this.heap.property(holder, "memoizedState", this.#lists[each]!);
    }
    for (const page of this.#pages) this.heap.property(this.#lists[fiber]!, `p${page}`, page);
  }

  /** What both gained per interval, and as which of the two each was seen in each snapshot. */
  after(turns: readonly (0 | 1)[]): { gained: number[][]; seen: string[][] } {
    const growth = growthOver(heapsAfter(this.heap, turns.length, (round) => this.update(turns[round]!)));
    const ids = this.fibers.map((fiber) => this.heap.id(fiber));
    const both = ids.map((id) => survivorWithId(growth, id));
    const seen = both.map((survivor) =>
      growth.survivors.nodesOf(survivor).map((node, i) => "AB"[ids.indexOf(growth.heaps[i]!.graph.nodeId[node]!)]!),
    );
    growth.survivors.nodesOf(both[0]!).forEach((node, i) => {
      assert.equal(growth.cuts[i]!.survivorOf(node), both[0]);
      assert.equal(growth.cuts[i]!.regionOf(node), both[0]);
    });
    return { gained: both.map((each) => ownGrowth(growth, each)), seen };
  }
}

suite("two objects that take turns", () => {
  test("are told as one that has all of it, and one that has the rest", () => {
    const { gained, seen } = new TwoFibers().after([0, 1, 0, 1]);
    const all = gained.findIndex(([first]) => first! > 0);
    assert.deepEqual(gained[all], [3000, 3000, 3000]);
    assert.deepEqual(gained[1 - all], [0, 0, 0]);
    assert.deepEqual(seen.map((each) => each.join("")).sort(), ["ABAB", "BABA"]);
  });

  test("stay who they are as long as one of them has it", () => {
    const { gained, seen } = new TwoFibers().after([0, 0, 0]);
    assert.deepEqual(gained, [
      [3000, 3000],
      [0, 0],
    ]);
    assert.deepEqual(seen, [
      ["A", "A", "A"],
      ["B", "B", "B"],
    ]);
  });

  test("are a pair by one property of both", () => {
    const { gained, seen } = new TwoFibers("previous").after([0, 1, 0]);
    assert.deepEqual(gained, [
      [0, 6000], // the first page is there in all snapshots, and counts for itself
      [3000, -3000],
    ]);
    assert.deepEqual(seen[0], ["A", "A", "A"]);
  });
});
