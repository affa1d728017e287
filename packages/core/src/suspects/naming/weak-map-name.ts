import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HeapGraph } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { isContext } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import { propertyOnPath, variableInSource } from "./original-words.js";
import { propertyWord } from "./property-names.js";

/** What `weakMapName` says of a WeakMap that no variable and no property has, such as one in a Map. */
export const NAMELESS: string = "WeakMap";

// By the ids of their tables: a million objects may be keys of one WeakMap, and all nodes are looked at for its name.
const names = new WeakMap<HeapGraph, Map<number, string>>();

/** What the program calls the WeakMap whose table has this id: by a variable, else by a property; `WeakMap` if by neither. */
export function weakMapName(heap: HeapAnalysis, tableId: number): string {
  const known = names.get(heap.graph) ?? new Map<number, string>();
  const name = known.get(tableId) ?? findName(heap, tableId);
  names.set(heap.graph, known.set(tableId, name));
  return name;
}

function findName(heap: HeapAnalysis, tableId: number): string {
  const table = heap.graph.nodeId.indexOf(tableId);
  if (tableId < 0 || table < 0) return NAMELESS;
  const variables: string[] = [];
  const properties: string[] = [];
  eachRetainer(heap.graph, heap.retainers, heap.owner[table]!, (from, edge) => {
    const variable = isContext(heap.graph, from) ? variableInSource(heap, from, edge) : null;
    if (variable !== null) variables.push(variable);
    else if (heap.graph.edgeType[edge] === EdgeType.property)
      properties.push(propertyWord(propertyOnPath(heap, from, edge)));
  });
  // Which of several the heap has first is chance.
  const [name] = [...variables.sort(), ...properties.filter((word) => !word.startsWith("[")).sort()];
  return name ?? NAMELESS;
}
