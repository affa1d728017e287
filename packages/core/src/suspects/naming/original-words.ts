import { edgeNameText, findEdge, NO_EDGE } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, locationRow, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { someRetainer } from "../../graph/incoming.js";
import { blockVariable } from "../../graph/scope-variables.js";
import { originalVariable } from "../../graph/original-scopes.js";
import { type Heap, scopeOf } from "../../graph/scopes.js";
import { isDictionary } from "../../graph/v8-dictionaries.js";
import { classPosition, closurePosition, privateField } from "../../graph/source-locations.js";
import { isContext, nodeLabel, nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isExports } from "./property-names.js";

/** What a function is called in the source; as V8 calls it where that is not known. */
export function functionName(graph: HeapGraph, closure: NodeIndex): string {
  const name = nodeText(graph, closure);
  if (graph.originals === undefined || name === "") return name;
  return closurePosition(graph, closure)?.name ?? name;
}

/** What the class of an object is called in the source; as V8 calls it where that is not known. */
export function className(graph: HeapGraph, object: NodeIndex): string {
  const name = nodeText(graph, object);
  if (graph.originals === undefined || locationRow(graph, object) < 0) return name;
  return classPosition(graph, object)?.name ?? name;
}

/** What to call a node in print, with the names that functions and classes have in the source. */
export function label(graph: HeapGraph, node: NodeIndex): string {
  if (graph.originals === undefined) return nodeLabel(graph, node);
  const type = graph.nodeType[node];
  if (type === NodeType.closure && nodeText(graph, node) !== "") return `function ${functionName(graph, node)}`;
  return type === NodeType.object ? className(graph, node) : nodeLabel(graph, node);
}

/** Name of the variable that an edge of a Context stands for, in the file that ran; null if it stands for none. */
export function variableName({ graph }: Heap, context: NodeIndex, edge: EdgeIndex): string | null {
  const type = graph.edgeType[edge]!;
  if (type === EdgeType.context) return graph.strings.text(graph.edgeName[edge]!);
  return type === EdgeType.hidden ? blockVariable(graph, context, graph.edgeName[edge]!) : null;
}

/** The same variable's name in the source. */
export function variableInSource(heap: Heap, context: NodeIndex, edge: EdgeIndex): string | null {
  const name = variableName(heap, context, edge);
  if (name === null || heap.graph.originals === undefined || !isContext(heap.graph, context)) return name;
  const scope = scopeOf(heap, context);
  return (scope === null ? null : originalVariable(heap, scope, name)?.original.name) ?? name;
}

/** Stands for the key of a dictionary. */
const HIDDEN = "…";

/**
 * Name of a property as the source has it: bundlers give private ones another. `…` for the key of a dictionary, save that
 * of a function: prototypes are dictionaries, too.
 */
export function propertyInSource(graph: HeapGraph, object: NodeIndex, edge: EdgeIndex): string {
  const name = edgeNameText(graph, edge);
  if (name.startsWith("#") && graph.originals !== undefined) return privateField(graph, object, name);
  const isFunction = graph.nodeType[graph.edgeTarget[edge]!] === NodeType.closure;
  return !isFunction && isDictionary(graph, object) ? HIDDEN : name;
}

/** Retainers of an object that are looked at for the module that exports it. */
const MAX_RETAINERS = 200;

/**
 * The same of any object that a path leads over: what a module exports has names that its author gave, in a table or not,
 * if functions are among it. A module may export a dictionary as well.
 */
export function propertyOnPath(heap: Heap, object: NodeIndex, edge: EdgeIndex): string {
  const name = propertyInSource(heap.graph, object, edge);
  const isNamed = name === HIDDEN && isExported(heap, object) && hasFunctions(heap.graph, object);
  return isNamed ? edgeNameText(heap.graph, edge) : name;
}

function hasFunctions(graph: HeapGraph, object: NodeIndex): boolean {
  for (let edge = firstEdgeOf(graph, object); edge < graph.firstEdge[object + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.property && graph.nodeType[graph.edgeTarget[edge]!] === NodeType.closure)
      return true;
  return false;
}

function isExported({ graph, retainers }: Heap, object: NodeIndex): boolean {
  const isIt = (from: NodeIndex, edge: EdgeIndex): boolean =>
    nodeText(graph, from) === "Module" &&
    graph.edgeType[edge] === EdgeType.property &&
    isExports(edgeNameText(graph, edge));
  return someRetainer(graph, retainers, object, isIt, MAX_RETAINERS);
}

/** The same for a name, which may be that of no property. */
export function nameInSource(graph: HeapGraph, object: NodeIndex, name: string): string {
  return propertiesInSource(graph, object, [name])[0]!;
}

/** Names of properties, each of what the one before refers to, as the source has them. */
export function propertiesInSource(graph: HeapGraph, object: NodeIndex, names: readonly string[]): readonly string[] {
  let at = object;
  return names.map((name) => {
    const edge = at === NO_NODE ? NO_EDGE : findEdge(graph, at, EdgeType.property, name);
    const word = edge === NO_EDGE ? name : propertyInSource(graph, at, edge);
    at = edge === NO_EDGE ? NO_NODE : graph.edgeTarget[edge]!;
    return word;
  });
}
