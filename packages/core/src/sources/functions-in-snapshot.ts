import type { HeapGraph, NodeIndex } from "../graph/heap-graph.js";
import { generatedPosition, mayBeCut, scriptOfClosure } from "../graph/source-locations.js";
import { textOf } from "./snapshot-text.js";

/**
 * Whether the code of a function names a variable. What is only a property's name does not count, unless it may be either.
 * @returns null if the snapshot does not have all of the code: up to V8 14.6 it has the first 1024 units of a script
 */
export function namesVariable(graph: HeapGraph, closure: NodeIndex, variable: string): boolean | null {
  const position = generatedPosition(graph, closure);
  if (position === null) return null;
  const { lines, search } = textOf(graph, scriptOfClosure(graph, closure));
  const offset = lines.offset(position.line, position.column);
  return offset < 0 ? null : search.namesVariable(offset, variable, mayBeCut(lines.text));
}

/** Whether a function is a class, as far as the snapshot has its text. */
export function isClass(graph: HeapGraph, closure: NodeIndex): boolean {
  const position = generatedPosition(graph, closure);
  if (position === null) return false;
  const { lines } = textOf(graph, scriptOfClosure(graph, closure));
  const offset = lines.offset(position.line, position.column);
  return offset >= 0 && lines.text.startsWith("class", offset);
}
