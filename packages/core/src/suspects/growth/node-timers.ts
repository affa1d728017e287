import { endOfEdges, firstEdgeOf } from "../../graph/edges-aside.js";
import { internalField, propertyOf } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { generatedPosition } from "../../graph/source-locations.js";
import { isTimersList, timersIn } from "../../graph/timer-lists.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isRuntimes } from "../naming/library.js";

/** A function that a runtime makes for one timer has few variables. */
const MOST_VARIABLES = 32;

/** True for the files in which Node and Deno keep timers. */
export function isTimersFile(file: string): boolean {
  return file === "node:internal/timers" || file === "node:timers" || /^ext:deno_.*\btimers\.[mc]?[jt]s$/.test(file);
}

/** The lists that a table of Node's has, one a duration: timers whose delay is computed are hardly ever in one list. */
export function timerListsIn(graph: HeapGraph, table: NodeIndex): NodeIndex[] {
  const lists: NodeIndex[] = [];
  for (let edge = firstEdgeOf(graph, table); edge < graph.firstEdge[table + 1]!; edge++) {
    if (graph.edgeType[edge] !== EdgeType.element) continue;
    if (!isTimersList(graph, graph.edgeTarget[edge]!)) break; // some program's own, and it may have a million elements
    lists.push(graph.edgeTarget[edge]!);
  }
  return lists;
}

/** How many timers there are in all lists of a table. */
export function timersInTable(graph: HeapGraph, table: NodeIndex): number {
  if (table === NO_NODE) return 0;
  return timerListsIn(graph, table).reduce((count, list) => count + timersIn(graph, list).length, 0);
}

/**
 * The function that one of Node's timers calls, without what `bind` put around it; of a list, the first in it. NO_NODE if
 * it is neither.
 */
export function timerCallback(graph: HeapGraph, timerOrList: NodeIndex): NodeIndex {
  const timer = isTimersList(graph, timerOrList) ? timersIn(graph, timerOrList, 1)[0] : timerOrList;
  if (timer === undefined) return NO_NODE;
  for (const name of ["_onTimeout", "_onImmediate"]) {
    const closure = propertyOf(graph, timer, name);
    if (closure === NO_NODE || graph.nodeType[closure] !== NodeType.closure) continue;
    const bound = internalField(graph, closure, "bound_function");
    return bound === NO_NODE ? closure : bound;
  }
  return NO_NODE;
}

/** The timer that the program knows, where a runtime has one of its own for it, whose function calls that one's: Deno has. */
export function knownTimer(graph: HeapGraph, timer: NodeIndex): NodeIndex {
  const closure = propertyOf(graph, timer, "_onTimeout");
  const scope = closure === NO_NODE ? NO_NODE : internalField(graph, closure, "context");
  if (scope === NO_NODE) return timer;
  const end = endOfEdges(graph, scope, MOST_VARIABLES);
  for (let edge = graph.firstEdge[scope]!; edge < end; edge++) {
    const target = graph.edgeTarget[edge]!;
    const isVariable = graph.edgeType[edge] === EdgeType.context && graph.nodeType[target] === NodeType.object;
    if (isVariable && target !== timer && propertyOf(graph, target, "_timer") === timer) return target;
  }
  return timer;
}

/** True for a timer of Node's that goes off once: one of an interval has the number of milliseconds to repeat it. */
export function goesOffOnce(graph: HeapGraph, timer: NodeIndex): boolean {
  if (graph.nodeType[timer] !== NodeType.object || timerCallback(graph, timer) === NO_NODE) return false;
  return ["_onImmediate", "_repeat"].some((name) => propertyOf(graph, timer, name) !== NO_NODE);
}

/** True for a timer by which the runtime does something itself, such as ending a connection that is idle. */
export function isNodesOwn(graph: HeapGraph, timer: NodeIndex): boolean {
  return isRuntimes(generatedPosition(graph, timerCallback(graph, timer))?.file ?? "");
}
