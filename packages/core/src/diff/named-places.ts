import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { internalField } from "../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex, type StringIndex } from "../graph/heap-graph.js";
import { scopeOf } from "../graph/scopes.js";
import { scriptName, scriptOfShared } from "../graph/source-locations.js";
import { isContext, nodeText } from "../graph/v8-names.js";
import { userRoots } from "../graph/v8-roots.js";
import { NodeType } from "../graph/v8-types.js";

/** Something of a heap that is found again in another process by its file and name. */
export interface Place {
  readonly node: NodeIndex;
  /** As V8 has it; empty for what has none. */
  readonly file: string;
  readonly name: string;
}

type NodePair = readonly [earlier: NodeIndex, later: NodeIndex];

/** The object that has the program's globals, or NO_NODE: of several realms the one with most. */
export function globalObject(graph: HeapGraph): NodeIndex {
  let found: NodeIndex = NO_NODE;
  const edges = (node: NodeIndex): number => graph.firstEdge[node + 1]! - graph.firstEdge[node]!;
  for (const root of userRoots(graph)) {
    // Node 26 has the realm where earlier versions have its global object.
    const inside = internalField(graph, root, "global_object");
    const global = inside === NO_NODE ? root : inside;
    if (found === NO_NODE || edges(global) > edges(found)) found = global;
  }
  return found;
}

/** The scopes that nothing but the realm encloses: those of modules. */
export function modulePlaces(heap: HeapAnalysis): Place[] {
  const { graph } = heap;
  const places: Place[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    if (!isContext(graph, node)) continue;
    const around = internalField(graph, node, "previous");
    if (around !== NO_NODE && isContext(graph, around)) continue;
    const scope = scopeOf(heap, node);
    if (scope === null) continue;
    places.push({ node, file: scope.file, name: scope.kind === "module" ? "" : scope.functionName });
  }
  return places;
}

const NONE = 0;
const SEVERAL = NO_NODE;

/** Functions with a file and a name of which there is one closure: those that the program makes once. */
export function soleFunctions(graph: HeapGraph): Place[] {
  const { nodeCount, nodeType } = graph;
  const closureOf = new Uint32Array(nodeCount); // what closures share -> the closure, NONE or SEVERAL
  for (let node = 1; node < nodeCount; node++) {
    if (nodeType[node] !== NodeType.closure) continue;
    const shared = internalField(graph, node, "shared");
    if (shared !== NO_NODE) closureOf[shared] = closureOf[shared] === NONE ? node : SEVERAL;
  }
  const places: Place[] = [];
  for (let shared = 0; shared < nodeCount; shared++) {
    const node = closureOf[shared]!;
    if (node === NONE || node === SEVERAL) continue;
    const name = nodeText(graph, node);
    const script = name === "" ? NO_NODE : scriptOfShared(graph, shared);
    const file = script === NO_NODE ? "" : scriptName(graph, script);
    if (file !== "") places.push({ node, file, name });
  }
  return places;
}

/** Objects of which a heap has one of the kind, by the name of their class. */
export function onlyOfTheirClass(graph: HeapGraph): Place[] {
  const { nodeCount, nodeType, nodeName } = graph;
  const nodeOf = new Map<StringIndex, NodeIndex>(); // name of a class -> its object, or SEVERAL
  for (let node = 1; node < nodeCount; node++) {
    if (nodeType[node] !== NodeType.object) continue;
    const name = nodeName[node]!;
    nodeOf.set(name, nodeOf.has(name) ? SEVERAL : node);
  }
  const places: Place[] = [];
  for (const node of nodeOf.values()) {
    if (node === SEVERAL || isContext(graph, node)) continue;
    const name = nodeText(graph, node);
    if (!OF_THE_LANGUAGE.has(name)) places.push({ node, file: "", name });
  }
  return places;
}

/** Classes that say nothing of what an object is for, even where there is only one. */
const OF_THE_LANGUAGE = new Set(
  "Object,Array,Map,Set,WeakMap,WeakSet,WeakRef,Promise,Error,Date,ArrayBuffer,Uint8Array,Buffer,Generator".split(","),
);

/** Pairs what has one name in both heaps and is the only one there with it. */
export function pairByName(earlier: readonly Place[], later: readonly Place[]): NodePair[] {
  return pairBy(earlier, later, ({ name }) => name);
}

/** Numbers of last parts of a path that must agree, in turn. */
const DEPTHS = [Infinity, 4, 3, 2, 1];

/**
 * Pairs what has one file and name in both heaps. A build may be installed elsewhere, so where the paths differ, as
 * much of their ends is asked for as there is: the more parts agree, the earlier is the pair made.
 */
export function pairByFile(earlier: readonly Place[], later: readonly Place[]): NodePair[] {
  const pairs: NodePair[] = [];
  let left: readonly Place[] = earlier;
  let right: readonly Place[] = later;
  for (const depth of DEPTHS) {
    const found = pairBy(left, right, ({ file, name }) => `${endOf(file, depth)}\n${name}`);
    for (const pair of found) pairs.push(pair); // more than fit into one call
    const done = new Set(found.flat());
    left = left.filter(({ node }) => !done.has(node));
    right = right.filter(({ node }) => !done.has(node));
  }
  return pairs;
}

/** The last parts of a path, without what a bundler adds to tell builds apart. */
function endOf(file: string, depth: number): string {
  if (depth === Infinity || file.startsWith("node:")) return file;
  const parts = file
    .replaceAll("\\", "/")
    .replace(/[?#].*$/s, "")
    .split("/");
  const last = parts.length - 1;
  parts[last] = parts[last]!.replace(/[.-][0-9a-f]{8,}(?=\.)/i, "");
  return parts.slice(-depth).join("/");
}

function pairBy(earlier: readonly Place[], later: readonly Place[], keyOf: (place: Place) => string): NodePair[] {
  const before = unique(earlier, keyOf);
  const pairs: NodePair[] = [];
  for (const [key, node] of unique(later, keyOf)) {
    const old = before.get(key);
    if (node !== SEVERAL && old !== undefined && old !== SEVERAL) pairs.push([old, node]);
  }
  return pairs;
}

function unique(places: readonly Place[], keyOf: (place: Place) => string): Map<string, NodeIndex> {
  const nodeOf = new Map<string, NodeIndex>();
  for (const place of places) {
    const key = keyOf(place);
    nodeOf.set(key, nodeOf.has(key) ? SEVERAL : place.node);
  }
  return nodeOf;
}
