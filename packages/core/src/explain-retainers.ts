import { sourceOf } from "./graph/edges-of.js";
import { classOf, classes } from "./analysis/classes.js";
import { distances, SYSTEM_DISTANCE } from "./analysis/distances.js";
import { analyseHeap, type HeapAnalysis, withOriginals } from "./analysis/heap-analysis.js";
import { buildGraph } from "./graph/build-graph.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "./graph/heap-graph.js";
import { closurePosition } from "./graph/source-locations.js";
import { ROOT } from "./graph/v8-roots.js";
import { EdgeType } from "./graph/v8-types.js";
import { checkMemory, type MemoryOptions } from "./memory-need.js";
import { readSnapshot } from "./parse/read-snapshot.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import { openSourcesOf } from "./open-sources.js";
import type { CompareOptions } from "./compare-options.js";
import { begin, type RunOptions } from "./progress.js";
import { sourceLocation } from "./report/source-location.js";
import type { DirectRetainer, RetainersReport } from "./report/retainers-report.js";
import { PathTree, pathEdges } from "./suspects/naming/path-tree.js";
import { nodeFacts, stepWords } from "./suspects/naming/path-words.js";
import { printableClass } from "./suspects/naming/property-names.js";

/** Direct retainers that are listed; a hidden class may have a million. */
const MAX_RETAINERS = 20;

/** Says why the object with V8's `@id` is alive. @throws SnapshotError, also if there is no such object */
export async function explainRetainers(
  file: string,
  id: number,
  options: RunOptions & Pick<CompareOptions, "sourceRoot"> & Pick<MemoryOptions, "force"> = {},
): Promise<RetainersReport> {
  if (!Number.isInteger(id)) throw new RangeError(`id is the number of an object, as in 12345; there is ${String(id)}`);
  const sources = await openSourcesOf(options);
  checkMemory([file], options);
  const raw = await readSnapshot(file, options);
  const node = raw.nodeId.indexOf(id);
  if (node < 0)
    throw new SnapshotError(
      "no-such-node",
      file,
      `${file} has no object @${id}; ids are those that leakdiff and DevTools print for this file`,
    );
  await begin("graph", file, options);
  const built = buildGraph(raw);
  await begin("dominators", file, options);
  const analysed = analyseHeap(built);
  const heap = sources === null ? analysed : withOriginals(analysed, sources);
  const { graph } = heap;
  await begin("suspects", file, options);
  const edges = pathEdges(graph, new PathTree(heap), node);
  const steps = edges.map((edge) => {
    const step = stepWords(heap, sourceOf(graph, edge), edge);
    return { ...step, location: sourceLocation(step.location), holder: false };
  });
  const root = {
    words: "(root)",
    edge: null,
    node: nodeFacts(heap, ROOT),
    location: null,
    internal: true,
    holder: false,
  };
  const distance = distances(graph);
  const { retainers, omitted } = directRetainers(heap, node, distance);
  return {
    version: 1,
    file: graph.file,
    node: nodeRow(heap, node, distance),
    path: edges.length === 0 && node !== ROOT ? [] : [root, ...steps],
    retainers,
    omitted,
    warnings: (sources?.faults ?? [])
      .filter(({ script }) => steps.some(({ location }) => location?.file === script))
      .map(({ code, message }) => ({ code, message })),
  };
}

function nodeRow(heap: HeapAnalysis, node: NodeIndex, distance: Uint32Array): RetainersReport["node"] {
  const { graph } = heap;
  const table = classes(graph);
  return {
    ...nodeFacts(heap, node),
    class: printableClass(table.names[classOf(table, node)]!),
    selfSize: heap.ownedSize[node]!,
    retainedSize: heap.retainedSize[node]!,
    distance: distanceFrom(distance, node),
    location: sourceLocation(closurePosition(graph, node)),
  };
}

/** DevTools' distance, or -1 for what only V8's own roots lead to. */
function distanceFrom(distance: Uint32Array, node: NodeIndex): number {
  return distance[node]! >= SYSTEM_DISTANCE ? -1 : distance[node]!;
}

/** Who refers to a node, nearest to the roots first; weak references are no retainers. */
function directRetainers(
  heap: HeapAnalysis,
  node: NodeIndex,
  distance: Uint32Array,
): { retainers: DirectRetainer[]; omitted: number } {
  const { graph } = heap;
  const found = edgesTo(graph, node).sort((a, b) => distance[a.from]! - distance[b.from]! || a.edge - b.edge);
  const retainers = found.slice(0, MAX_RETAINERS).map(({ from, edge }): DirectRetainer => {
    const { words, edge: facts, internal } = stepWords(heap, from, edge);
    const node = nodeFacts(heap, from);
    return {
      // A step of V8's own names what it leads to, which is the same for all of these.
      words: internal ? `${facts.name} of ${node.name}` : words,
      edge: facts,
      node,
      distance: distanceFrom(distance, from),
    };
  });
  return { retainers, omitted: found.length - retainers.length };
}

function edgesTo(graph: HeapGraph, node: NodeIndex): { from: NodeIndex; edge: EdgeIndex }[] {
  const { edgeTarget, edgeType } = graph;
  const edges: { from: NodeIndex; edge: EdgeIndex }[] = [];
  for (let edge = edgeTarget.indexOf(node); edge >= 0; edge = edgeTarget.indexOf(node, edge + 1)) {
    if (edgeType[edge] === EdgeType.weak || edgeType[edge] === EdgeType.invisible) continue;
    const from = sourceOf(graph, edge);
    if (from !== NO_NODE && from !== node) edges.push({ from, edge });
  }
  return edges;
}
