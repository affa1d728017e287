import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isModuleLoading } from "#core/suspects/folding/module-loading.js";
import type { Finding } from "#core/suspects/growth/finding.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leaksOf, times } from "../../../support/suspects.js";

/** How many leaks there are, of a variable in a file that held nothing in the first of two snapshots. */
async function leaksOfFirst(file: string, value: (program: SmallProgram) => NodeRow): Promise<number> {
  const program = new SmallProgram("let dns;\n", file);
  const { heap } = program;
  const nothing = program.variable("dns", heap.node("hidden", "undefined"));
  const report = await reportAfter(
    program,
    (round) => {
      if (round === 1) heap.unlink(program.scope, "dns", nothing).variable(program.scope, "dns", value(program));
    },
    2,
  );
  return leaksOf(report).length;
}

function functions(program: SmallProgram, of: SmallProgram): NodeRow {
  const module = program.object("Object");
  times(120, (i) => program.heap.property(module, `call${i}`, of.function("call", of.scope, 1)));
  return module;
}

suite("what Node has when it is first needed", () => {
  test("is no leak: what a variable of Node's holds that held nothing before", async () => {
    assert.equal(await leaksOfFirst("node:net", (program) => functions(program, program)), 0);
    assert.equal(await leaksOfFirst("/app/net.js", (program) => functions(program, program)), 1);
  });

  test("is no leak: what several variables of Node's hold that held nothing before, such as both streams of a console", async () => {
    for (const [file, leaks] of [
      ["node:internal/bootstrap/switches/is_main_thread", 0],
      ["/app/streams.js", 1],
    ] as const) {
      const program = new SmallProgram("let stdout, stderr;\n", file);
      const report = await reportAfter(
        program,
        (round) => {
          if (round === 0) return;
          const both = program.object("WritableState", {}, 6000);
          for (const name of ["stdout", "stderr"]) program.variable(name, program.object("WriteStream", { both }));
        },
        2,
      );
      assert.equal(leaksOf(report).length, leaks);
    }
  });

  test("is no leak: what came with a file of Node's, such as functions that it puts in place of others", async () => {
    for (const [file, leaks] of [
      ["node:domain", 0],
      ["/app/domain.js", 1],
    ] as const) {
      const program = new SmallProgram("let hooks;\n", "node:events");
      const { heap } = program;
      const hooks = program.variable("hooks", program.map());
      const report = await reportAfter(
        program,
        (round) => {
          times(round * 20, () => program.add(hooks, heap.string("name"), program.object("AsyncHook", {}, 300)));
          if (round === 1) heap.internal(hooks, "code", heap.code(file, { size: 900 }));
        },
        2,
      );
      assert.equal(leaksOf(report).length, leaks);
    }
  });

  test("is one where it holds functions of the program's", async () => {
    const withCallbacks = (program: SmallProgram): NodeRow =>
      functions(program, new SmallProgram("function call() {}\n", "/app/calls.js", program.heap, 8));
    assert.equal(await leaksOfFirst("node:net", withCallbacks), 1);
  });

  test("is no leak: what a binding of Node's gained in one interval", async () => {
    for (const [rounds, leaks] of [
      [[0, 40, 0], 0],
      [[40, 40, 40], 1],
    ] as const) {
      const program = new SmallProgram("let bindingObj;\n", "node:internal/bootstrap/realm");
      const bindings = program.variable("bindingObj", program.map());
      const report = await reportAfter(program, (round) =>
        times(rounds[round]!, () =>
          program.add(bindings, program.heap.string("name"), program.object("Binding", {}, 300)),
        ),
      );
      assert.equal(leaksOf(report).length, leaks);
    }
    const program = new SmallProgram("let bindingObj;\n", "node:internal/bootstrap/realm");
    const bindings = program.variable("bindingObj", program.map());
    const put = (): void =>
      times(40, () => program.add(bindings, program.heap.string("name"), program.object("Binding", {}, 300)));
    assert.equal(leaksOf(await reportAfter(program, put, 2)).length, 0);
  });

  test("are no loaders, each around the one before it", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const extensions = program.object("Object");
    const require = program.variable("require", program.function("require", program.scope, 1));
    heap.property(require, "extensions", extensions);
    let loader = program.function("newLoader", program.newScope(program.scope), 1);
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const scope = program.newScope(program.scope);
        heap.variable(scope, "oldLoader", loader).variable(scope, "options", program.object("Options", {}, 200));
        loader = program.function("newLoader", scope, 1);
        heap.unlink(extensions, "tpl").property(extensions, "tpl", loader);
      }),
    );
    assert.match(leak.title, /^chain of closures from `require\.extensions\.tpl`.*, linked by `oldLoader`/);
    assert.equal(leak.kind, "closure-context");
  });

  test("are the paths that were looked up for modules, too", () => {
    const at = (expression: string, file = ""): Finding =>
      ({ path: { expression, file, words: expression.split(".") } }) as unknown as Finding;
    assert.equal(isModuleLoading(at("_pathCache")), true);
    assert.equal(isModuleLoading(at("Module._pathCache")), true);
    assert.equal(isModuleLoading(at("router._pathCache")), false);
  });
});
