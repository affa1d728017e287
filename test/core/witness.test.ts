import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { findLeaks, findLeaksInParsed, type LeakReport, SnapshotError } from "@leakdiff/core";
import type { ParsedSnapshot, SnapshotJson } from "#core/parse/from-heapsnapshot-parser.js";
import { snapshotsOf } from "../support/real-snapshots.js";
import { SmallProgram } from "../support/small-program.js";
import { times } from "../support/suspects.js";

const { parse } = createRequire(import.meta.url)("heapsnapshot-parser") as {
  parse(snapshot: string): ParsedSnapshot;
};

const folder = mkdtempSync(join(tmpdir(), "leakdiff-witness-"));
after(() => rmSync(folder, { recursive: true }));

/** The report on files that npm's heapsnapshot-parser has read. */
async function witnessed(files: readonly string[]): Promise<LeakReport> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return findLeaksInParsed(
    texts.map((text, i) => ({ parsed: parse(text), file: files[i]!, snapshot: JSON.parse(text) as SnapshotJson })),
  );
}

suite("the whole pipeline, fed by an independent parser", () => {
  test("says the same of a real leak, word for word", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const report = await findLeaks(files);
    assert.equal(report.verdict, "leak");
    assert.deepEqual(await witnessed(files), report);
  });

  for (const layout of ["node20", "node24", "chrome", "pretty"] as const)
    test(`says the same of odd names and numbers, written as ${layout}`, async () => {
      const program = new SmallProgram("const caf\u00e9 = {};\n", "/app/\u043a\u043b\u044e\u0447.js");
      const { heap } = program;
      const odd = program.variable("caf\u00e9", heap.object("__proto__", { id: 4_294_967_291 }));
      const files = [0, 1, 2].map((round) => {
        times(30, (i) => {
          const held = heap.object("\ud83d\ude00 \u001b[1m", { size: 5_000_000_000 });
          heap.property(odd, `"${round}\\${i}\n`, held).element(odd, 4_000_000_000 + 30 * round + i, held);
          heap.hidden(held, 7, heap.string("\u0000\ud800 text", { size: 40 }));
        });
        const file = join(folder, `${layout}-${round}.heapsnapshot`);
        writeFileSync(file, heap.json({ layout }));
        return file;
      });
      const report = await findLeaks(files);
      assert.equal(report.verdict, "leak");
      assert.ok(report.totals.suspects.every((bytes) => bytes >= 150e9));
      assert.deepEqual(await witnessed(files), report);
      const twice = [files[1]!, files[1]!];
      assert.deepEqual(await witnessed(twice), await findLeaks(twice));
    });

  test("refuses what leads nowhere, and one snapshot alone, in a sentence", async () => {
    const whole = parse(new SmallProgram().heap.json());
    const [node] = whole.nodes as [ParsedSnapshot["nodes"][number]];
    const refused: readonly (readonly [ParsedSnapshot, string, RegExp])[] = [
      [{ nodes: [], edges: [] }, "counts", /^b has no nodes/],
      [{ ...whole, nodes: [...whole.nodes, { ...node, edge_count: 3 }] }, "counts", /^b is damaged: the edge_count/],
      [
        { ...whole, edges: whole.edges.map((edge) => ({ ...edge, toNodeIndex: 1e6 })) },
        "bad-index",
        /^b is damaged: edge 0 leads to node 1000000/,
      ],
    ];
    for (const [parsed, code, message] of refused)
      await assert.rejects(
        findLeaksInParsed([{ parsed: whole }, { parsed, file: "b" }]),
        (error) => error instanceof SnapshotError && error.code === code && message.test(error.message),
      );
    await assert.rejects(findLeaksInParsed([{ parsed: whole }]), { code: "too-few" });
    await assert.rejects(findLeaksInParsed([{ parsed: whole }, { parsed: whole }], { minGrowth: -1 }), RangeError);
  });
});
