import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { isContext } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { namesVariable } from "../../sources/functions-in-snapshot.js";

/** Functions and scopes whose code is read for one variable. */
const MAX_FUNCTIONS = 32;

/** Whether a living function still has a use for a variable of its scope; `unknown` if the file does not tell. */
export type Use = "used" | "unused" | "unknown";

/**
 * Looks for a variable in the code of all living functions that were made in a scope or in one inside it. A scope has
 * only variables that some function in it names; where that one is gone, the others keep the variable for nothing.
 */
export function useOfVariable(heap: HeapAnalysis, scope: NodeIndex, variable: string): Use {
  const functions = functionsIn(heap, scope);
  if (functions === null) return "unknown";
  let use: Use = "unused";
  for (const closure of functions) {
    const isNamed = namesVariable(heap.graph, closure, variable);
    if (isNamed === true) return "used";
    if (isNamed === null || namesVariable(heap.graph, closure, "eval") === true) use = "unknown";
  }
  return use;
}

/** The living functions that see a scope; null if there are too many, or a call is still under way in it. */
function functionsIn(heap: HeapAnalysis, scope: NodeIndex): NodeIndex[] | null {
  const { graph } = heap;
  const functions: NodeIndex[] = [];
  const scopes = new Set<NodeIndex>([scope]);
  let isKnown = true;
  for (const at of scopes) {
    eachRetainer(graph, heap.retainers, at, (from, edge) => {
      if (graph.edgeType[edge] === EdgeType.internal) {
        if (graph.nodeType[from] === NodeType.closure) functions.push(from);
        else if (isContext(graph, from)) scopes.add(from);
        else isKnown = false; // a generator or an async function that has not ended
      } else isKnown = false;
      return isKnown && functions.length + scopes.size <= MAX_FUNCTIONS;
    });
    if (!isKnown || functions.length + scopes.size > MAX_FUNCTIONS) return null;
  }
  return functions.length === 0 ? null : functions;
}
