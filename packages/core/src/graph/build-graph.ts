import type { RawSnapshot } from "../parse/raw-snapshot.js";
import { spreadDetachedness } from "./detachedness.js";
import type { HeapGraph } from "./heap-graph.js";
import { translate } from "./node-types.js";
import { retypeOwnNatives } from "./v8-own-natives.js";
import { edgeTypesFrom, nodeTypesFrom } from "./v8-types.js";

/**
 * Gives the columns of a parsed snapshot one meaning, whoever wrote it.
 * Takes the columns over: types and detachedness are rewritten in place.
 */
export function buildGraph(raw: RawSnapshot): HeapGraph {
  translate(raw.nodeType, nodeTypesFrom(raw.nodeTypeNames));
  retypeOwnNatives(raw.nodeType, raw.nodeName, raw.strings);
  translate(raw.edgeType, edgeTypesFrom(raw.edgeTypeNames));
  const graph: HeapGraph = {
    file: raw.file,
    nodeCount: raw.nodeCount,
    edgeCount: raw.edgeCount,
    extraNativeBytes: raw.extraNativeBytes,
    nodeType: raw.nodeType,
    nodeName: raw.nodeName,
    nodeId: raw.nodeId,
    selfSize: raw.selfSize,
    firstEdge: raw.firstEdge,
    detached: raw.detachedness,
    edgeType: raw.edgeType,
    edgeName: raw.edgeName,
    edgeTarget: raw.edgeTarget,
    aside: null,
    locations: raw.locations,
    strings: raw.strings,
  };
  if (graph.detached !== null) spreadDetachedness(graph, graph.detached);
  return graph;
}
