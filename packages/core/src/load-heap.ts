import { type HeapAnalysis, analyseHeap, withRetainers } from "./analysis/heap-analysis.js";
import { buildGraph } from "./graph/build-graph.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import type { Retainers } from "./graph/retainers.js";
import { readSnapshot } from "./parse/read-snapshot.js";
import { EncodedStrings, type StringTableData } from "./parse/string-table.js";
import type { RunOptions } from "./progress.js";

/** Reads and analyses one snapshot in this thread. @throws SnapshotError for a file that cannot be read as one */
export async function loadHeap(file: string, options: RunOptions = {}): Promise<HeapAnalysis> {
  const graph = buildGraph(await readSnapshot(file, options));
  options.signal?.throwIfAborted();
  options.onProgress?.({ file, stage: "dominators", done: 0, total: 0 });
  return analyseHeap(graph);
}

/** An analysed heap as plain data, which another thread can take over without a copy. */
export interface PortableHeap extends Omit<HeapAnalysis, "graph" | "retainers"> {
  readonly graph: Omit<HeapGraph, "strings"> & { readonly strings: StringTableData };
  /** null: to be found when asked for. */
  readonly retainers: Retainers | null;
}

/** Packs a heap that was read from a file, with its retainers or without. */
export function packed(heap: HeapAnalysis, withThem: { readonly retainers: boolean }): PortableHeap {
  const { graph, retaining, owner, ownedSize, dominator, retainedSize, dominatorOrder } = heap;
  if (!(graph.strings instanceof EncodedStrings)) throw new TypeError("only strings of a file can be handed over");
  return {
    graph: { ...graph, strings: graph.strings.data },
    retaining,
    owner,
    ownedSize,
    dominator,
    retainedSize,
    dominatorOrder,
    retainers: withThem.retainers ? heap.retainers : null,
  };
}

/** The heap that was packed. */
export function unpacked({ graph, retainers, ...columns }: PortableHeap): HeapAnalysis {
  return withRetainers({ ...columns, graph: { ...graph, strings: new EncodedStrings(graph.strings) } }, retainers);
}

/** The buffers of all columns: what a message with the heap has to hand over. */
export function buffersOf(heap: PortableHeap): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const work: unknown[] = [heap];
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
    else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) work.push(part);
  }
  return [...buffers];
}
