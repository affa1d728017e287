import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { closurePosition } from "../../graph/source-locations.js";
import { NodeType } from "../../graph/v8-types.js";
import { isClass } from "../../sources/functions-in-snapshot.js";
import type { AccessPath } from "../naming/access-words.js";
import { libraryOf } from "../naming/library.js";
import type { HolderKind } from "./holder-kind.js";
import { titleWithBehalf } from "./on-whose-behalf.js";

/** Steps from a variable to its function: cells of V8's may stand between. */
const MAX_STEPS = 3;

/** A static of a class, or a property that somebody put on a function. */
export const classStatic: HolderKind = {
  id: "class-static",
  advice:
    "It hangs on a class or function, which lives as long as the process: bound it, or delete entries when they are done with.",
  // What is made of the one before it each time keeps that wherever it hangs, and has no entries to delete.
  recognise: ({ heap, finding: { path, isReplaced } }) => path.isStatic && !isReplaced && !isCallableObject(heap, path),
  title: titleWithBehalf,
};

/**
 * True for a function that a library made and the program has in a variable: an object that can be called, as the
 * application of a web framework, an event or an observable is, and no place for statics.
 */
function isCallableObject({ graph }: HeapAnalysis, { anchor, edges, file }: AccessPath): boolean {
  if (anchor !== "variable" || libraryOf(file) !== "") return false;
  for (const edge of edges.slice(0, MAX_STEPS)) {
    const node = graph.edgeTarget[edge]!;
    if (graph.nodeType[node] !== NodeType.closure) continue;
    return !isClass(graph, node) && libraryOf(closurePosition(graph, node)?.file ?? "") !== "";
  }
  return false;
}
