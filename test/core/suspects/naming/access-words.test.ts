import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type AccessPath, inWords, nameOfMany, NO_PATH } from "#core/suspects/naming/access-words.js";

const path = (...words: string[]): AccessPath => inWords(NO_PATH, words);

function nameOf(...paths: AccessPath[]): string {
  return nameOfMany(paths[0]!, paths.slice(1)).expression;
}

suite("the name of many alike holders", () => {
  test("has no word that is a key of one of them", () => {
    const users = ["ada", "bob", "eve", "max"].map((user) => path("users", user, "history"));
    assert.equal(nameOf(...users), "users[…].history");
    assert.equal(nameOf(path("users", "u1"), path("users", "u1")), "users[…]");
  });

  test("has both words where all of them have one of two, which are names in the source", () => {
    const slots = ["props", "emits", "props", "emits", "props"].map((slot, i) => path("parts", `part ${i}`, slot));
    assert.equal(nameOf(...slots), "parts[…].(emits|props)");
    assert.equal(nameOf(...slots.slice(0, 3)), "parts[…][…]");
  });
});
