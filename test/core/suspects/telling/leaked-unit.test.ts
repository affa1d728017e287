import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

suite("the leaked unit", () => {
  test("is counted class by class, with bytes, what died against what was born", async () => {
    // Three Sessions join and one leaves in each round; each has a User and two Roles.
    const program = new SmallProgram();
    const sessions = program.variable("sessions", program.array());
    const leak = await leakAfter(program, () => {
      times(30, () => {
        const user = program.object("User", { name: program.heap.string("…", { size: 24 }) }, 100);
        program.push(sessions, program.object("Session", { user }, 50));
      });
      times(10, () => program.shift(sessions));
    });
    const { classes } = leak.leaked;
    const session = classes.find(({ name }) => name === "Session");
    assert.deepEqual(session, { name: "Session", count: 40, bytes: 40 * 50 });
    assert.deepEqual(
      classes.map(({ bytes }) => bytes),
      classes.map(({ bytes }) => bytes).sort((a, b) => b - a),
    );
  });

  test("is told by the entry where that comes out even", async () => {
    const program = new SmallProgram();
    const orders = program.variable("orders", program.array());
    const leak = await leakAfter(program, () =>
      times(25, () => {
        const [first, second] = [program.object("Item", {}, 100), program.object("Item", {}, 100)];
        program.push(orders, program.object("Order", { first, second }, 40));
      }),
    );
    assert.equal(leak.leaked.words, "each of 50 new elements keeps 2 Item, 1 Order: 240 B");
  });

  test("is none where only room for numbers was added", async () => {
    const program = new SmallProgram();
    const readings = program.variable("readings", program.array());
    const leak = await leakAfter(program, () => program.pushNumbers(readings, 5000));
    assert.deepEqual(leak.leaked.classes, []);
    assert.match(leak.leaked.words, /^numbers: no new objects/);
  });

  test("leaves out V8's bookkeeping", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const compiled = program.variable("compiled", program.array());
    const leak = await leakAfter(program, () =>
      times(30, (i) => {
        const rule = program.function("rule", program.newScope(program.scope), i + 1);
        heap.internal(rule, "code", heap.code("(bytecode)", { size: 900 }));
        program.push(compiled, rule);
      }),
    );
    assert.ok(leak.leaked.classes.length > 0);
    assert.ok(
      leak.leaked.classes.every(({ name }) => !name.includes("bytecode")),
      JSON.stringify(leak.leaked.classes),
    );
  });
});
