import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallPage } from "../../../support/small-page.js";
import { leakAfter, times } from "../../../support/suspects.js";

const SOURCE = "new ResizeObserver(() => this.fit()).observe(document.body);\n";

function observer(page: SmallPage, className: string): number {
  const made = page.native(className);
  page.refer(page.native(`V8${className}Callback`, made), page.function("", "() => this", page.scopeWith("card")));
  return made;
}

suite("observers that are never disconnected", () => {
  test("are told by their class, what they watch, and their callback", async () => {
    const page = new SmallPage(SOURCE);
    const body = page.native("<body>", page.native("<html>", page.document));
    const rare = page.native("blink::NodeRareData", body);
    const watching = page.collection("blink::NodeRareData::DataFieldWrapper<…ResizeObserver…>", rare);
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.add(watching, observer(page, "ResizeObserver"))),
    );
    assert.equal(leak.kind, "dom-observers");
    assert.equal(leak.title, "ResizeObserver of `<body>`, never disconnected: a function (app.js:1)");
    assert.equal(leak.growth.entryWord, "observers");
    assert.deepEqual(leak.growth.entries, [40, 40]);
  });

  test("are none if a page keeps them in a list of its own", async () => {
    const page = new SmallPage(SOURCE);
    const list = page.program.variable("observers", page.program.array());
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.program.push(list, page.native("ResizeObserver", undefined, { size: 400 }))),
    );
    assert.equal(leak.kind, "module-array");
  });
});
