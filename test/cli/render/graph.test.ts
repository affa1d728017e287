import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { renderGraph } from "#cli/render/graph.js";
import { prepareWidths, width } from "#cli/render/text-width.js";

await prepareWidths();

const look = { columns: 40, color: false };
const ofSizes = (sizes: readonly number[]) => sizes.map((heapUsed) => ({ heapUsed }));

describe("renderGraph", () => {
  it("fills each column up to what was used then", () => {
    const samples = ofSizes(Array.from({ length: 28 }, (_, at) => at * 1e6));
    assert.deepEqual(renderGraph(samples, { ...look, rows: 4 }, { ends: ["0", "27 requests"] }), [
      "  30.0 MB ┤                        ▁▂▃▄▅",
      "          │                 ▁▂▃▄▅▆▇█████",
      "  15.0 MB ┤         ▁▂▃▄▅▆▇█████████████",
      "          │  ▁▂▃▄▅▆▇████████████████████",
      "      0 B └─────────────────────────────",
      "           0                 27 requests",
    ]);
  });

  it("shades what was used only for a moment, and marks restarts, snapshots and a limit", () => {
    const sizes = Array.from({ length: 58 }, (_, at) => (at < 29 ? 4e6 : 2e6) + (at % 2) * 2e6);
    const marks = { restarts: [29], snapshots: [10, 50], limit: 7.9e6 };
    assert.deepEqual(renderGraph(ofSizes(sizes), { ...look, rows: 4 }, marks), [
      "   8.0 MB ┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
      "          │░░░░░░░░░░░░░░",
      "   4.0 MB ┤███████████████░░░░░░░░░░░░░░",
      "          │█████████████████████████████",
      "      0 B └─────────────────────────────",
      "                a        ▲          b",
      "           ▲ restarted; a, b snapshots",
    ]);
  });

  it("makes do with letters that every terminal has", () => {
    const lines = renderGraph(ofSizes([1e6, 2e6, 3e6, 9e6]), { ...look, ascii: true }, { restarts: [2], limit: 10e6 });
    assert.match(lines.join("\n"), /^[ -~\n]+$/);
    assert.match(lines.join("\n"), /={5,}[^]*#{5}[^]*\+-{24}\n +\^\n +\^ restarted$/);
  });

  it("shows differences far above zero", () => {
    const lines = renderGraph(ofSizes([300e6, 302e6, 304e6, 306e6]), look);
    assert.doesNotMatch(lines.at(-1)!, / 0 B/);
    assert.ok(lines.filter((line) => /[▁-█]/.test(line)).length >= 5, lines.join("\n"));
  });

  it("draws nothing of nothing, and something of any samples, in the room there is", () => {
    assert.deepEqual(renderGraph([], look), []);
    const sizes = fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 20, max: 120 }), fc.boolean(), (values, columns, ascii) => {
        const marks = { restarts: [values.length - 1], snapshots: [0], limit: 5e8, ends: ["0", "end"] as const };
        const lines = renderGraph(ofSizes(values), { columns, color: false, ascii }, marks);
        assert.equal(lines.length, 14);
        for (const line of lines) assert.ok(width(line) <= Math.max(columns, 20) && !/NaN|undefined/.test(line), line);
      }),
    );
  });

  it("paints only when it may", () => {
    const samples = ofSizes([1e6, 2e6]);
    assert.ok(
      renderGraph(samples, { ...look, color: true })
        .join("")
        .includes("\u001b[36m"),
    );
    assert.ok(!renderGraph(samples, look).join("").includes("\u001b"));
  });
});
