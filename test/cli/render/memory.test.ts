import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Capture, trend } from "@leakdiff/capture";
import { renderMemory } from "#cli/render/memory.js";
import { fakeReport, noLeak } from "../../support/fake-report.js";
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
const render = (given: Capture, found = fakeReport()) =>
  renderMemory(given, trend(given.samples), found, { columns: 60, color: false });

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
      render(capture({ samples }), noLeak()),
      /\nplateau: memory does not grow\n {2}a leak below [\d.]+ k?B a request\s+would not show\n/,
    );
    const text = render(capture({ samples }));
    assert.match(
      text.replace(/\s+/g, " "),
      / memory as a whole does not seem to grow: a leak below [\d.]+ k?B a request does not show there; the snapshots show one: $/,
    );
    assert.doesNotMatch(text, /would not show|plateau/);
  });

  it("does not speak of a mountain right above snapshots without a leak, if V8's own is most of what grew", () => {
    const { totals } = noLeak();
    const warm = noLeak({ totals: { ...totals, settled: [0, 0], growth: [4.6e6, 4.4e6], engine: [4.6e6, 4.3e6] } });
    assert.match(
      render(capture({}), warm).replace(/\s+/g, " "),
      / memory as a whole grew by 20\.0 kB a request; most of that is V8's own, such as [^:;]+, and no leak: $/,
    );
    assert.match(render(capture({}), noLeak()), /\nmountain: memory grows all the time\n/, "what settled is not V8's");
    assert.match(render(capture({}), { ...warm, verdict: "leak" }), /\nmountain: /);
    assert.match(render(capture({}), { ...warm, verdict: "cannot-tell" }), /\nmountain: /);
  });

  it("says nothing of two samples", () => {
    assert.equal(render(capture({ samples: capture({}).samples.slice(0, 2) })), "");
  });
});
