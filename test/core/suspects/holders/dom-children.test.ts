import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallPage } from "../../../support/small-page.js";
import { reportAfter } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leakAfter, leaksOf, times } from "../../../support/suspects.js";

/** A document of one element; what is put into that is linked to its neighbours, as Blink has it. */
class Document extends SmallPage {
  readonly body: NodeRow;
  #last: NodeRow;

  constructor() {
    super("const feed = document.body;\n");
    this.body = this.native("<body>", this.document);
    this.refer(this.body, this.document);
    this.#last = this.native("<div>", this.body);
    this.refer(this.#last, this.body);
  }

  append(): NodeRow {
    const added = this.native('<div class="toast">', this.#last, { size: 400 });
    this.refer(added, this.body);
    this.refer(added, this.#last);
    this.#last = added;
    return added;
  }
}

suite("elements that are put into the document and stay", () => {
  test("are told by the element that they are in, not by the one they come after", async () => {
    const page = new Document();
    const leak = await leakAfter(page.program, () => times(40, () => page.append()));
    assert.equal(leak.kind, "dom-children");
    assert.equal(leak.title, "elements only added to `<body>`");
    assert.match(leak.advice, /remove\(\)/);
  });

  test("are a consequence where the program keeps what they show", async () => {
    const page = new Document();
    const { program, heap } = page;
    const messages = program.variable("messages", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const message = program.object("Message", {}, 100);
        program.push(messages, message);
        heap.property(page.append(), "message", message);
      }),
    );
    assert.match(leak.title, /^Array `messages`/);
    assert.deepEqual(leak.growAlong, ["elements only added to `<body>`"]);
  });

  test("are style rules, too, told by the sheet that they are inserted into", async () => {
    const page = new Document();
    const contents = page.native("blink::StyleSheetContents");
    const rules = page.native("blink::HeapVectorBacking<cppgc::internal::BasicMember<blink::StyleRuleBase>>", contents);
    const sheet = page.native("CSSStyleSheet", page.document);
    page.refer(sheet, contents);
    page.program.variable("sheet", sheet);
    const leak = await leakAfter(page.program, () =>
      times(40, () => page.native("blink::StyleRule", rules, { size: 200 })),
    );
    assert.equal(leak.title, "rules only added to `sheet`, module scope of app.js");
    assert.match(leak.leaked.words, /each of 80 new rules/);
    assert.match(leak.advice, /deleteRule/);
  });

  test("are a bug of their own where the program keeps something else", async () => {
    const page = new Document();
    const { program } = page;
    const log = program.variable("log", program.array());
    const report = await reportAfter(program, () =>
      times(40, () => {
        program.push(log, program.object("Entry", {}, 100));
        page.append();
      }),
    );
    assert.equal(leaksOf(report).length, 2);
  });
});
