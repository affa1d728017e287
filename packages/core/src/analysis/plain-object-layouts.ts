import { beside, blankColumn, discard, uint32Column } from "../parse/columns.js";
import type { HeapGraph, NodeIndex } from "../graph/heap-graph.js";
import { kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";
import { eachSlice } from "../parse/slices.js";
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

/** Slots in which a kernel remembers layouts: many times as many as most heaps have. A power of two. */
const SLOTS = 1 << 12;

/** Notes the property names of all plain objects of a heap. */
export function plainObjectLayouts(graph: HeapGraph): Layouts {
  const sequences = new SequenceTable();
  const of = notedByKernel(graph, sequences) ?? noted(graph, sequences);
  return { of, ...sequences.columns() };
}

function noted(graph: HeapGraph, sequences: SequenceTable): Uint32Array {
  const { nodeCount } = graph;
  const isPlain = plainObjects(graph);
  let count = 0;
  for (let node = 0; node < nodeCount; node++) if (isPlain(node)) count++;
  const of = uint32Column(count);
  const layoutOf = layoutsOf(graph, sequences);
  for (let node = 0, rank = 0; rank < count; node++) if (isPlain(node)) of[rank++] = layoutOf(node);
  return of;
}

/** By a kernel, which asks for layouts that it does not know yet, or not any more. Null where none can do it. */
function notedByKernel(graph: HeapGraph, sequences: SequenceTable): Uint32Array | null {
  const { nodeCount, nodeType, nodeName, firstEdge, edgeType, edgeName } = graph;
  const columns = [nodeType, nodeName, firstEdge, edgeType, edgeName] as const;
  const kernel = kernelFor(...columns);
  if (kernel === null) return null;
  const recent = uint32Column(2 * SLOTS, beside(firstEdge));
  const types = [NodeType.object, graph.strings.indexOf("Object"), EdgeType.property] as const;
  kernel.startLayouts(...placesOf(columns), ...types, placeOf(recent), SLOTS);
  let count = 0;
  eachSlice(nodeCount, (low, high) => (count += kernel.countPlainObjects(low, high) >>> 0));
  const of = blankColumn(count, beside(firstEdge));
  const hasRoom = kernelFor(firstEdge, recent, of) !== null;
  const layoutOf = layoutsOf(graph, sequences);
  if (hasRoom)
    eachSlice(nodeCount, (low, high) => {
      for (let node = low; node < high;) {
        node = kernel.noteLayouts(node, high, placeOf(of)) >>> 0;
        if (node < high) kernel.rememberLayout(node, layoutOf(node));
      }
    });
  discard(recent);
  return hasRoom ? of : null;
}

/** Finds the layout of a plain object. */
function layoutsOf(graph: HeapGraph, sequences: SequenceTable): (node: NodeIndex) => number {
  const { firstEdge, edgeType, edgeName } = graph;
  const properties: number[] = [];
  return (node) => {
    properties.length = 0;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++)
      if (edgeType[edge] === EdgeType.property) properties.push(edgeName[edge]!);
    return sequences.intern(properties);
  };
}
