import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

suite("a scope that keeps what none of its variables keeps alone", () => {
  test("is named by the variable that has it among its entries", async () => {
    const program = new SmallProgram("function main() {}\nfunction createStore\n(reducer) {}\n");
    const { heap } = program;
    const scope = program.newScope(program.scope);
    heap.variable(scope, "reducer", program.object("Reducer"));
    const [current, next] = [program.array(), program.array()];
    heap.variable(scope, "nextListeners", next).variable(scope, "currentListeners", current);
    heap.property(program.main, "store", program.function("dispatch", scope, 3));
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const listener = program.object("Listener", {}, 300);
        for (const listeners of [current, next]) program.push(listeners, listener);
      }),
    );
    assert.match(leak.title, /^Array `currentListeners`, scope (?:of|around) .*server\.js:3/);
    assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
  });

  test("is called by its function if no variable leads there", async () => {
    const program = new SmallProgram("function main() {}\n(a) => a;\n");
    const { heap } = program;
    const scope = program.newScope(program.scope);
    heap.property(program.main, "later", program.function("later", scope, 2));
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => heap.internal(scope, `slot ${round}.${i}`, program.object("Session", {}, 300))),
    );
    assert.equal(leak.kind, "closure-context");
    assert.match(leak.title, /^scope around later\(\) in server\.js:2$/);
  });
});
