import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

/** What `setState` is: a bound function that has the fiber of the component among its arguments. */
function dispatcher(program: SmallProgram, fiber: number): number {
  const { heap } = program;
  const bound = heap.closure("native_bind", { size: 32 });
  const values = heap.array("(bound arguments)", { size: 32 });
  heap.internal(values, "0", fiber);
  heap.internal(bound, "bound_arguments", values);
  return bound;
}

/** A subscriber of a store, as a component of an application hands it over: a function whose scope has `setState`. */
function subscriber(program: SmallProgram, fiber: number): number {
  const scope = program.newScope(program.scope);
  program.heap.variable(scope, "setCount", dispatcher(program, fiber));
  return program.function("", scope, 7);
}

suite("React components that are no longer shown", () => {
  for (const name of ["FiberNode", "e"])
    test(`are told by component and holder, in ${name === "e" ? "minified" : "plain"} code`, async () => {
      const program = new SmallProgram("const subscribers = new Set();\n", "/app/store.js");
      const subscribers = program.variable("subscribers", program.set());
      const badge = program.variable("CartBadge", program.function("CartBadge", program.scope, 5));
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const fiber = program.object(
            name,
            { elementType: badge, type: badge, updateQueue: program.object("Q") },
            120,
          );
          program.add(subscribers, subscriber(program, fiber));
        }),
      );
      assert.equal(leak.kind, "react-fibers");
      assert.equal(
        leak.title,
        "Set `subscribers`, module scope of store.js:1, keeps React component `CartBadge` (store.js:5)",
      );
    });

  test("are found from the element of a component, and through memo", async () => {
    const program = new SmallProgram();
    const kept = program.variable("kept", program.array());
    const row = program.variable("Row", program.function("Row", program.scope, 9));
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const above = program.object("FiberNode", { elementType: row, type: program.object("Object", { type: row }) });
        const tag = program.heap.string("li");
        program.push(kept, program.object("FiberNode", { elementType: tag, type: tag, return: above }, 200));
      }),
    );
    assert.match(leak.title, /keeps React component `Row` \(server\.js:9\)$/);
  });

  test("are none if an object only has a type", async () => {
    const program = new SmallProgram();
    const events = program.variable("events", program.array());
    const handler = program.function("handler", program.scope, 3);
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(events, program.object("Event", { type: handler, elementType: handler }, 300))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
