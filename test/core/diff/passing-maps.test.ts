import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { addWeakMapEntry } from "../../support/arbitrary-heap.js";
import { reportOn } from "../../support/real-reports.js";
import { growthOver, heapsAfter, ownGrowth, SmallProgram, survivorWithId } from "../../support/small-program.js";
import type { NodeRow } from "../../support/snapshot-builder.js";
import { leakAfter, onlyLeak, times } from "../../support/suspects.js";

/** A WeakMap that has a value for a key. */
function mapFor(program: SmallProgram, key: NodeRow, value: NodeRow): NodeRow {
  const { heap } = program;
  const [map, table] = [heap.object("WeakMap"), heap.array("", { size: 104 })];
  addWeakMapEntry(heap, { key, table, value, counter: 1 });
  heap.internal(map, "table", table);
  return map;
}

suite("what many WeakMaps have for one object", () => {
  test("is kept by whoever has the maps, and not by what all of them know", async () => {
    const leak = onlyLeak(await reportOn("weak-maps-of-scopes"));
    assert.match(leak.title, /^Map `openScopes`, /);
    assert.match(leak.leaked.words, /3 WeakMap.* 3 Service/);
  });

  test("is kept by it where one map has all of it", async () => {
    const program = new SmallProgram();
    const clock = program.variable("clock", program.object("Clock"));
    const alarms = program.array();
    program.variable("alarmsOf", mapFor(program, clock, alarms));
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(alarms, program.object("Alarm", {}, 400))),
    );
    assert.match(leak.title, /^Array `alarmsOf\.get\(clock\)`, /);
  });

  test("goes with the maps where those go, though it refers to what has them", async () => {
    assert.equal((await reportOn("clean-weak-maps-of-scopes")).verdict, "no-leak");
  });

  test("is counted for who has the maps, though more refer to what all of them know", () => {
    const program = new SmallProgram();
    const clock = program.variable("clock", program.object("Clock"));
    const open = program.variable("open", program.array());
    const heaps = heapsAfter(program.heap, 3, () =>
      times(20, () => {
        const scope = program.object("Scope");
        times(3, (i) => {
          const value = program.object("Alarm", { scope }, 400);
          program.heap.property(scope, `alarms${i}`, mapFor(program, clock, value));
        });
        program.push(open, scope);
      }),
    );
    const growth = growthOver(heaps);
    const grownBy = (node: NodeRow): number[] => ownGrowth(growth, survivorWithId(growth, program.heap.id(node)));
    assert.deepEqual(grownBy(clock), [0, 0]);
    assert.ok(grownBy(open).every((bytes) => bytes >= 60 * 400));
  });
});
