// Heaps too long for the snapshot builder, as columns.
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { EdgeType, NodeType } from "#core/graph/v8-types.js";

/** root -shortcut-> global -> 2 -> 3 ... each object refers to the next; every one has 16 bytes. */
export function linkedList(nodeCount: number): HeapGraph {
  const edgeCount = nodeCount - 1;
  const texts = ["", "Link", "next"];
  return {
    file: "list.heapsnapshot",
    nodeCount,
    edgeCount,
    extraNativeBytes: 0,
    aside: null,
    nodeType: new Uint8Array(nodeCount).fill(NodeType.object).fill(NodeType.synthetic, 0, 1),
    nodeName: new Uint32Array(nodeCount).fill(1).fill(0, 0, 1),
    nodeId: Uint32Array.from({ length: nodeCount }, (_, node) => 2 * node + 1),
    selfSize: new Float64Array(nodeCount).fill(16).fill(0, 0, 1),
    firstEdge: Uint32Array.from({ length: nodeCount + 1 }, (_, node) => Math.min(node, edgeCount)),
    detached: new Uint8Array(nodeCount),
    edgeType: new Uint8Array(edgeCount).fill(EdgeType.property).fill(EdgeType.shortcut, 0, 1),
    edgeName: new Uint32Array(edgeCount).fill(2),
    edgeTarget: Uint32Array.from({ length: edgeCount }, (_, edge) => edge + 1),
    locations: {
      node: new Uint32Array(),
      scriptId: new Int32Array(),
      line: new Int32Array(),
      column: new Int32Array(),
    },
    strings: {
      length: texts.length,
      text: (index) => texts[index]!,
      isNumber: (index) => /^[0-9]+$/.test(texts[index]!),
      indexOf: (text) => texts.indexOf(text),
      withPart: () => [],
      hash: (index) => index,
    },
  };
}
