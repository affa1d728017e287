import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareHeaps } from "#core/compare-heaps.js";
import { analysed } from "../../support/analysed.js";
import { SmallProgram } from "../../support/small-program.js";

/** The most bytes that columns made by `work` have at any time, those left out that were discarded by then. */
async function mostBytes(work: () => Promise<unknown>): Promise<number> {
  const { ArrayBuffer: Original } = globalThis;
  const made: ArrayBuffer[] = [];
  let most = 0;
  globalThis.ArrayBuffer = new Proxy(Original, {
    construct(target, words, self) {
      const buffer = Reflect.construct(target, words, self) as ArrayBuffer;
      made.push(buffer);
      most = Math.max(
        most,
        made.reduce((sum, { byteLength }) => sum + byteLength, 0),
      );
      return buffer;
    },
  });
  try {
    await work();
  } finally {
    globalThis.ArrayBuffer = Original;
  }
  return most;
}

/**
 * What comparing heaps takes beside the heaps, with so many objects in an array and a tenth more each time.
 * @returns how many nodes all heaps have, and bytes
 */
async function bytesFor(objects: number, snapshots: number): Promise<[number, number]> {
  const program = new SmallProgram();
  const list = program.variable("list", program.array());
  const add = (count: number): void => {
    for (let i = 0; i < count; i++) program.push(list, program.object("Page", {}, 100));
  };
  add(objects);
  const heaps = [analysed(program.heap)];
  for (let snapshot = 1; snapshot < snapshots; snapshot++) {
    add(objects / 10);
    heaps.push(analysed(program.heap));
  }
  const nodes = heaps.reduce((sum, { graph }) => sum + graph.nodeCount, 0);
  return [nodes, await mostBytes(() => compareHeaps(heaps))];
}

// ARCHITECTURE.md has the same figure: what it grows to is a decision, not an accident.
suite("comparing heaps that are in memory", () => {
  for (const snapshots of [2, 3])
    test(`takes so many bytes a node of all ${snapshots} together`, async () => {
      const [fewNodes, fewBytes] = await bytesFor(2000, snapshots);
      const [manyNodes, manyBytes] = await bytesFor(6000, snapshots);
      const each = (manyBytes - fewBytes) / (manyNodes - fewNodes);
      assert.ok(each > 15 && each <= 28, `${each}`);
    });
});
