import { type ClassTable, classOf } from "../analysis/classes.js";
import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import type { ClassGrowthTable, ClassInterval } from "./class-growth.js";

/** Counts and bytes of the classes of one heap, by name: those of one name that are written in two places are one. */
export interface ClassTotals {
  readonly count: ReadonlyMap<string, number>;
  readonly bytes: ReadonlyMap<string, number>;
}

/** Sums up a heap by the names of its classes. */
export function classTotals({ graph, ownedSize }: HeapAnalysis, table: ClassTable): ClassTotals {
  const { names } = table;
  const counts = new Uint32Array(names.length);
  const sizes = new Float64Array(names.length);
  for (let node = 0; node < graph.nodeCount; node++) {
    if (ownedSize[node] === 0) continue;
    const of = classOf(table, node);
    counts[of]!++;
    sizes[of]! += ownedSize[node]!;
  }
  const count = new Map<string, number>();
  const bytes = new Map<string, number>();
  names.forEach((name, index) => {
    count.set(name, (count.get(name) ?? 0) + counts[index]!);
    bytes.set(name, (bytes.get(name) ?? 0) + sizes[index]!);
  });
  return { count, bytes };
}

/**
 * Compares the classes of several processes by name. Which object is which cannot be told, so what was born is the
 * net gain, what died the net loss, and what survived the lesser of both.
 */
export function classGrowthByName(heaps: readonly ClassTotals[]): ClassGrowthTable {
  const names = [...new Set(heaps.flatMap(({ count }) => [...count.keys()]))];
  return { names, keys: names, intervals: heaps.slice(1).map((later, i) => between(heaps[i]!, later, names)) };
}

function between(earlier: ClassTotals, later: ClassTotals, names: readonly string[]): ClassInterval {
  const columns = (of: "count" | "bytes"): [Float64Array, Float64Array] => [
    Float64Array.from(names, (name) => earlier[of].get(name) ?? 0),
    Float64Array.from(names, (name) => later[of].get(name) ?? 0),
  ];
  const [countBefore, countAfter] = columns("count");
  const [bytesBefore, bytesAfter] = columns("bytes");
  const gained = (after: Float64Array, before: Float64Array): Float64Array =>
    after.map((value, row) => Math.max(0, value - before[row]!));
  return {
    bornCount: Uint32Array.from(gained(countAfter, countBefore)),
    bornBytes: gained(bytesAfter, bytesBefore),
    diedCount: Uint32Array.from(gained(countBefore, countAfter)),
    diedBytes: gained(bytesBefore, bytesAfter),
    survivedCount: Uint32Array.from(countAfter, (count, row) => Math.min(count, countBefore[row]!)),
    survivedBytes: bytesAfter.map((bytes, row) => Math.min(bytes, bytesBefore[row]!)),
    bytes: bytesAfter.map((bytes, row) => bytes - bytesBefore[row]!),
  };
}
