import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import type { HolderGrowth } from "../diff/holder-growth.js";
import type { Cut } from "../diff/units.js";
import { internalField, sourceOf } from "../graph/edges-of.js";
import type { NodeIndex } from "../graph/heap-graph.js";
import { eachRetainer } from "../graph/incoming.js";
import { isContext } from "../graph/v8-names.js";
import { NodeType } from "../graph/v8-types.js";
import { accessPath } from "./access-path.js";
import { type AccessPath, inWords } from "./access-words.js";
import type { Finding } from "./finding.js";
import { libraryOf } from "./library.js";

const MAX_CLOSURES = 16;

/** A finding with whom its scope is for, if that is of another file: who called what made it knows what he was given. */
export function withOwner(growth: HolderGrowth, finding: Finding): Finding {
  const { holder, path } = finding;
  if (path.scope === null || path.scope.kind === "module" || libraryOf(path.file) === "node:") return finding;
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const [first] = path.edges;
  const scope = first === undefined ? holder : sourceOf(heap.graph, first);
  const owner = scopeOwner(heap, growth.cuts[last]!, scope);
  return owner === null || owner.file === path.file ? finding : { ...finding, path: { ...path, owner } };
}

/**
 * What a program calls the functions that share a scope, or the object that they are methods of: `cart` for the listeners
 * in a scope of the library that made it by `const cart = createStore()`. That is what its author knows, and not the
 * library's variable. The shortest name counts.
 * @param scope any node
 * @returns null if it is no scope, or only libraries name its functions
 */
function scopeOwner(heap: HeapAnalysis, cut: Cut, scope: NodeIndex): AccessPath | null {
  const { graph } = heap;
  if (!isContext(graph, scope)) return null;
  let best: AccessPath | null = null;
  let left = MAX_CLOSURES;
  eachRetainer(graph, heap.retainers, scope, (closure) => {
    if (graph.nodeType[closure] !== NodeType.closure || internalField(graph, closure, "context") !== scope) return true;
    const path = accessPath(heap, cut, closure);
    if (isOfProgram(path)) {
      const owner = path.words.length > 1 ? inWords(path, path.words.slice(0, -1)) : path;
      if (best === null || comesBefore(owner, best)) best = owner;
    }
    return --left > 0;
  });
  return best;
}

function isOfProgram({ anchor, scope, file, expression }: AccessPath): boolean {
  if (anchor !== "variable" || scope?.kind !== "module" || expression.includes("…")) return false;
  return file !== "" && libraryOf(file) === "";
}

function comesBefore(one: AccessPath, other: AccessPath): boolean {
  const order = one.words.length - other.words.length;
  return order < 0 || (order === 0 && one.expression < other.expression);
}
