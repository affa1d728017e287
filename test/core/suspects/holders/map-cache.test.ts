import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("a Map or Set that only grows", () => {
  test("is told with its entries", async () => {
    for (const name of ["`rendered`", "`connections`"]) {
      const leak = await leakOfEveryKind(name);
      assert.equal(leak.kind, "map-cache");
      assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
    }
  });

  test("may be of a class that extends Map, and so may be what leads to another", async () => {
    const program = new SmallProgram();
    const tenants = program.variable("tenants", program.map("Tenants"));
    const orders = program.set();
    program.add(tenants, program.heap.string("acme"), orders);
    const [first, second] = (
      await reportAfter(program, (round) => {
        times(30, () => program.add(tenants, program.object("Key"), program.object("Tenant", {}, 500)));
        times(30, () => program.add(orders, program.object("Order", {}, 300 + round)));
      })
    ).suspects;
    assert.match(first!.title, /^Tenants `tenants`/);
    assert.equal(first!.kind, "map-cache");
    assert.deepEqual(first!.growth.entries, [30, 30]);
    assert.match(second!.title, /^Set `tenants{…}`/);
  });

  test("is none if a library calls its own class so, which is made anew each time", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const history = program.variable("history", program.object("History"));
    const roots = [program.object("Node"), program.object("Node")];
    const leak = await leakAfter(program, () =>
      times(40, (i) => {
        roots[i % 2] = program.object("Node", { earlier: roots[i % 2]!, order: program.object("Order", {}, 200) });
        heap
          .unlink(history, "state")
          .property(history, "state", program.object("Map", { left: roots[0]!, right: roots[1]! }));
      }),
    );
    assert.match(leak.title, /^Map `history\.state`.*, a new one each time$/);
    assert.equal(leak.kind, "unknown");
  });

  test("is none if it is a WeakMap, which keeps nothing", async () => {
    // Its table grows all the same, as the Array's new keys have entries in it.
    const program = new SmallProgram();
    const { heap } = program;
    const keys = program.variable("keys", program.array());
    const table = heap.array("", { size: 100 });
    heap.internal(program.variable("weak", program.object("WeakMap")), "table", table);
    const leak = await leakAfter(program, (round) => {
      times(30, () => program.push(keys, program.object("Key", {}, 500)));
      heap.resize(table, 1000 * (round + 1));
    });
    assert.equal(leak.kind, "module-array");
    assert.match(leak.title, /`keys`/);
  });
});
