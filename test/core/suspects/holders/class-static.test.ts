import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("a static of a class", () => {
  test("is told by class and property", async () => {
    const leak = await leakOfEveryKind("`Widget.instances`");
    assert.equal(leak.kind, "class-static");
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
  });

  test("is one through the cell that V8 may put between a variable and the class", async () => {
    for (const inCell of ["closure", "object"]) {
      const program = new SmallProgram();
      const cell = program.variable("Widget", program.heap.node("hidden", "system / ContextCell", { size: 24 }));
      const isClass = inCell === "closure";
      const owner = isClass ? program.function("Widget", program.scope, 4) : program.object("Widget");
      program.heap.hidden(cell, 0, owner);
      const instances = program.array();
      program.heap.property(owner, "instances", instances);
      const leak = await leakAfter(program, () =>
        times(40, () => program.push(instances, program.object("W", {}, 300))),
      );
      assert.equal(leak.kind, isClass ? "class-static" : "module-array");
    }
  });

  test("is none of a function that a library made for the program, as an application that handles requests", async () => {
    for (const file of ["/app/node_modules/web/index.js", "/app/web.js"]) {
      const program = new SmallProgram();
      const library = new SmallProgram("function app() {}\n", file, program.heap, 8);
      const app = program.variable("app", library.function("app", library.scope, 1));
      const stack = program.array();
      program.heap.property(app, "stack", stack);
      const leak = await leakAfter(program, () => times(40, () => program.push(stack, program.object("R", {}, 300))));
      assert.match(leak.title, /^Array `app\.stack`/);
      assert.equal(leak.kind, file.includes("node_modules") ? "module-array" : "class-static");
    }
  });

  test("is none if an instance of a class holds it", async () => {
    const program = new SmallProgram();
    const instances = program.array();
    program.variable("registry", program.object("Registry", { instances }));
    const leak = await leakAfter(program, () => times(40, () => program.push(instances, program.object("W", {}, 300))));
    assert.equal(leak.kind, "module-array");
  });
});
