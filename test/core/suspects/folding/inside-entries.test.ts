import assert from "node:assert/strict";
import { suite, test } from "node:test";
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

  test("is told as well where that is most of it", async () => {
    const [first, second] = await titles(20);
    assert.match(first!, /^40 Array `clients\[…\]\.queue`/);
    assert.match(second!, /^Array `clients`/);
  });
});
