import { type HeapAnalysis, analyseHeap, withDerived } from "./analysis/heap-analysis.js";
import { buildGraph } from "./graph/build-graph.js";
import type { HeapGraph } from "./graph/heap-graph.js";
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
}

/** Packs a heap that was read from a file; its retainers are found where they are asked for. */
export function packed(heap: HeapAnalysis): PortableHeap {
  const { graph, retaining, layouts, owner, ownedSize, dominator, retainedSize, dominatorOrder } = heap;
  if (!(graph.strings instanceof EncodedStrings)) throw new TypeError("only strings of a file can be handed over");
  const columns = { retaining, layouts, owner, ownedSize, dominator, retainedSize, dominatorOrder };
  return { graph: { ...graph, strings: graph.strings.data }, ...columns };
}

/** The heap that was packed. */
export function unpacked({ graph, layouts, ...columns }: PortableHeap): HeapAnalysis {
  const strings = new EncodedStrings(graph.strings);
  return withDerived({ ...columns, graph: { ...graph, strings } }, { layouts });
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
