import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallPage } from "../../../support/small-page.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

const SOURCE = `class Settings {
  constructor() {
    window.addEventListener("resize", () => this.layout());
    document.addEventListener('keydown', this.onKey.bind(this));
    document.addEventListener("click", both);
    document.addEventListener("keyup", both);
  }
  onKey(event) { this.last = event; }
}
function both() {}
`;

suite("listeners of the browser's event targets", () => {
  test("are told by target, type and place, where the function stands in the call", async () => {
    const page = new SmallPage(SOURCE);
    const resize = page.listenersOf(page.window);
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.listen(resize, page.function("", "() => this.layout", page.scopeWith("view")))),
    );
    assert.equal(leak.kind, "window-listeners");
    assert.equal(leak.title, 'listeners of "resize" on `window`: a function (app.js:3)');
    assert.deepEqual(leak.growth.entries, [40, 40]);
    assert.equal(leak.growth.entryWord, "listeners");
    const { file, line, column } = leak.holder.location!;
    assert.deepEqual([file, line, column], ["http://localhost/assets/app.js", 3, 39]);
  });

  test("are told by type where the call has the function's name, and no other type is listened to with it", async () => {
    const page = new SmallPage(SOURCE);
    const keydown = page.listenersOf(page.document);
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.listen(keydown, page.function("onKey", "(event) {", page.scopeWith("view")))),
    );
    assert.equal(leak.title, 'listeners of "keydown" on `document`: `onKey` (app.js:8)');
  });

  test("are told without a type where two are possible", async () => {
    const page = new SmallPage(SOURCE);
    const clicks = page.listenersOf(page.document);
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.listen(clicks, page.function("both", "() {}\n", page.scopeWith("view")))),
    );
    assert.equal(leak.title, "listeners on `document`: `both` (app.js:10)");
  });

  test("are told by `window` and `document`, though a library has these in variables of its own", async () => {
    const page = new SmallPage(SOURCE);
    page.program.variable("root", page.window);
    page.program.variable("l", page.document);
    const [resize, keydown] = [page.listenersOf(page.window), page.listenersOf(page.document)];
    const titles = await Promise.all(
      [
        () => page.listen(resize, page.function("", "() => this.layout", page.scopeWith("view"))),
        () => page.listen(keydown, page.function("onKey", "(event) {", page.scopeWith("view"))),
      ].map(async (step) => (await leakAfter(page.program, () => times(40, step))).title),
    );
    assert.deepEqual(titles, [
      'listeners of "resize" on `window`: a function (app.js:3)',
      'listeners of "keydown" on `document`: `onKey` (app.js:8)',
    ]);
  });

  test("are told by the variable that has the target", async () => {
    const page = new SmallPage("const darkMode = matchMedia(query);\n");
    const list = page.program.variable("darkMode", page.native("MediaQueryList"));
    const changes = page.listenersOf(list);
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.listen(changes, page.function("restyle", "(query)", page.scopeWith("view")))),
    );
    assert.equal(leak.title, "listeners on `darkMode`: `restyle` (app.js:1)");
  });

  test("are none if a page keeps functions in a Set of its own", async () => {
    const program = new SmallProgram();
    const listeners = program.variable("listeners", program.set());
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(listeners, program.function("onChange", program.newScope(), 1))),
    );
    assert.equal(leak.kind, "callbacks");
  });
});
