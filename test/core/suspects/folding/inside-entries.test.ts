import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, times } from "../../../support/suspects.js";

/** Titles of what leaks where clients, each with a queue, are only added, and each of the queues gets so many messages. */
async function titles(messages: number, depth = 0): Promise<string[]> {
  const program = new SmallProgram();
  const clients = program.variable("clients", program.array());
  const queues: number[] = [];
  const report = await reportAfter(program, () => {
    times(40, () => {
      const queue = program.array();
      queues.push(queue);
      let inner = { queue };
      times(depth, () => (inner = { queue: program.object("Part", inner) }));
      program.push(clients, program.object("Client", inner, 800));
    });
    for (const queue of queues.slice(0, 40))
      times(messages, () => program.push(queue, program.object("Message", {}, 200)));
  });
  return leaksOf(report).map(({ title }) => title);
}

suite("what grows inside the entries of a container that gains entries", () => {
  test("is a consequence, and goes with them", async () => {
    assert.deepEqual(await titles(1), ["Array `clients`, module scope of server.js"]);
  });

  test("is so a few objects further in, too, as the updates of a component that nobody shows any more", async () => {
    assert.deepEqual(await titles(1, 6), ["Array `clients`, module scope of server.js"]);
  });

  test("is told as well where it is in another variable than that of which the value is a new one each time", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const rooms = program.variable("rooms", program.object("Rooms"));
    const lists = Array.from({ length: 3 }, (_, i) => program.object("Room", { [`list${i}`]: program.array() }));
    const arrays = Array.from({ length: 3 }, () => program.array());
    lists.forEach((list, i) => heap.property(rooms, `room${i}`, heap.property(list, "entries", arrays[i]!) && list));
    const orders: NodeRow[] = [];
    let state: NodeRow | null = null;
    const report = await reportAfter(program, () => {
      times(40, () => orders.push(program.object("Order", {}, 800)));
      if (state !== null) heap.unlink(program.scope, "state");
      if (state !== null) program.freeArray(state);
      state = program.variable("state", program.array());
      program.push(state, ...orders);
      for (const array of arrays) times(40, () => program.push(array, program.object("Entry", {}, 200)));
    });
    const told = leaksOf(report).map(({ title }) => /^.*?`.+?`/.exec(title)![0]);
    assert.deepEqual(told, ["Array `state`", "3 Array `rooms[…].entries`"]);
  });

  test("is told as well where that is most of it", async () => {
    const [first, second] = await titles(20);
    assert.match(first!, /^40 Array `clients\[…\]\.queue`/);
    assert.match(second!, /^Array `clients`/);
  });
});
