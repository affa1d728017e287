import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

/** An emitter with a list of listeners for each event. */
function emitterWith(program: SmallProgram, variable: string, ...events: string[]) {
  const lists = events.map((event) => [event, program.array()] as const);
  const emitter = program.object("EventEmitter", { _events: program.object("Object", Object.fromEntries(lists)) });
  program.variable(variable, emitter);
  return lists.map(([, list]) => (size: number) => {
    program.push(list, program.object("Listener", {}, size));
  });
}

suite("listeners that are added to one emitter together", () => {
  test("are one finding, named by those that keep most", async () => {
    const program = new SmallProgram();
    const [finish, error] = emitterWith(program, "log", "finish", "error");
    const leak = onlyLeak(
      await reportAfter(program, () =>
        times(40, () => {
          finish!(500);
          error!(200);
        }),
      ),
    );
    assert.match(leak.title, /^listeners of "finish" on `log`/);
    assert.equal(leak.alsoHeldBy.length, 1);
    assert.match(leak.alsoHeldBy[0]!, /^listeners of "error" on `log`/);
  });

  test("are not named by those that wait for errors, however much they keep", async () => {
    const program = new SmallProgram();
    const [error, ack] = emitterWith(program, "bus", "error", "ack");
    const leak = onlyLeak(
      await reportAfter(program, () =>
        times(40, () => {
          error!(500);
          ack!(200);
        }),
      ),
    );
    assert.match(leak.title, /^listeners of "ack" on `bus`/);
  });

  test("are two where they come in other numbers", async () => {
    const program = new SmallProgram();
    const [finish, error] = emitterWith(program, "log", "finish", "error");
    const report = await reportAfter(program, () => {
      times(40, () => finish!(500));
      times(30, () => error!(500));
    });
    assert.equal(leaksOf(report).length, 2);
  });

  test("are two where they are of two emitters", async () => {
    const program = new SmallProgram();
    const [one] = emitterWith(program, "log", "finish");
    const [two] = emitterWith(program, "mail", "finish");
    const report = await reportAfter(program, () =>
      times(40, () => {
        one!(500);
        two!(500);
      }),
    );
    assert.equal(leaksOf(report).length, 2);
  });
});
