import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { EdgeIndex, NodeIndex } from "../../graph/heap-graph.js";
import { someRetainer } from "../../graph/incoming.js";
import { areBytes, isFromMemory, isToBytes } from "../../graph/v8-memories.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** Bytes that get more and more: the memory of a WebAssembly module, or an ArrayBuffer that is resized. */
export const growingBuffer: HolderKind = {
  id: "growing-buffer",
  advice:
    "It only gets larger: give back what was allocated in it when it is done with, of WebAssembly by what the module has for that (free, delete, dispose), or make a new one from time to time.",
  recognise: ({ heap, finding }) => areBytes(heap.graph, finding.container),
  title: (facts) =>
    usualTitle(facts, isMemory(facts.heap, facts.finding.container) ? "WebAssembly memory" : "growing ArrayBuffer"),
};

function isMemory(heap: HeapAnalysis, bytes: NodeIndex): boolean {
  const { graph, retainers } = heap;
  const isFrom = (from: NodeIndex, edge: EdgeIndex): boolean => isFromMemory(graph, from, edge);
  return someRetainer(
    graph,
    retainers,
    bytes,
    (buffer, toBytes) => isToBytes(graph, toBytes) && someRetainer(graph, retainers, buffer, isFrom),
  );
}
