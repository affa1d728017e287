import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { progressLine } from "#cli/progress.js";
import { FakeOutput } from "../support/fake-surroundings.js";

describe("progressLine", () => {
  it("shows how much of a file is read", () => {
    const terminal = new FakeOutput({ columns: 80 });
    const line = progressLine(terminal);
    line.show({ file: "dumps/a.heapsnapshot", stage: "read", done: 5_000_000, total: 20_000_000 });
    line.stop();
    assert.match(terminal.text, /reading dumps\/a\.heapsnapshot {2}━{6}╌{18} {2}5\.0 MB of 20\.0 MB/);
  });

  it("draws with plain letters where the locale has no others", () => {
    const terminal = new FakeOutput({ columns: 80 });
    const line = progressLine(terminal, true);
    line.show({ file: "a", stage: "read", done: 5_000_000, total: 20_000_000 });
    line.stop();
    assert.match(terminal.text, /reading a {2}#{6}-{18} {2}5\.0 MB/);
  });

  it("names each stage as it begins, without waiting for a timer", () => {
    const terminal = new FakeOutput({ columns: 80 });
    const line = progressLine(terminal);
    line.show({ file: "a", stage: "read", done: 0, total: 100 });
    line.show({ file: "a", stage: "graph", done: 0, total: 0 });
    line.show({ file: "a", stage: "dominators", done: 0, total: 0 });
    line.show({ file: "b", stage: "compare", done: 0, total: 0 });
    line.show({ file: "b", stage: "suspects", done: 0, total: 0 });
    for (const words of ["reading a", "linking a", "finding owners in a", "comparing with b", "naming suspects in b"]) {
      assert.ok(terminal.text.includes(words), words);
    }
    line.stop();
  });

  it("draws no bar for a pipe, whose length nobody knows", () => {
    const terminal = new FakeOutput({ columns: 80 });
    const line = progressLine(terminal);
    line.show({ file: "-", stage: "read", done: 4096, total: 0 });
    line.stop();
    assert.match(terminal.text, /reading -/);
    assert.doesNotMatch(terminal.text, /━|╌|NaN/);
  });

  it("leaves an empty line behind and no line break", () => {
    const terminal = new FakeOutput({ columns: 80 });
    const line = progressLine(terminal);
    line.show({ file: "a", stage: "read", done: 1, total: 2 });
    line.show({ file: "a", stage: "graph", done: 0, total: 0 });
    line.stop();
    assert.ok(terminal.text.endsWith("\u001b[1G\u001b[2K"), JSON.stringify(terminal.text.slice(-20)));
    assert.doesNotMatch(terminal.text, /\n/);
  });

  it("leaves the terminal as it is even if it is never stopped", () => {
    const terminal = new FakeOutput({ columns: 40 });
    const line = progressLine(terminal);
    line.show({ file: "x".repeat(50), stage: "read", done: 1, total: 2 });
    assert.ok(!terminal.text.includes("\u001b[?"), JSON.stringify(terminal.text));
    const [, drawn = ""] = terminal.text.split("\u001b[1G");
    assert.equal(drawn.split("\u001b")[0]!.length, 40);
    line.stop();
  });

  it("writes nothing if there was nothing to show", () => {
    const terminal = new FakeOutput({ columns: 80 });
    progressLine(terminal).stop();
    assert.equal(terminal.text, "");
  });

  it("shows a hostile or very long file name harmlessly", () => {
    const terminal = new FakeOutput({ columns: 80 });
    const line = progressLine(terminal);
    line.show({ file: `\u001b[2J${"x".repeat(5000)}`, stage: "read", done: 1, total: 2 });
    line.stop();
    assert.ok(!terminal.text.includes("\u001b[2J"));
    assert.ok(terminal.text.length < 1000, `${terminal.text.length}`);
  });
});
