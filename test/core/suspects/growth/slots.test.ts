import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "#core/report/leak-report.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";

/** A pool of bytes that is used up after the first of two snapshots, by one who keeps them, and replaced by the next. */
function poolReplacedBy(size: number): Promise<LeakReport> {
  const program = new SmallProgram();
  const { heap } = program;
  const makePool = (bytes: number): number =>
    program.object("ArrayBuffer", { data: program.object("Bytes", {}, bytes) }, 88);
  const user = program.variable("user", program.object("User"));
  const first = program.variable("pool", makePool(90_000));
  heap.property(user, "part", first);
  return reportAfter(
    program,
    (round) => {
      if (round === 0) return;
      heap.unlink(program.scope, "pool");
      program.variable("pool", makePool(size));
    },
    2,
  );
}

suite("a variable whose value is exchanged", () => {
  test("has not grown, though another keeps the value before", async () => {
    const report = await poolReplacedBy(90_000);
    assert.equal(report.verdict, "no-leak", report.suspects.map(({ title }) => title).join("; "));
  });

  test("has grown if the next is larger", async () => {
    const report = await poolReplacedBy(300_000);
    assert.equal(report.suspects[0]?.verdict, "grew");
    assert.match(report.suspects[0].title, /`pool`/);
  });
});

suite("a persistent collection that a variable gets anew each time", () => {
  /** A map whose root has as many slots as it will ever have, below which there is more each time. */
  function rounds(program: SmallProgram, make: (nodes: number, round: number) => number) {
    const { heap } = program;
    return reportAfter(program, (round) => {
      if (round > 0) heap.unlink(program.scope, "sessions");
      const nodes = program.array();
      for (let i = 0; i < 32; i++) program.push(nodes, program.object("ValueNode", {}, 400 * (round + 1)));
      program.variable("sessions", make(nodes, round));
    });
  }

  test("is told by the variable, not by the array inside that has as many slots as before", async () => {
    const program = new SmallProgram();
    const report = await rounds(program, (nodes) =>
      program.object("Map", { _root: program.object("HashArrayMapNode", { nodes }) }),
    );
    assert.match(report.suspects[0]!.title, /^Map `sessions`,/);
  });

  test("is told by the array where that is what a plain object has", async () => {
    const program = new SmallProgram();
    const report = await rounds(program, (byUser) => program.object("Object", { byUser }));
    assert.match(report.suspects[0]!.title, /^Array `sessions\.byUser`,/);
  });
});

suite("a property of an object with many, of which it gets no more", () => {
  /** A text that is larger in each round, in one property of an object with thirty others. */
  const grown = (nameOf: (program: SmallProgram) => number) => {
    const program = new SmallProgram();
    const { heap } = program;
    const object = nameOf(program);
    for (let i = 0; i < 30; i++) heap.property(object, `option${i}`, program.object("Option"));
    let audit = 0;
    return reportAfter(program, (round) => {
      if (round > 0) heap.unlink(object, "audit").free(audit);
      audit = program.object("Audit", {}, 30_000 * (round + 1));
      heap.property(object, "audit", audit);
    });
  };

  test("is told by its name", async () => {
    const report = await grown((program) => program.variable("app", program.object("App")));
    assert.match(report.suspects[0]!.title, /^Audit `app\.audit`, module scope of server\.js/);
    assert.deepEqual(report.suspects[0]!.growth.bytes, [30_000, 30_000]);
  });

  test("is told so of the global object, too", async () => {
    const report = await grown((program) => program.heap.global());
    assert.equal(report.suspects[0]!.title, "Audit `globalThis.audit`, a global");
    assert.equal(report.suspects[0]!.kind, "global-property");
  });
});
