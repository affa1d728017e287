import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallPage } from "../../../support/small-page.js";
import { reportAfter } from "../../../support/small-program.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";
import type { LeakReport } from "@leakdiff/core";

const SOURCE = `class Panel {
  constructor() {
    window.addEventListener("resize", () => this.layout());
    window.addEventListener("resize", () => this.measure());
    document.addEventListener("keydown", (event) => this.key(event));
  }
}
`;

/** Panels add a listener for each of three functions: to one panel each, or each to something of its own. */
function panels(areOne: boolean): Promise<LeakReport> {
  const page = new SmallPage(SOURCE);
  const [resize, keydown] = [page.listenersOf(page.window), page.listenersOf(page.document)];
  return reportAfter(page.program, () =>
    times(40, () => {
      const panel = page.scopeWith("this");
      const scope = (): number => (areOne ? panel : page.scopeWith("this"));
      page.listen(resize, page.function("", "() => this.layout", scope()));
      page.listen(resize, page.function("", "() => this.measure", scope()));
      page.listen(keydown, page.function("", "(event)", scope()));
    }),
  );
}

suite("listeners in several lists", () => {
  test("are one bug where they are for the same objects, and none goes before all of them let go", async () => {
    const leak = onlyLeak(await panels(true));
    assert.equal(leak.kind, "window-listeners");
    const told = [leak.title, ...leak.alsoHeldBy].map((title) => /app\.js:\d/.exec(title)![0]);
    assert.deepEqual(told.sort(), ["app.js:3", "app.js:4", "app.js:5"]);
    assert.match(leak.leaked.words, /^each of 40|^each of 80/);
  });

  test("are a bug each where each is for something of its own", async () => {
    assert.equal(leaksOf(await panels(false)).length, 3);
  });
});
