import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SnapshotBuilder } from "../../../support/snapshot-builder.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("a property of the global object", () => {
  test("is told as such", async () => {
    const leak = await leakOfEveryKind("`globalThis.debugTrail`");
    assert.equal(leak.kind, "global-property");
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
  });

  test("is told as such where an inspector took the snapshots", async () => {
    const heap = new SnapshotBuilder();
    const global = heap.global("global / ");
    const program = new SmallProgram("function main() {}\n", "/app/server.js", heap);
    const routers = program.array();
    heap.property(global, "routers", routers);
    const leak = await leakAfter(program, () => times(40, () => program.push(routers, program.object("R", {}, 300))));
    assert.equal(leak.title, "Array `globalThis.routers`, a global");
    assert.equal(leak.kind, "global-property");
  });

  test("is none if a variable of the module holds the same: that says more", async () => {
    const program = new SmallProgram("const trail = [];\n");
    const trail = program.variable("trail", program.array());
    program.heap.property(program.main, "trail", trail);
    const leak = await leakAfter(program, () => times(40, () => program.push(trail, program.object("W", {}, 300))));
    assert.equal(leak.kind, "module-array");
  });

  test("is told with the function that was handed in there, which is where to look", async () => {
    const program = new SmallProgram("function main() {}\nfunction enrich() {}\n");
    const { heap } = program;
    const processors = program.array();
    heap.property(heap.global(), "processors", processors);
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(processors, program.function("enrich", program.newScope(), 2))),
    );
    assert.equal(leak.kind, "global-property");
    assert.equal(leak.title, "Array `globalThis.processors`, a global, keeps callbacks such as `enrich` (server.js:2)");
    assert.match(leak.advice, /^Take a function out when who handed it in goes/);
    assert.equal(leak.holder.location!.line, 2);
  });
});
