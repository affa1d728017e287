import type { ClassGroups } from "./analysis/class-groups.js";
import { type HeapAnalysis, analyseHeap, withDerived } from "./analysis/heap-analysis.js";
import { buildGraph } from "./graph/build-graph.js";
import { EdgesAside, putAside } from "./graph/edges-aside.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import { idCensus } from "./graph/id-census.js";
import { readSnapshot } from "./parse/read-snapshot.js";
import { EncodedStrings, type StringTableData } from "./parse/string-table.js";
import type { RunOptions } from "./progress.js";

/** Reads and analyses one snapshot in this thread. @throws SnapshotError for a file that cannot be read as one */
export async function loadHeap(file: string, options: RunOptions = {}): Promise<HeapAnalysis> {
  const built = buildGraph(await readSnapshot(file, options));
  const graph = { ...built, census: idCensus(built) };
  options.signal?.throwIfAborted();
  options.onProgress?.({ file, stage: "dominators", done: 0, total: 0 });
  return analyseHeap(graph);
}

/** An analysed heap as plain data, which another thread can take over without a copy. */
export interface PortableHeap extends Omit<HeapAnalysis, "graph" | "retainers" | "dominatorOrder" | "takeGroups"> {
  readonly graph: Omit<HeapGraph, "strings" | "aside"> & { readonly strings: StringTableData };
  readonly groups: ClassGroups;
  /** The file that the edges were put aside in; null if they are in the graph. */
  readonly edgesIn: number | null;
}

const noEdges = () => ({ edgeType: new Uint8Array(0), edgeName: new Uint32Array(0), edgeTarget: new Uint32Array(0) });

/**
 * Packs a heap that was read from a file; its retainers are found where they are asked for.
 * @param aside a file for the edges, if they are hardly needed any more; they stay where it has no room for them
 */
export function packed(heap: HeapAnalysis, aside: number | null = null): PortableHeap {
  const { retaining, layouts, owner, ownedSize, dominator, retainedSize } = heap;
  const { aside: _none, strings, ...graph } = heap.graph;
  if (!(strings instanceof EncodedStrings)) throw new TypeError("only strings of a file can be handed over");
  const edgesIn = aside !== null && isPutAside(heap.graph, aside) ? aside : null;
  const columns = { retaining, layouts, groups: heap.takeGroups(), owner, ownedSize, dominator, retainedSize };
  return {
    graph: { ...graph, ...(edgesIn !== null && noEdges()), strings: strings.data },
    edgesIn,
    ...columns,
  };
}

function isPutAside(graph: HeapGraph, file: number): boolean {
  try {
    putAside(file, graph);
    return true;
  } catch {
    return false;
  }
}

/** The heap that was packed. */
export function unpacked({ graph, edgesIn, layouts, groups, ...columns }: PortableHeap): HeapAnalysis {
  const strings = new EncodedStrings(graph.strings);
  const aside = edgesIn === null ? null : new EdgesAside(edgesIn, graph.edgeCount);
  const { edgeType, edgeName, edgeTarget } = aside ?? graph;
  return withDerived(
    { ...columns, graph: { ...graph, edgeType, edgeName, edgeTarget, aside, strings } },
    { layouts, groups },
  );
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
