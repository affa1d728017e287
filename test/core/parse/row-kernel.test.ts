import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { type Scan, Stop, ZEROS_BEHIND, scanPlainNumbers } from "#core/parse/plain-numbers.js";
import { putEdgeRows } from "#core/parse/edge-rows.js";
import { putNodeRows } from "#core/parse/node-rows.js";
import { type RowKernel, rowKernel, type RowSection } from "#core/parse/row-kernel.js";
import { bareSnapshot } from "../../support/bare-snapshot.js";

const MOST_ROWS = 200;

function edgeSection(): RowSection & { kind: "edges" } {
  const columns = {
    edgeType: new Uint8Array(MOST_ROWS),
    edgeName: new Uint32Array(MOST_ROWS),
    edgeTarget: new Uint32Array(MOST_ROWS),
  };
  const fields = { stride: 3, type: 0, nameOrIndex: 1, toNode: 2 };
  return { kind: "edges", columns, shape: { fields, nodeStride: 7, named: Uint8Array.of(1, 0, 1, 1, 0, 1, 1) } };
}

function nodeSection(): RowSection & { kind: "nodes" } {
  const columns = {
    nodeType: new Uint8Array(MOST_ROWS),
    nodeName: new Uint32Array(MOST_ROWS),
    nodeId: new Uint32Array(MOST_ROWS),
    selfSize: new Uint32Array(MOST_ROWS),
    firstEdge: new Uint32Array(MOST_ROWS),
    detachedness: new Uint8Array(MOST_ROWS),
  };
  const fields = { stride: 7, type: 0, name: 1, id: 2, selfSize: 3, edgeCount: 4, detachedness: 6 };
  return { kind: "nodes", columns, shape: { fields, typeCount: 15 } };
}

/** Numbers of all lengths, most of them short, as those of a snapshot are. */
const arbitraryNumber = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 9999 }) },
  { weight: 3, arbitrary: fc.nat({ max: 2 ** 31 }) },
  { weight: 1, arbitrary: fc.constantFrom(99_999_999, 100_000_000, 999_999_999, 2 ** 31, 2 ** 32 - 1) },
);

/** What V8 writes, or nearly. */
const arbitraryText = fc
  .record({
    numbers: fc.array(arbitraryNumber, { minLength: 1, maxLength: 120 }),
    rows: fc.boolean(),
    end: fc.constantFrom("]", ",", ""),
    damage: fc.option(
      fc.record({
        at: fc.nat(),
        text: fc.constantFrom("x", ",", ",,", "\n", "\n\n", "-", " ", "4294967296", "12345678901", "]", "\0", "é"),
      }),
      { nil: undefined },
    ),
  })
  .map(({ numbers, rows, end, damage }) => {
    const text = numbers.map((number, i) => (i === 0 ? "" : rows && i % 3 === 0 ? "\n," : ",") + number).join("") + end;
    if (damage === undefined) return text;
    const at = damage.at % (text.length + 1);
    return text.slice(0, at) + damage.text + text.slice(at);
  });

function kernelOf(...of: Parameters<typeof rowKernel>): RowKernel {
  const kernel = rowKernel(...of);
  assert.ok(kernel !== null, "this engine can run the loops");
  return kernel;
}

suite("the loops in WebAssembly", () => {
  test("find the numbers that the plain loop finds, and leave it to that to say what is wrong", () => {
    fc.assert(
      fc.property(arbitraryText, fc.nat({ max: 80 }), (text, beyond) => {
        const bytes = Buffer.from(`,${text}`, "latin1");
        const end = Math.max(1, bytes.length - beyond);
        const kernel = kernelOf(edgeSection(), bytes.length + 64 + ZEROS_BEHIND, bytes.length);
        kernel.bytes.set(bytes);
        const expected: Scan = { at: 1, count: 0, stop: Stop.Full };
        const wanted = new Uint32Array(bytes.length);
        scanPlainNumbers(kernel.bytes, wanted, expected, end, wanted.length);

        const scan: Scan = { at: 1, count: 0, stop: Stop.Full };
        kernel.scan(scan, end);
        assert.ok(scan.count <= expected.count, "it reads nothing that is not there");
        if (expected.stop !== Stop.Odd) assert.ok(expected.at - scan.at < 64 + 16, "it reads all but the last group");
        scanPlainNumbers(kernel.bytes, kernel.block, scan, end, wanted.length);
        assert.deepEqual([scan.count, scan.stop], [expected.count, expected.stop]);
        if (scan.stop !== Stop.Odd) assert.equal(scan.at, expected.at);
        assert.deepEqual(kernel.block.slice(0, scan.count), wanted.slice(0, expected.count));
      }),
      { numRuns: 2000 },
    );
  });

  test("stop where the block is full", () => {
    const text = "1,22,333,4444,".repeat(100);
    const kernel = kernelOf(edgeSection(), text.length + 1 + ZEROS_BEHIND, 50);
    kernel.bytes.set(Buffer.from(`[${text}`));
    const scan: Scan = { at: 1, count: 0, stop: Stop.Full };
    kernel.scan(scan, text.length);
    assert.ok(scan.count > 0 && scan.count <= 82);
    assert.equal(kernel.block[scan.count - 1], [1, 22, 333, 4444][(scan.count - 1) % 4]);
  });

  test("put rows into columns as the plain loops do", () => {
    const arbitraryRow = (most: readonly number[]) => fc.tuple(...most.map((max) => fc.nat({ max })));
    const cases = [
      {
        make: edgeSection,
        row: arbitraryRow([7, 2 ** 31, 700]).map(([a, b, c]) => [a!, b!, c! * 7 + (c! === 699 ? 1 : 0)]),
      },
      { make: nodeSection, row: arbitraryRow([15, 2 ** 31, 2 ** 31, 2 ** 31, 9, 9, 4]) },
    ] as const;
    for (const { make, row } of cases)
      fc.assert(
        fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), fc.nat({ max: 100 }), (rows, start) => {
          const numbers = rows.flat();
          const [slow, fast] = [make(), make()];
          const kernel = kernelOf(fast, 64, numbers.length);
          kernel.block.set(numbers);
          const [largest, found] = [{ name: 5, target: 5 }, { name: 5, target: 5 }]; // prettier-ignore
          const block = Float64Array.from(numbers);
          const bad =
            slow.kind === "nodes"
              ? putNodeRows(block, 0, rows.length, slow.columns, start, slow.shape, largest)
              : putEdgeRows(block, 0, rows.length, slow.columns, start, slow.shape, largest);
          assert.equal(kernel.put(0, rows.length, start, found), bad < 0);
          if (bad >= 0) return;
          assert.deepEqual(fast.columns, slow.columns);
          assert.deepEqual(found, largest);
        }),
        { numRuns: 500 },
      );
  });

  test("are not needed: an engine without WebAssembly, or a processor without vectors, reads the same", async () => {
    const file = await bareSnapshot();
    const bin = fileURLToPath(new URL("../../../../packages/cli/bin/leakdiff.js", import.meta.url));
    const [fast, ...plain] = [[], ["--jitless"], ["--no-enable-sse4-1"]].map((flags) =>
      spawnSync(process.execPath, [...flags, bin, "summary", file, "--json"], { encoding: "utf8" }),
    );
    for (const each of plain) assert.deepEqual([each.status, each.stdout], [0, fast!.stdout]);
  });
});
