import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { eventTypeOf } from "#core/suspects/naming/called-from.js";
import { analysed } from "../../../support/analysed.js";
import { SmallProgram } from "../../../support/small-program.js";

/** What a page listens to with a function of this name, which begins in the second line. */
function typeOf(source: string, name: string): string | null {
  const program = new SmallProgram(source);
  const listener = program.function(name, program.scope, 2);
  return eventTypeOf(analysed(program.heap).graph, listener);
}

suite("the type of event that a function is for", () => {
  test("is what it is handed in with, itself or by its only name", () => {
    assert.equal(typeOf('addEventListener("resize",\nfunction () {});', ""), "resize");
    assert.equal(typeOf('addEventListener("resize", onResize);\nfunction onResize() {}', "onResize"), "resize");
    assert.equal(
      typeOf('addEventListener("a", on); addEventListener("b", on);\nfunction on() {}', "on"),
      null,
      "two places",
    );
  });

  test("is not looked for by a name that makes no pattern", () => {
    assert.equal(typeOf("\n", "on".repeat(5_000_000)), null);
  });
});
