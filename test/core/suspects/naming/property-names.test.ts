import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { looksLikeData, printableClass, printableName, propertyWord } from "#core/suspects/naming/property-names.js";

suite("the names of properties", () => {
  test("are printed as a program would write them", () => {
    const table: readonly [name: string, word: string][] = [
      ["items", "items"],
      ["_events", "_events"],
      ["$scope", "$scope"],
      ["#secret", "#secret"],
      ["größe", "größe"],
      ["h2", "h2"],
      ["base64", "base64"],
      ["theme-changed", '["theme-changed"]'],
      ["user:created", '["user:created"]'],
      ["x-request-id", '["x-request-id"]'],
      ["<symbol kState>", "[kState]"],
    ];
    for (const [name, word] of table) assert.equal(propertyWord(name), word);
  });

  test("are not printed if they look like data of somebody's", () => {
    const secrets = [
      "somebody@example.com",
      "4111111111111111",
      "user-20231101",
      "d41d8cd98f00b204e9800998ecf8427e",
      "abcdefabcdef",
      "550e8400-e29b-41d4-a716-446655440000",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0",
      "/home/somebody/private",
      "https://example.com/?token=x",
      "two words",
      "+49 170 1234567",
      "",
      "a".repeat(49),
      "line\nbreak",
      "\u001b[31m",
    ];
    for (const name of secrets) {
      assert.ok(looksLikeData(name), name);
      assert.equal(propertyWord(name), "[…]");
      assert.equal(printableName(name), "…");
      assert.ok(!propertyWord(`<symbol ${name}>`).includes(name || "<"), name);
      assert.ok(!printableName(`<symbol ${name}>`).includes(name || "<>"), name);
      assert.equal(printableClass(`{id, ${name}}`), "Object", name);
    }
    assert.equal(printableClass("{id, name}"), "{id, name}");
    assert.equal(printableClass("Session"), "Session");
  });

  test("never bring signs into a report that could end a quotation or move a cursor", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        for (const word of [propertyWord(name), printableName(name)])
          assert.doesNotMatch(word, /[`\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
