import { endOfEdges } from "../../graph/edges-aside.js";
import { internalField } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { isRuntimes } from "../naming/library.js";
import type { Finding } from "./finding.js";

/** What settles a promise is one of few, and has few variables. */
const MOST_EDGES = 16;

/**
 * True for a table of the runtime's own that has what settles a promise for each operation that is not done yet, as Deno
 * has: whoever waits for it is known to nothing else.
 * @param samples gives some of its entries
 */
export function arePending(
  graph: HeapGraph,
  { path, container }: Finding,
  samples: () => readonly NodeIndex[],
): boolean {
  if (!isRuntimes(path.file) || !/^(?:Array|Map)$/.test(nodeText(graph, container))) return false;
  const [entry] = samples();
  return entry !== undefined && some(graph, entry, (each) => isSettling(graph, each));
}

/** True for a function of V8's own that settles a promise. */
function isSettling(graph: HeapGraph, node: NodeIndex): boolean {
  if (graph.nodeType[node] !== NodeType.closure || nodeText(graph, node) !== "") return false;
  const scope = internalField(graph, node, "context");
  return scope !== NO_NODE && some(graph, scope, (each) => nodeText(graph, each) === "Promise");
}

function some(graph: HeapGraph, from: NodeIndex, isIt: (node: NodeIndex) => boolean): boolean {
  const end = endOfEdges(graph, from, MOST_EDGES);
  for (let edge = graph.firstEdge[from]!; edge < end; edge++) if (isIt(graph.edgeTarget[edge]!)) return true;
  return false;
}
