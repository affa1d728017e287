import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearest } from "#cli/nearest.js";

const OPTIONS = ["json", "top", "min-growth", "exit-zero", "no-color"];

describe("nearest", () => {
  it("forgives a letter left out, put in, replaced or swapped", () => {
    for (const word of ["jso", "jsoon", "jsin", "josn", "json"]) assert.equal(nearest(word, OPTIONS), "json", word);
    assert.equal(nearest("tpo", OPTIONS), "top");
    assert.equal(nearest("min-growht", OPTIONS), "min-growth");
  });

  it("suggests nothing for a word that is too different", () => {
    for (const word of ["", "x", "nope", "flame", "minimum-growth", "colour"])
      assert.equal(nearest(word, OPTIONS), undefined, word);
  });

  it("prefers fewer changes, then the first candidate", () => {
    assert.equal(nearest("abcdX", ["abXXX", "abcde", "abcdf"]), "abcde");
    assert.equal(nearest("abcde", ["abcdX", "abcde"]), "abcde");
  });
});
