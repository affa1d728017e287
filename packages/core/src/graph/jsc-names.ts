import type { HeapGraph } from "./heap-graph.js";

/** Classes of JavaScriptCore's own that are in all of its heaps. */
const OWN = ["UnlinkedFunctionExecutable", "NativeExecutable"];

/** True for what Bun writes in V8's format: its engine is JavaScriptCore, which numbers objects as it writes them. */
export function isOfJavaScriptCore({ strings }: HeapGraph): boolean {
  return OWN.every((name) => strings.indexOf(name) >= 0);
}
