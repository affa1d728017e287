import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { NO_NODE } from "#core/graph/heap-graph.js";
import { NO_SURVIVOR } from "#core/diff/survivors.js";
import { arbitraryHistory, heapsOf, sumsOf } from "../../support/arbitrary-history.js";
import { growthOver, heapsAfter, SmallProgram, survivorWithId } from "../../support/small-program.js";

suite("units", () => {
  test("are what goes at once if one entry goes, roots of it first", () => {
    // scope -list-> Array -elements-> store        each round: Array, store -> Order -> Item, Item
    const program = new SmallProgram();
    const list = program.variable("list", program.array());
    const orders: number[] = [];
    const items: number[] = [];
    const growth = growthOver(
      heapsAfter(program.heap, 2, () => {
        const [first, second] = [program.object("Item"), program.object("Item")];
        const order = program.object("Order", { first, second });
        program.push(list, order);
        orders.push(order);
        items.push(first, second);
      }),
    );
    const unit = (node: number): number => growth.cuts[1]!.unitOf(node);
    const [, order] = orders;
    assert.equal(unit(order!), order);
    assert.deepEqual([unit(items[2]!), unit(items[3]!)], [order, order]);
    // What survived is no unit, nor is storage.
    assert.equal(unit(orders[0]!), NO_NODE);
    assert.equal(unit(list), NO_NODE);
    assert.deepEqual(
      [...growth.heaps[1]!.graph.nodeName.keys()].filter((node) => unit(node) === node),
      [order],
    );
    assert.equal(growth.cuts[1]!.regionOf(order!), survivorWithId(growth, program.heap.id(list)));
  });

  test("end where the next survivor begins", () => {
    // 1: scope -a-> Config        2: scope -b-> Wrapper -config-> Config        the old Config hangs on a new Wrapper
    const program = new SmallProgram();
    const { heap, scope } = program;
    const config = program.variable("a", program.object("Config"));
    let wrapper = 0;
    const growth = growthOver(
      heapsAfter(heap, 2, (round) => {
        if (round === 0) return;
        wrapper = program.variable("b", program.object("Wrapper", { config }));
        heap.unlink(scope, "a");
      }),
    );
    assert.equal(growth.cuts[1]!.unitOf(wrapper), wrapper);
    assert.equal(growth.cuts[1]!.unitOf(config), NO_NODE);
  });

  test("are told by climbing the dominators to the node below the first survivor or its storage", () => {
    fc.assert(
      fc.property(arbitraryHistory(2), (history) => {
        const growth = sumsOf(heapsOf(history));
        growth.heaps.forEach(({ graph, dominator, owner }, i) => {
          const cut = growth.cuts[i]!;
          const isHolder = (node: number): boolean =>
            cut.survivorOf(node) !== NO_SURVIVOR ||
            (owner[node] !== node && cut.survivorOf(owner[node]!) !== NO_SURVIVOR);
          for (let node = 0; node < graph.nodeCount; node++) {
            let root = NO_NODE;
            for (let at = node; cut.survivorOf(at) === NO_SURVIVOR; at = dominator[at]!) {
              if (isHolder(at)) continue;
              root = at;
              if (isHolder(dominator[at]!)) break;
            }
            assert.equal(cut.unitOf(node), isHolder(node) ? NO_NODE : root, `node ${node} of snapshot ${i}`);
          }
        });
      }),
    );
  });
});
