import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { propertyOf } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import {
  classPosition,
  closurePosition,
  privateFieldInSource,
  type SourcePosition,
} from "../../graph/source-locations.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { tableIdIn } from "../../graph/weak-map-entries.js";
import { functionName, label } from "./original-words.js";
import { weakMapName } from "./weak-map-name.js";

/** Classes that one extends another of, and are asked for a field. */
const MAX_CLASSES = 6;

/**
 * What the source calls a private field that a compiler has made a WeakMap of, in which each instance has its value:
 * `#rooms`. Empty unless the WeakMap's variable is named after the field and its class, or after one that the source of
 * that class has: a program may have WeakMaps of its own.
 */
export function compiledField(heap: HeapAnalysis, instance: NodeIndex, variable: string): string {
  const name = /^_+(.+)$/.exec(variable)?.[1];
  if (name === undefined) return "";
  for (const class_ of classesOf(heap.graph, instance)) {
    const lead = `${functionName(heap.graph, class_)}_`;
    if (lead.length > 1 && name.startsWith(lead) && name !== lead) return `#${name.slice(lead.length)}`;
    // What there are two of in a bundle has got a number.
    for (const each of [name, name.replace(/\d+$/, "")]) {
      const inSource = privateFieldInSource(heap.graph, class_, `#${each}`);
      if (inSource !== null) return inSource;
    }
  }
  return "";
}

/** The same of the field that an edge from an instance to a value is; empty if it is none. */
export function compiledFieldAt(heap: HeapAnalysis, from: NodeIndex, edge: EdgeIndex): string {
  const { graph } = heap;
  const isInternal = graph.edgeType[edge] === EdgeType.internal && graph.nodeType[from] !== NodeType.array;
  const table = isInternal ? tableIdIn(graph.strings.text(graph.edgeName[edge]!)) : 0;
  return table === 0 ? "" : compiledField(heap, from, weakMapName(heap, table));
}

/** What the class of an instance is called, and where it is. V8 notes neither of one that has no name in the file that ran. */
export function writtenClass(graph: HeapGraph, instance: NodeIndex): { name: string; position: SourcePosition | null } {
  const name = label(graph, instance);
  const position = classPosition(graph, instance);
  const [class_] = position === null ? classesOf(graph, instance) : [];
  const written = class_ === undefined ? null : closurePosition(graph, class_);
  return written === null ? { name, position } : { name: written.name || name, position: written };
}

/** The class of an object and those that it extends; of a class, which has static fields, itself first. */
function* classesOf(graph: HeapGraph, instance: NodeIndex): Generator<NodeIndex> {
  const isClass = graph.nodeType[instance] === NodeType.closure;
  let at = isClass ? instance : propertyOf(graph, instance, "__proto__");
  for (let left = MAX_CLASSES; left > 0 && at !== NO_NODE; left--, at = propertyOf(graph, at, "__proto__")) {
    const class_ = isClass ? at : propertyOf(graph, at, "constructor");
    if (class_ !== NO_NODE && graph.nodeType[class_] === NodeType.closure) yield class_;
  }
}
