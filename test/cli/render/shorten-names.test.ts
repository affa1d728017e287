import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { shortenNames } from "#cli/render/shorten-names.js";
import { prepareWidths, width } from "#cli/render/text-width.js";

await prepareWidths();

describe("shortenNames", () => {
  it("leaves alone what fits, and short names", () => {
    for (const text of [
      "",
      "Map `cache`, module scope of a.js:3",
      "Array `db.models`, kept by `Model` of (a/b/c.js:2)",
    ])
      for (const columns of [20, 200]) assert.equal(shortenNames(text, columns), text);
  });

  it("leaves out parts from the middle of the longest name, then of the next", () => {
    const title = "Map `client.queryManager.transformCache.newest.value.group`, module scope of server.cjs:3";
    assert.equal(
      shortenNames(title, 80),
      "Map `client.….transformCache.newest.value.group`, module scope of server.cjs:3",
    );
    assert.equal(
      shortenNames(`${title}, a field of Star (@inversify/core/lib/binding/services/BindingService.js:10)`, 60),
      "Map `client.….newest.value.group`, module scope of server.cjs:3, a field of Star (@inversify/…/BindingService.js:10)",
    );
  });

  it("takes what is in brackets for a part of the name before it", () => {
    assert.equal(
      shortenNames('Array `store["a.b.c.d"].listeners[kState].controller.queue["one.two.three"]`, a global', 30),
      'Array `store["a.b.c.d"].….queue["one.two.three"]`, a global',
    );
  });

  it("cuts a name of one part in its middle", () => {
    assert.equal(
      shortenNames(`variable \`${"a".repeat(60)}\``, 40),
      `variable \`${"a".repeat(26)}…${"a".repeat(13)}\``,
    );
  });

  it("leaves quotes and brackets in pairs, and is never much longer than it may be", () => {
    const name = fc.array(
      fc.constantFrom("a", "items", "#serviceReferenceManager", "list[…]", "map{…}", "x".repeat(50)),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    const title = fc.array(
      fc.oneof(
        name.map((parts) => `\`${parts.join(".")}\`,`),
        name.map((parts) => `(${parts.join("/").replace(/[[{…\]}]/g, "")}.js:3)`),
        fc.constant("of"),
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(title, fc.integer({ min: 150, max: 300 }), (words, columns) => {
        const text = shortenNames(words.join(" "), columns);
        for (const [open, close] of ["()", "[]", "{}"] as const)
          assert.equal(text.split(open).length, text.split(close).length, text);
        assert.equal(text.split("`").length % 2, 1, text);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.nat(60), (text, columns) => {
        assert.ok(width(shortenNames(text, columns)) <= 3 * columns);
      }),
    );
  });
});
