import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

//  queue -head-> Link <-prev/next-> Link <-prev/next-> Link <-tail- queue
suite("a list that is linked both ways, and whose owner has both ends", () => {
  test("is told by the end that stays, with the number of its links", async () => {
    for (const [stays, moves] of [
      ["head", "tail"],
      ["tail", "head"],
    ] as const) {
      const program = new SmallProgram();
      const { heap } = program;
      const queue = program.variable("queue", program.object("Queue"));
      const ways = stays === "head" ? ["next", "prev"] : ["prev", "next"];
      let end: NodeRow | null = null;
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const link = program.object("Link", { data: program.object("Job", {}, 300) });
          if (end === null) heap.property(queue, stays, link);
          else {
            heap.property(end, ways[0]!, link).property(link, ways[1]!, end);
            heap.unlink(queue, moves);
          }
          heap.property(queue, moves, link);
          end = link;
        }),
      );
      assert.equal(leak.kind, "linked-list");
      assert.equal(
        leak.title,
        `linked list of Link from \`queue.${stays}\`, module scope of server.js, linked by \`${ways[0]}\``,
      );
      assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
      assert.match(leak.advice, /^Take out links/);
    }
  });

  test("is told by the object that has it, though the scope that leads to that has the newest link as well", async () => {
    for (const name of ["Link", "t"]) {
      const program = new SmallProgram();
      const { heap } = program;
      // A minifier calls both classes alike.
      const made = (of: string, minified: string): NodeRow =>
        program.object(name === "t" ? "t" : of, { ["__proto__"]: prototypes[minified]! }, 60);
      const prototypes: Record<string, NodeRow> = { list: program.object("Object"), link: program.object("Object") };
      for (const prototype of Object.values(prototypes)) heap.internal(program.main, "prototype", prototype);
      const timeline = program.variable("timeline", made("Timeline", "list"));
      let end: NodeRow | null = null;
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const link = made("Link", "link");
          heap.property(link, "parent", timeline).property(link, "data", program.object("Job", {}, 300));
          if (end === null) heap.property(timeline, "first", link);
          else {
            heap.property(end, "next", link).property(link, "prev", end);
            heap.unlink(timeline, "last").unlink(program.scope, "current");
          }
          heap.property(timeline, "last", link).variable(program.scope, "current", link);
          end = link;
        }),
      );
      assert.match(
        leak.title,
        /^linked list of \w+ from `timeline\.first`, module scope of server\.js, linked by `next`$/,
      );
      assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
    }
  });

  test("is none where few of the new objects are in it", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const owner = program.variable("owner", program.object("Owner"));
    const first = program.object("Part", {}, 300);
    heap.property(owner, "first", first);
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => {
        const part = program.object("Part", { whole: first }, 300);
        heap.internal(owner, `part ${round}.${i}`, part);
      }),
    );
    assert.notEqual(leak.kind, "linked-list");
  });
});

test("two objects of which one refers to the other are no list, whatever else hangs on their owner", async () => {
  const program = new SmallProgram();
  const { heap } = program;
  const core = program.variable("core", program.object("Core"));
  const leak = await leakAfter(program, (round) => {
    if (round === 1) {
      const constants = program.object("Object");
      heap.property(core, "exports", program.object("Object", { constants }, 350)).internal(core, "cached", constants);
    }
    times(3, (i) => heap.internal(core, `slot ${3 * round + i}`, program.object("Job", {}, 4000)));
  });
  assert.deepEqual([leak.kind, leak.title], ["unknown", "Core `core`, module scope of server.js"]);
});
