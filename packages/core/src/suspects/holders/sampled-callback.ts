import { findEdge, internalField, NO_EDGE } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition, type SourcePosition } from "../../graph/source-locations.js";
import { originalScope } from "../../graph/original-scopes.js";
import { scopeOf } from "../../graph/scopes.js";
import { isContext } from "../../graph/v8-names.js";
import { callbackOf } from "../naming/browser-nodes.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isRuntimes, libraryOf } from "../naming/library.js";
import { functionName, label } from "../naming/original-words.js";
import { shortFile } from "../naming/short-file.js";
import type { HolderFacts } from "./holder-kind.js";
import { programsFunction } from "../growth/programs-function.js";

/** The function of the program that the first of the sampled listeners, timers or observers calls, or NO_NODE. */
export function sampledCallback(facts: HolderFacts): NodeIndex {
  const called = calling(facts);
  return called === undefined ? NO_NODE : callbackOf(facts.heap.graph, called);
}

/** The first of the sampled listeners, timers or observers that calls something. */
function calling({ heap, samples }: HolderFacts): NodeIndex | undefined {
  return samples.find((sample) => callbackOf(heap.graph, sample) !== NO_NODE);
}

/** Where what a library calls may lead to the program's function: from that itself, and from what `bind` put around it. */
export function startsOf(facts: HolderFacts, callback: NodeIndex): NodeIndex[] {
  const called = calling(facts);
  const isBound = called !== undefined && facts.heap.graph.nodeType[called] === NodeType.closure;
  return isBound && callbackOf(facts.heap.graph, called) === callback ? [callback, called] : [callback];
}

/** Where that function was written. */
export function callbackPosition(facts: HolderFacts): SourcePosition | null {
  const callback = sampledCallback(facts);
  return callback === NO_NODE ? null : closurePosition(facts.heap.graph, callback);
}

/** The function that a nameless one was made in: " of `openDialog`"; empty if that has no name either. */
function ofScope({ heap }: HolderFacts, callback: NodeIndex): string {
  const context = callback === NO_NODE ? NO_NODE : internalField(heap.graph, callback, "context");
  if (context === NO_NODE || !isContext(heap.graph, context)) return "";
  const generated = scopeOf(heap, context);
  if (generated === null || generated.kind !== "function") return "";
  const { functionName: name } = originalScope(heap, generated);
  return name === "" ? "" : ` of \`${name}\``;
}

/**
 * Whom a function of a library's works for, " of CronJob": that is what the program made, and its library's function is
 * not what it calls it. Empty if its scope has no `this`, or that is of no class.
 */
function forObject({ heap }: HolderFacts, callback: NodeIndex): string {
  const { graph } = heap;
  const file = closurePosition(graph, callback)?.file ?? "";
  if (libraryOf(file) === "" || libraryOf(file) === "node:") return "";
  const context = internalField(graph, callback, "context");
  const self = context === NO_NODE ? NO_EDGE : findEdge(graph, context, EdgeType.context, "this");
  const name = self === NO_EDGE ? "Object" : label(graph, graph.edgeTarget[self]!);
  return name === "Object" ? "" : ` of ${name}`;
}

/**
 * "`tick` (clock.js:12)", "a function (clock.js:12)"; of a library's with what it is there for, if that is known:
 * "`fire` of CronJob (cron/job.js:173) for `sendMails` (mails.js:7)".
 * @param from what the library has for that, if it is more than the function and what it is bound to
 */
export function callbackInWords(
  facts: HolderFacts,
  callback: NodeIndex = sampledCallback(facts),
  from: readonly NodeIndex[] = startsOf(facts, callback),
): string {
  const file = callback === NO_NODE ? "" : (closurePosition(facts.heap.graph, callback)?.file ?? "");
  return `${functionInWords(facts, callback)}${forFunction(facts, file, from)}`;
}

/** " for `sendMails` (mails.js:7)": what of the program's is called in the end. Empty if it is none of a library's file. */
export function forFunction(facts: HolderFacts, file: string, from: readonly NodeIndex[]): string {
  if (libraryOf(file) === "" || isRuntimes(file)) return "";
  const called = programsFunction(facts, from);
  return called === NO_NODE ? "" : ` for ${functionInWords(facts, called)}`;
}

/** "`tick` (clock.js:12)", "a function of `openDialog` (dialog.js:7)". */
export function functionInWords(facts: HolderFacts, callback: NodeIndex): string {
  const { graph } = facts.heap;
  const name = callback === NO_NODE ? "" : functionName(graph, callback);
  const position = callback === NO_NODE ? null : closurePosition(graph, callback);
  const where = position === null ? "" : ` (${shortFile(position.file)}:${position.line})`;
  return `${name === "" ? `a function${ofScope(facts, callback)}` : `\`${name}\`${forObject(facts, callback)}`}${where}`;
}
