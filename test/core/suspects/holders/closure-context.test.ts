import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Suspect } from "@leakdiff/core";
import { SmallPage } from "../../../support/small-page.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leakOfEveryKind, times } from "../../../support/suspects.js";

suite("closures that keep each other through their scopes", () => {
  test("are told by the variable that holds the newest", async () => {
    const leak = await leakOfEveryKind("`current`");
    assert.equal(leak.kind, "closure-context");
    assert.match(leak.title, /`describe\.previous`/);
    assert.deepEqual(leak.growth.entryCounts, [40, 100, 160]);
  });

  test("are told by what a listener of the browser's calls, where each wraps the one before", async () => {
    const page = new SmallPage("window.onerror = (event) => previous(event);\n");
    const { heap, program } = page;
    const errors = page.listenersOf(page.window);
    let newest = page.function("first", "(event)", program.newScope(program.scope));
    const callback = page.listen(errors, newest);
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const scope = page.scopeWith("view");
        heap.variable(scope, "previous", newest);
        newest = page.function("", "(event)", scope);
        heap.unlink(callback, 1);
        page.refer(callback, newest);
      }),
    );
    assert.equal(leak.kind, "closure-context");
    assert.equal(leak.title, "chain of closures from `window`, linked by `previous`");
    assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
    assert.match(leak.advice, /^Each function put here keeps the one before it, in `previous`/);
    assert.deepEqual([leak.holder.location!.line, leak.holder.location!.column], [1, 18]);
  });

  test("are told by the place of the function that is put around the one before it in a library's object", async () => {
    for (const file of ["/app/node_modules/view/options.js", "/app/options.js"]) {
      const library = new SmallProgram("const options = {};\n", file);
      const { heap } = library;
      const program = new SmallProgram("function track() {}\n", "/app/server.js", heap, 8);
      const options = library.variable("options", library.object("Options", {}));
      let newest = program.function("first", program.newScope(program.scope), 1);
      heap.property(options, "hook", newest);
      const leak = await leakAfter(library, () =>
        times(40, () => {
          const scope = program.newScope(program.scope);
          heap.variable(scope, "previous", newest);
          newest = program.function("track", scope, 1);
          heap.unlink(options, "hook").property(options, "hook", newest);
        }),
      );
      assert.equal(leak.kind, "closure-context");
      const { file: at, line } = leak.holder.location!;
      assert.equal(`${at}:${line}`, file.includes("node_modules") ? "/app/server.js:1" : `${file}:1`);
    }
  });

  test("are none if a list of objects links them without a scope", async () => {
    assert.equal((await leakOfEveryKind("`newest`")).kind, "linked-list");
  });

  test("are none if an Array in a scope keeps closures", async () => {
    const program = new SmallProgram();
    const callbacks = program.variable("callbacks", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(callbacks, program.function("later", program.newScope(program.scope), 3))),
    );
    assert.equal(leak.kind, "callbacks");
  });

  test("are told by a variable of the scope that no living function uses", async () => {
    const leak = await leakOfSiblings("() => id + 1;");
    assert.equal(leak.kind, "closure-context");
    assert.match(
      leak.title,
      /^Array `handlers`, .*keeps callbacks such as `handler` \(server\.js:2\), and scopes with `body`, which no living function uses$/,
    );
    assert.match(leak.advice, /^Take a function out .* it keeps `body`, which no living closure of its scope uses/);
  });

  test("are none if a living function uses the variable, or the file does not tell", async () => {
    for (const code of ["() => body.length;", "() => { return id; // cut of", "() => eval(id);"])
      assert.equal((await leakOfSiblings(code)).kind, "callbacks", code);
  });

  test("are told with the advice that fits what the file tells", async () => {
    for (const [code, advice] of [
      ["() => 1;", /no living one uses `previous`/],
      ["() => previous;", /^Closures of one scope share its variables: set those/],
      ["() => { cut of", /which of them uses `previous` the snapshot does not tell/],
    ] as const) {
      const program = new SmallProgram(`function main() {}\n${code}`);
      const { heap } = program;
      let newest = program.object("Thing");
      program.variable("current", newest);
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const scope = program.newScope(program.scope);
          heap.variable(scope, "previous", newest);
          newest = program.object("Thing", { describe: program.function("describe", scope, 2) }, 300);
          heap.unlink(program.scope, "current").variable(program.scope, "current", newest);
        }),
      );
      assert.equal(leak.kind, "closure-context");
      assert.match(leak.advice, advice);
    }
  });
});

/** An Array of functions made from one text, on line 2, each in a scope with a large `body` and an `id`. */
function leakOfSiblings(code: string): Promise<Suspect> {
  const program = new SmallProgram(`function main() {}\n${code}`);
  const handlers = program.variable("handlers", program.array());
  return leakAfter(program, () =>
    times(40, () => {
      const scope = program.newScope(program.scope);
      program.heap.variable(scope, "id", program.object("Id"));
      program.heap.variable(scope, "body", program.object("Body", {}, 400));
      program.push(handlers, program.function("handler", scope, 2));
    }),
  );
}
