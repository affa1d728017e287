import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "@leakdiff/core";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

/**
 * Effects that nobody stops, and the value that all have read: it has a list of links, each to an effect.
 *
 *     scope of server.js -effects-> Set -> Effect -links-> Link <-newest- Dep <-theme- scope of the library
 *                                     ^-------- effect ----/  \-previous-> Link ...
 */
function effects({ file = "/app/node_modules/signals/index.js", areLinked = true } = {}): Promise<LeakReport> {
  const program = new SmallProgram("const effects = new Set();\nfunction main() {}\n");
  const { heap } = program;
  const library = new SmallProgram("let theme = new Dep();\nfunction main() {}\n", file, heap);
  const table = program.variable("effects", program.set());
  const dep = library.variable("theme", program.object("Dep"));
  let newest: NodeRow | undefined;
  return reportAfter(program, () =>
    times(40, () => {
      const effect = program.object("Effect", {}, 300);
      program.add(table, effect);
      times(3, () => {
        const link = program.object("Link", {}, 60);
        if (areLinked) heap.property(link, "effect", effect).property(effect, `link ${heap.id(link)}`, link);
        if (newest !== undefined) {
          heap.unlink(dep, "newest").property(link, "previous", newest).property(newest, "next", link);
        }
        heap.property(dep, "newest", link);
        newest = link;
      });
    }),
  );
}

suite("a list of a library's that has the entries of another holder", () => {
  test("is one finding with that holder", async () => {
    const leak = onlyLeak(await effects());
    assert.match(leak.title, /^Set `effects`/);
    assert.equal(leak.alsoHeldBy.length, 1);
    assert.match(leak.alsoHeldBy[0]!, /^linked list of Link from `theme\.newest`/);
  });

  test("is another where its links lead elsewhere, or the program keeps it", async () => {
    assert.equal(leaksOf(await effects({ areLinked: false })).length, 2);
    assert.equal(leaksOf(await effects({ file: "/app/signals.js" })).length, 2);
  });
});
