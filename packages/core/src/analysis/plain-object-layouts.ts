import { uint32Column } from "../parse/columns.js";
import type { HeapGraph, NodeIndex } from "../graph/heap-graph.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";
import { SequenceTable } from "./sequence-table.js";

/**
 * The property names of all plain objects. A heap has millions of objects and few orders of names, so that each is
 * noted once. Plain data; all that grouping plain objects needs of a heap's edges.
 */
export interface Layouts {
  /** Plain objects, in the order of their rows -> layout. Layouts are numbered in the order they first come. */
  readonly of: Uint32Array;
  readonly firstProperty: Uint32Array; // layout -> row of its first property; one more than there are layouts
  readonly property: Uint32Array; // row -> StringIndex of a property's name, `__proto__` among them
}

/** Finds out whether a node is a plain `Object`: made by a literal, `JSON.parse` or without a prototype. */
export function plainObjects(graph: HeapGraph): (node: NodeIndex) => boolean {
  const { nodeType, nodeName } = graph;
  const object = graph.strings.indexOf("Object");
  return (node) => nodeType[node] === NodeType.object && nodeName[node] === object;
}

/** Notes the property names of all plain objects of a heap. */
export function plainObjectLayouts(graph: HeapGraph): Layouts {
  const { nodeCount, nodeType, nodeName, firstEdge, edgeType, edgeName } = graph;
  const object = graph.strings.indexOf("Object");
  let count = 0;
  for (let node = 0; node < nodeCount; node++)
    if (nodeType[node] === NodeType.object && nodeName[node] === object) count++;
  const of = uint32Column(count);
  const sequences = new SequenceTable();
  const properties: number[] = [];
  for (let node = 0, rank = 0; rank < count; node++) {
    if (nodeType[node] !== NodeType.object || nodeName[node] !== object) continue;
    properties.length = 0;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++)
      if (edgeType[edge] === EdgeType.property) properties.push(edgeName[edge]!);
    of[rank++] = sequences.intern(properties);
  }
  return { of, ...sequences.columns() };
}
