import type { ClassGroups } from "./analysis/class-groups.js";
import { analyseHeap, type HeapAnalysis, withDerived } from "./analysis/heap-analysis.js";
import { buildGraph } from "./graph/build-graph.js";
import { EdgesAside, EdgesGoingAside } from "./graph/edges-aside.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import { idCensus } from "./graph/id-census.js";
import { discard } from "./parse/columns.js";
import { readSnapshot } from "./parse/read-snapshot.js";
import { EncodedStrings, type StringTableData } from "./parse/string-table.js";
import type { RunOptions } from "./progress.js";

/** Reads and analyses one snapshot in this thread. @throws SnapshotError for a file that cannot be read as one */
export async function loadHeap(file: string, options: RunOptions = {}): Promise<HeapAnalysis> {
  return analyseHeap(await loadGraph(file, options));
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
 * Reads and analyses one snapshot for another thread; its retainers are found where they are asked for.
 * @param aside a file for the edges, if they are hardly needed any more; they stay where it has no room for them
 * @throws SnapshotError for a file that cannot be read as one
 */
export async function loadPortableHeap(
  file: string,
  aside: number | null,
  options: RunOptions = {},
): Promise<PortableHeap> {
  const graph = await loadGraph(file, options);
  const { aside: _none, strings, ...columns } = graph;
  if (!(strings instanceof EncodedStrings)) throw new TypeError("only strings of a file can be handed over");
  const going = new EdgesGoingAside(graph, aside);
  const heap = analyseHeap(graph, { onNamesRead: () => going.putNames() });
  const left = going.putRest();
  const { retaining, layouts, owner, ownedSize, dominator, retainedSize } = heap;
  discard(heap.dominatorOrder);
  const { edgeType, edgeName, edgeTarget } = left ?? noEdges();
  return {
    graph: { ...columns, edgeType, edgeName, edgeTarget, strings: strings.data },
    edgesIn: left === null ? aside : null,
    groups: heap.takeGroups(),
    retaining,
    layouts,
    owner,
    ownedSize,
    dominator,
    retainedSize,
  };
}

async function loadGraph(file: string, options: RunOptions): Promise<HeapGraph> {
  const graph = buildGraph(await readSnapshot(file, options));
  options.signal?.throwIfAborted();
  options.onProgress?.({ file, stage: "dominators", done: 0, total: 0 });
  return { ...graph, census: idCensus(graph) };
}

/** The heap that another thread has loaded. */
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
