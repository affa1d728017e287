// Random heaps that change at random between snapshots: what a process never does, and a file may say all the same.
import fc from "fast-check";
import { type HeapAnalysis, analyseHeap } from "#core/analysis/heap-analysis.js";
import { type HolderSums, holderSums } from "#core/diff/holder-sums.js";
import { matchNodes } from "#core/diff/match-nodes.js";
import { survivors } from "#core/diff/survivors.js";
import { arbitraryHeap, built, type Sketch } from "./arbitrary-heap.js";
import { graphOf } from "./graph-of.js";
import type { SnapshotBuilder } from "./snapshot-builder.js";

/** A heap, and what happens to it before each further snapshot. */
export interface History {
  readonly start: Sketch;
  readonly changes: readonly (readonly Change[])[];
}

type Change =
  | { readonly what: "free"; readonly row: number }
  | { readonly what: "resize"; readonly row: number; readonly size: number }
  | { readonly what: "refer"; readonly row: number; readonly to: number }
  | { readonly what: "allocate"; readonly row: number; readonly type: string; readonly size: number };

const row = fc.nat(20);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ what: fc.constant("free" as const), row }),
  fc.record({ what: fc.constant("resize" as const), row, size: fc.nat(3000) }),
  fc.record({ what: fc.constant("refer" as const), row, to: row }),
  fc.record({
    what: fc.constant("allocate" as const),
    row,
    type: fc.constantFrom("object", "object", "array", "string", "code", "hidden", "closure"),
    size: fc.nat(3000),
  }),
);

/** Histories of so many snapshots. */
export function arbitraryHistory(snapshots: number): fc.Arbitrary<History> {
  const step = fc.array(change, { maxLength: 8 });
  return fc.record({
    start: arbitraryHeap(),
    changes: fc.array(step, { minLength: snapshots - 1, maxLength: snapshots - 1 }),
  });
}

/** The heaps of a history, in order. */
export function heapsOf({ start, changes }: History): HeapAnalysis[] {
  const heap = built(start);
  const heaps = [analyseHeap(graphOf(heap))];
  for (const step of changes) {
    for (const each of step) apply(heap, each);
    heaps.push(analyseHeap(graphOf(heap)));
  }
  return heaps;
}

// The root stays; freed nodes may be freed again, or get edges that nobody sees.
function apply(heap: SnapshotBuilder, each: Change): void {
  const at = each.row % heap.nodeCount;
  if (each.what === "refer") heap.property(at, "x", each.to % heap.nodeCount);
  else if (each.what === "allocate") heap.internal(at, "y", heap.node(each.type, "New", { size: each.size }));
  else if (at > 0 && each.what === "free") heap.free(at);
  else if (at > 0 && each.what === "resize") heap.resize(at, each.size);
}

/** What holders keep by themselves, without the shared units that are credited afterwards. */
export function sumsOf(heaps: readonly HeapAnalysis[]): HolderSums {
  const matches = heaps.slice(1).map((later, i) => matchNodes(heaps[i]!.graph, later.graph));
  return holderSums(heaps, survivors(heaps, matches));
}
