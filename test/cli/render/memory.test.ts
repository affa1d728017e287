import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Capture, trend } from "@leakdiff/capture";
import { renderMemory } from "#cli/render/memory.js";
import { matchesGolden } from "../../support/golden.js";

const capture = (more: Partial<Capture>): Capture => ({
  files: ["a", "b", "c"],
  loads: [500, 500],
  marks: [3, 8, 13],
  unit: "request",
  samples: Array.from({ length: 14 }, (_, cycle) => ({
    heapUsed: 5e6 + cycle * 2e6,
    heapLimit: 100e6,
    cycle,
    requests: cycle * 100,
    collected: true,
  })),
  ended: "complete",
  reason: undefined,
  notes: [],
  log: undefined,
  ...more,
});
const render = (given: Capture, verdict: "leak" | "no-leak" = "leak") =>
  renderMemory(given, trend(given.samples), verdict, { columns: 60, color: false });

describe("renderMemory", () => {
  it("draws memory over the load, with the snapshots where they were taken, and says what it shows", () => {
    matchesGolden("run-memory.txt", render(capture({})));
  });

  it("draws a few samples, as of a process that was attached to, and says nothing of them", () => {
    const text = render(capture({ samples: capture({}).samples.slice(0, 3), marks: [0, 1, 2] }));
    assert.match(text, /a, b, c snapshots\n[^\n]+requests\n\n$/);
  });

  it("does not speak of a plateau right above a leak that is too small for the drawing", () => {
    const samples = capture({}).samples.map((sample) => ({ ...sample, heapUsed: 5e6 + sample.cycle! * 1000 }));
    assert.match(
      render(capture({ samples }), "no-leak"),
      /\nplateau: memory does not grow\n {2}a leak below [\d.]+ k?B a request\s+would not show\n/,
    );
    const text = render(capture({ samples }));
    assert.match(
      text.replace(/\s+/g, " "),
      / memory as a whole does not seem to grow: a leak below [\d.]+ k?B a request does not show there; the snapshots show one: $/,
    );
    assert.doesNotMatch(text, /would not show|plateau/);
  });

  it("says nothing of two samples", () => {
    assert.equal(render(capture({ samples: capture({}).samples.slice(0, 2) })), "");
  });
});
