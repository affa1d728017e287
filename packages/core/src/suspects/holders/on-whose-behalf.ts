import { sourceOf } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { classPosition, closurePosition } from "../../graph/source-locations.js";
import { NodeType } from "../../graph/v8-types.js";
import { callbackOf } from "../naming/browser-nodes.js";
import { isLibrarysFile } from "../naming/library.js";
import { label } from "../naming/original-words.js";
import { type HolderFacts, usualTitle } from "./holder-kind.js";
import { programsFunction } from "../growth/programs-function.js";
import { functionInWords } from "./sampled-callback.js";

/** Steps up from a list to the object of a library's that has it: it may be one of a Map of lists. */
const MAX_STEPS = 4;

/** True for what is in an object of a library's, or in what a function of its has: an observable that can be called. */
export function isInLibrarysObject({ heap: { graph, owner }, finding: { path } }: HolderFacts): boolean {
  return path.edges.slice(-MAX_STEPS).some((edge) => {
    const node = owner[sourceOf(graph, edge)]!;
    const isFunction = graph.nodeType[node] === NodeType.closure;
    const position = isFunction ? closurePosition(graph, callbackOf(graph, node)) : classPosition(graph, node);
    return isLibrarysFile(position?.file ?? "");
  });
}

/** The usual title, and of what is a library's the function of the program's that an entry is there for, if one is. */
export function titleWithBehalf(facts: HolderFacts): string {
  return `${usualTitle(facts)}${keptOnBehalf(facts)}`;
}

/** ", keeps Query for `load` (search.js:3)". */
export function keptOnBehalf(facts: HolderFacts): string {
  const kept = facts.samples.map((sample) => label(facts.heap.graph, sample)).find(isOfClass) ?? "";
  const behalf = onWhoseBehalf(facts);
  if (kept !== "" && (behalf !== "" || isLibrarysFile(facts.finding.path.file))) return `, keeps ${kept}${behalf}`;
  return behalf === "" ? "" : `,${behalf}`;
}

/** True for what somebody gave a name. */
function isOfClass(name: string): boolean {
  return /^[A-Z]\w+$/.test(name) && !/^(?:Object|Array|Map|Set|Function)$/.test(name);
}

/**
 * " for `redraw` (chart.js:7)": the nearest function of the program's in what a library, or the page, keeps, for that is
 * where somebody asked them to. Empty if it is the program itself that keeps it: there the holder's own name says more.
 */
export function onWhoseBehalf(facts: HolderFacts): string {
  const { growth, finding, samples } = facts;
  const { path } = finding;
  if (growth.heaps.length < 2) return "";
  if (path.anchor !== "page" && !isLibrarysFile(path.file) && !isInLibrarysObject(facts)) return "";
  const cut = growth.cuts.at(-1)!;
  for (const sample of samples) {
    const isOfEntry = (node: NodeIndex): boolean => cut.unitOf(node) === cut.unitOf(sample);
    const called = programsFunction(facts, [sample], isOfEntry);
    if (called !== NO_NODE) return ` for ${functionInWords(facts, called)}`;
  }
  return "";
}
