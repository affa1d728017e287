import { STYLE_RULE, shortBlinkName } from "../../graph/blink-names.js";
import { endOfEdges } from "../../graph/edges-aside.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { internalField, NO_EDGE } from "../../graph/edges-of.js";

/** True for the browser's side of things: elements, listeners, timers, and all that Blink keeps around them. */
export function isNative(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.native;
}

const PLUMBING = /::|^(?:V8\w+|EventListener|ScheduledAction|DOMTimer|\w+ObserverDelegate)$/;

/** True for `<div>`, `Text`, `Window` and other natives that a page knows by that name. */
export function isKnownToPages(graph: HeapGraph, node: NodeIndex): boolean {
  return isNative(graph, node) && !isPlumbing(graph, node);
}

/** True for what Blink has between a page's objects: listeners' wrappers, rare data, collections. */
export function isPlumbing(graph: HeapGraph, node: NodeIndex): boolean {
  if (!isNative(graph, node)) return false;
  const name = nodeText(graph, node);
  return PLUMBING.test(name) && !STYLE_RULE.test(name);
}

const COLLECTIONS: readonly (readonly [RegExp, string])[] = [
  [/^blink::BasicHeapVector<.*RegisteredEventListener/s, "its listeners"],
  [/DOMTimerCoordinator$/, "its timers"],
  [/^ScriptedAnimationController$/, "its animation frames"],
  [
    /ResizeObserver|MutationObserverData$|^IntersectionObserverController$|^ElementIntersectionObserverData$/,
    "its observers",
  ],
];

/** Words for a step from one native to another; null for Blink's plumbing. */
export function nativeStep(graph: HeapGraph, target: NodeIndex): string | null {
  const name = nodeText(graph, target);
  if (!isNative(graph, target) || name.startsWith("blink::Heap") || name.startsWith("Node / ")) return null;
  for (const [pattern, words] of COLLECTIONS) if (pattern.test(name) && name !== "ResizeObserver") return words;
  return isPlumbing(graph, target) ? null : nativeWord(graph, target);
}

/** What pages call a native object that there is one of: `window`, `document`; of an element its tag; else null. */
export function pageName(graph: HeapGraph, node: NodeIndex): string | null {
  if (!isNative(graph, node)) return null;
  const name = nodeText(graph, node);
  if (name === "Window" || name.startsWith("Window / ")) return "window";
  if (name === "HTMLDocument") return "document";
  return name.startsWith("<") ? `${/^<[\w-]*/.exec(name)![0]}>` : null;
}

/** Natives between a listener or timer and its function, and edges of each, that are looked at. */
const MAX_NODES = 64;
const MAX_EDGES = 256;

/** What Blink keeps all listeners of an event target in. */
const LISTENERS = "blink::EventTargetData";

/** The way from a native node, such as a listener or a timer, to the function of the program that it calls; or null. */
export function wayToCallback(graph: HeapGraph, start: NodeIndex): readonly EdgeIndex[] | null {
  if (!isNative(graph, start) || isElement(graph, start)) return null;
  // A socket or a media query leads to half of Blink as well, before its listeners.
  const edge = listenersEdge(graph, start);
  const way = edge === NO_EDGE ? null : wayFrom(graph, graph.edgeTarget[edge]!, [edge]);
  return way ?? wayFrom(graph, start, []);
}

function listenersEdge(graph: HeapGraph, start: NodeIndex): EdgeIndex {
  const end = endOfEdges(graph, start, MAX_EDGES);
  for (let edge = graph.firstEdge[start]!; edge < end; edge++)
    if (graph.edgeType[edge] === EdgeType.element && nodeText(graph, graph.edgeTarget[edge]!) === LISTENERS)
      return edge;
  return NO_EDGE;
}

/** The first function that somebody wrote, or else the first one, such as what settles a promise. */
function wayFrom(graph: HeapGraph, start: NodeIndex, to: readonly EdgeIndex[]): readonly EdgeIndex[] | null {
  const queue: { node: NodeIndex; edges: readonly EdgeIndex[] }[] = [{ node: start, edges: to }];
  const seen = new Set<NodeIndex>([start]);
  let first: readonly EdgeIndex[] | null = null;
  for (const { node, edges } of queue) {
    const end = endOfEdges(graph, node, MAX_EDGES);
    for (let edge = graph.firstEdge[node]!; edge < end; edge++) {
      const target = graph.edgeTarget[edge]!;
      const type = graph.edgeType[edge]!;
      if (type !== EdgeType.element || seen.has(target) || seen.size >= MAX_NODES) continue;
      const way = [...edges, edge];
      if (graph.nodeType[target] === NodeType.closure) {
        if (closurePosition(graph, boundTarget(graph, target)) !== null) return way;
        first ??= way;
        continue;
      }
      if (!isNative(graph, target) || isElement(graph, target) || pageName(graph, target) !== null) continue;
      seen.add(target);
      queue.push({ node: target, edges: way });
    }
  }
  return first;
}

/** The function of the program that a native node calls, without what `bind` put around it; NO_NODE if there is none. */
export function callbackOf(graph: HeapGraph, start: NodeIndex): NodeIndex {
  if (graph.nodeType[start] === NodeType.closure) return boundTarget(graph, start);
  const way = wayToCallback(graph, start);
  return way === null ? NO_NODE : boundTarget(graph, graph.edgeTarget[way[way.length - 1]!]!);
}

/** The function behind one that `bind` made. */
function boundTarget(graph: HeapGraph, closure: NodeIndex): NodeIndex {
  if (closurePosition(graph, closure) !== null) return closure;
  const bound = internalField(graph, closure, "bound_function");
  return bound === NO_NODE ? closure : bound;
}

function isElement(graph: HeapGraph, node: NodeIndex): boolean {
  return nodeText(graph, node).startsWith("<");
}

/** What to call a native node in a sentence. */
export function nativeWord(graph: HeapGraph, node: NodeIndex): string {
  return pageName(graph, node) ?? shortBlinkName(nodeText(graph, node)).replace(/ \/ .*$/s, "");
}
