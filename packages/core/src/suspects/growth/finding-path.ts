import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { originalScope } from "../../graph/original-scopes.js";
import { type Scope, scopeOf } from "../../graph/scopes.js";
import { isContext } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import { callOfGenerator, scopeOfCall } from "../../graph/waiting-calls.js";
import { accessPath } from "../naming/access-path.js";
import { type AccessPath, inWords, join, NO_PATH } from "../naming/access-words.js";
import { isGlobalObject } from "../naming/anchors.js";
import { pathInCall, pathInScope } from "../naming/declared-paths.js";
import { componentPath } from "./component-path.js";
import { propertiesInSource } from "../naming/original-words.js";
import { propertyWord } from "../naming/property-names.js";
import { CELL_VALUE, type Slot } from "./slots.js";

/** Of what knows an object: the scope that has it in a variable is among the first. */
const MAX_RETAINERS = 200;

/** What the program calls a holder, or the slot of it that grew; of a React component's state, what the component does. */
export function findingPath(growth: HolderGrowth, holder: NodeIndex, slot: Slot | null): AccessPath {
  const heap = growth.heaps.at(-1)!;
  const path = pathTo(growth, holder, slot);
  return componentPath(heap, path, holder, slot?.words ?? []) ?? path;
}

function pathTo(growth: HolderGrowth, holder: NodeIndex, slot: Slot | null): AccessPath {
  const last = growth.heaps.length - 1;
  const heap = growth.heaps[last]!;
  const [first, ...properties] = slot?.words ?? [];
  if (first !== undefined && isContext(heap.graph, holder))
    return pathInScope(heap, scopeOf(heap, holder), [first, ...properties.map(propertyWord)]);
  const call = first === undefined ? null : callOfGenerator(heap.graph, holder);
  const scope = call === null ? null : scopeOfCall(heap, call);
  if (call !== null && scope !== null) return pathInCall(heap, call, scope, [first!, ...properties.map(propertyWord)]);
  if (first !== undefined && isGlobalObject(heap, holder))
    return inWords({ ...NO_PATH, anchor: "global" }, [first, ...properties].map(propertyWord));
  const path = accessPath(heap, growth.cuts[last]!, holder);
  if (first === undefined) return path.anchor === "none" ? nameless(heap, holder) : path;
  const named = propertiesInSource(heap.graph, holder, [first, ...properties]).filter((word) => word !== CELL_VALUE);
  const words = [...path.words, ...named.map(propertyWord)];
  return { ...path, words, expression: join(words) };
}

/** What has no name in the program: of a scope, and of what a variable of it holds, at least its function is known. */
export function nameless(heap: HeapAnalysis, holder: NodeIndex): AccessPath {
  const generated = isContext(heap.graph, holder) ? scopeOf(heap, holder) : scopeAround(heap, holder);
  const scope = generated === null ? null : originalScope(heap, generated);
  return scope === null ? NO_PATH : { ...NO_PATH, scope, position: scope.position, file: scope.file };
}

/** The scope that has an object in a variable whose name V8 does not tell, as of code that was evaluated. */
function scopeAround(heap: HeapAnalysis, object: NodeIndex): Scope | null {
  const { graph } = heap;
  let found: Scope | null = null;
  let left = MAX_RETAINERS;
  eachRetainer(graph, heap.retainers, object, (from, edge) => {
    const scope = graph.edgeType[edge] === EdgeType.hidden && isContext(graph, from) ? scopeOf(heap, from) : null;
    // Whichever the heap has first is chance.
    if (scope !== null && (found === null || placeOf(scope) < placeOf(found))) found = scope;
    return --left > 0;
  });
  return found;
}

function placeOf({ file, functionName, position }: Scope): string {
  return [file, functionName, position?.line ?? 0, position?.column ?? 0].join("\n");
}
