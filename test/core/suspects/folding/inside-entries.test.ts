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

  /** Titles of what leaks where one variable has rooms, each with a list, and another has all orders. */
  async function titlesBeside(put: (program: SmallProgram, orders: readonly NodeRow[]) => void): Promise<string[]> {
    const program = new SmallProgram();
    const { heap } = program;
    const rooms = program.variable("rooms", program.object("Rooms"));
    const lists = Array.from({ length: 3 }, () => program.array());
    lists.forEach((entries, i) => heap.property(rooms, `room${i}`, program.object("Room", { entries })));
    const report = await reportAfter(program, () => {
      const orders = Array.from({ length: 40 }, () => program.object("Order", {}, 800));
      put(program, orders);
      for (const list of lists) times(40, () => program.push(list, program.object("Entry", {}, 200)));
    });
    return leaksOf(report).map(({ title }) => /`.+?`/.exec(title)![0]);
  }

  test("is told as well where it is in another variable than that of which the value is a new one each time", async () => {
    const all: NodeRow[] = [];
    let state: NodeRow | null = null;
    const told = await titlesBeside((program, orders) => {
      all.push(...orders);
      if (state !== null) program.heap.unlink(program.scope, "state");
      if (state !== null) program.freeArray(state);
      state = program.variable("state", program.array());
      program.push(state, ...all);
    });
    assert.deepEqual(told, ["`state`", "`rooms[…].entries`"]);
  });

  test("is told as well where it is in another variable than that of a list's newest link", async () => {
    let newest: NodeRow | null = null;
    const told = await titlesBeside((program, orders) => {
      if (newest !== null) program.heap.unlink(program.scope, "newest");
      for (const order of orders)
        newest = program.object("Object", newest === null ? { order } : { next: newest, order }, 32);
      program.variable("newest", newest!);
    });
    assert.deepEqual(told, ["`newest`", "`rooms[…].entries`"]);
  });

  test("is told as well where that is most of it", async () => {
    const [first, second] = await titles(20);
    assert.match(first!, /^40 Array `clients\[…\]\.queue`/);
    assert.match(second!, /^Array `clients`/);
  });
});
