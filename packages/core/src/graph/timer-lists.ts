import { propertyOf } from "./edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { nodeText } from "./v8-names.js";
import { NodeType } from "./v8-types.js";

/** The class of Node's lists of timers, each of which has those of one duration in a ring. */
const LIST = "TimersList";

/** True for one of Node's lists of timers. */
export function isTimersList(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.object && nodeText(graph, node) === LIST;
}

/** All of Node's lists of timers. */
export function timersLists({ nodeType, nodeName, nodeCount, strings }: HeapGraph): NodeIndex[] {
  const name = strings.indexOf(LIST);
  const lists: NodeIndex[] = [];
  if (name < 0) return lists;
  for (let node = 0; node < nodeCount; node++)
    if (nodeName[node] === name && nodeType[node] === NodeType.object) lists.push(node);
  return lists;
}

/** The timers in one of Node's lists, and no more than some: a file may have others than Node makes. */
export function timersIn(graph: HeapGraph, list: NodeIndex, most: number = graph.nodeCount): NodeIndex[] {
  const timers: NodeIndex[] = [];
  let at = list;
  do {
    const next = propertyOf(graph, at, "_idleNext");
    at = next === NO_NODE ? list : next;
    if (at !== list) timers.push(at);
  } while (at !== list && timers.length < most);
  return timers;
}

/** True if one timer refers to another because it is beside it in one of Node's lists, which is no doing of a program's. */
export function isBesideInList(graph: HeapGraph, from: NodeIndex, timer: NodeIndex): boolean {
  return ["_idleNext", "_idlePrev"].some((name) => propertyOf(graph, from, name) === timer);
}
