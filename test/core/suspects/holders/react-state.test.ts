import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leakAfter, times } from "../../../support/suspects.js";

/** A page whose one component is mounted. */
class MountedPage extends SmallProgram {
  readonly fiber: NodeRow;

  constructor() {
    super("function main() {}\nfunction Feed() {}\n", "/app/feed.js");
    const component = this.variable("Feed", this.function("Feed", this.scope, 2));
    this.fiber = this.object("FiberNode", { elementType: component, type: component, stateNode: this.object("Node") });
  }

  /** Hooks are a list; each has what it keeps. */
  hooks(...kept: readonly NodeRow[]): void {
    let from = this.fiber;
    for (const each of kept) {
      const hook = this.object("Object", { memoizedState: each, baseState: each });
      this.heap.property(from, from === this.fiber ? "memoizedState" : "next", hook);
      from = hook;
    }
  }
}

suite("the state of a React component that is shown", () => {
  test("is told by the component, where nothing but React's tree leads to it", async () => {
    const page = new MountedPage();
    const [items, seen] = [page.array(), page.map()];
    page.hooks(page.object("Object"), items, page.object("Object", { current: seen }));
    page.heap.property(page.heap.global(), "__reactContainer$1a2b3c4d", page.fiber);
    const titles = await Promise.all(
      [
        () => page.push(items, page.object("Item", {}, 300)),
        () => page.add(seen, page.heap.string("a"), page.object("Seen", {}, 300)),
      ].map(async (step) => {
        const leak = await leakAfter(page, () => times(40, step));
        assert.equal(leak.kind, "react-state", leak.title);
        assert.equal(leak.holder.location?.line, 2);
        return leak.title;
      }),
    );
    assert.deepEqual(titles, [
      "Array, state of React component `Feed` (feed.js:2)",
      "Map `current`, state of React component `Feed` (feed.js:2)",
    ]);
  });

  test("is told by the component also if it is behind more hooks than a name has words", async () => {
    const page = new MountedPage();
    const rows = page.array();
    page.hooks(...Array.from({ length: 11 }, () => page.object("Object")), page.object("Object", { current: rows }));
    page.heap.property(page.heap.global(), "__reactContainer$1a2b3c4d", page.fiber);
    const leak = await leakAfter(page, () => times(40, () => page.push(rows, page.object("Row", {}, 300))));
    assert.equal(leak.title, "Array `current`, state of React component `Feed` (feed.js:2)");
  });

  test("is called by its name if the program has one", async () => {
    const page = new MountedPage();
    const rows = page.variable("rows", page.array());
    page.hooks(rows);
    page.heap.property(page.heap.global(), "__reactContainer$1a2b3c4d", page.fiber);
    const leak = await leakAfter(page, () => times(40, () => page.push(rows, page.object("Row", {}, 300))));
    assert.equal(leak.kind, "module-array");
    assert.match(leak.title, /^Array `rows`/);
  });
});
