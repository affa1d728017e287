import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallPage } from "../../../support/small-page.js";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

suite("the path to what a page leaks", () => {
  test("goes by window, document and elements, without what Blink has between them", async () => {
    const page = new SmallPage("document.body.addEventListener('click', () => cart.add());\n");
    const body = page.native('<body class="dark">', page.native("<html>", page.document));
    const clicks = page.listenersOf(body);
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.listen(clicks, page.function("", "() => cart", page.scopeWith("cart")))),
    );
    const words = leak.path.filter(({ internal }) => !internal).map((step) => step.words);
    assert.deepEqual(words.slice(0, 6), ["(global)", "window", "document", "<html>", "<body>", "its listeners"]);
    assert.match(words[6]!, /^function \(app\.js:1:\d+\)$/);
    assert.equal(leak.title, 'listeners of "click" on `<body>`: a function (app.js:1)');
    assert.doesNotMatch(leak.leaked.words, /blink::|EventListener/);
  });

  test("avoids what the inspector holds", async () => {
    const page = new SmallPage("const sent = [];\n");
    const { heap, program } = page;
    const sent = program.variable("sent", program.array());
    const driver = program.object("InjectedScript");
    heap.internal(heap.subroot("(Global handles)"), "7 / DevTools console", driver);
    heap.property(driver, "list", sent);
    const leak = await leakAfter(program, () => times(40, () => program.push(sent, program.object("Item", {}, 300))));
    assert.deepEqual(
      leak.path
        .filter(({ internal }) => !internal)
        .map((step) => step.words)
        .slice(-3, -1),
      ["scope of app.js", "variable `sent`"],
    );
  });

  test("is without the objects that Node keeps of its own", async () => {
    const program = new SmallProgram("const sent = [];\n");
    const { heap } = program;
    const queue = heap.native("Node / CleanupQueue", { id: 2 });
    const wrap = heap.native("Node / ModuleWrap", { id: 4 });
    const sent = program.variable("sent", program.array());
    heap.unlink(heap.global(), "main");
    heap.internal(heap.subroot("Node / Environment"), "cleanup_queue", queue).element(queue, 1, wrap);
    heap.internal(wrap, "native_to_javascript", program.main);
    const leak = await leakAfter(program, () => times(40, () => program.push(sent, program.object("Item", {}, 300))));
    const words = leak.path.filter(({ internal }) => !internal).map((step) => step.words);
    assert.deepEqual(words.slice(-3, -1), ["scope of server.js", "variable `sent`"]);
    assert.doesNotMatch(words.join(), /Node/);
  });
});
