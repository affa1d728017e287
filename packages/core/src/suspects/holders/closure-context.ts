import { internalField } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition } from "../../graph/source-locations.js";
import { isContext } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { variableInSource, variableName } from "../naming/original-words.js";
import { type Chain, linkWords } from "../growth/chains.js";
import { isLibrarysFile, libraryOf } from "../naming/library.js";
import { heaviestWay, mostOf } from "../naming/heaviest-way.js";
import { type Use, useOfVariable } from "../naming/unused-variables.js";
import { callbacks } from "./callbacks.js";
import { type HolderFacts, type HolderKind, usualTitle, whereabouts } from "./holder-kind.js";

/** Closures of one scope share it, so that one of them keeps what only another one uses; often that one is long gone. */
export const closureContext: HolderKind = {
  id: "closure-context",
  advice:
    "Closures of one scope share its variables: set those that are done with to null, or make the closure elsewhere.",
  recognise(facts) {
    const { heap, finding } = facts;
    if (finding.chain !== null) return finding.chain.steps.some((step) => step.name === "context");
    return isContext(heap.graph, finding.container) || keepsUnused(facts);
  },
  title(facts) {
    const { chain, container } = facts.finding;
    const kept = keptVariable(facts);
    if (chain === null) {
      if (isContext(facts.heap.graph, container)) return titleOfScope(facts);
      const what = callbacks.recognise(facts) ? `${callbacks.title(facts)}, and` : `${usualTitle(facts)}, keeps`;
      return `${what} scopes with \`${kept?.name}\`, which no living function uses`;
    }
    const unused = kept?.use === "unused" ? ", which no living function uses" : "";
    return `${usualTitle(facts, "chain of closures from")}, linked by \`${variablesOf(facts, chain)}\`${unused}`;
  },
  // Of a listener of the browser's there is no variable, but the function.
  // Nor is a library's variable where the function was put around the one before it.
  position({ heap: { graph }, finding: { path, container } }) {
    const own = graph.nodeType[container] === NodeType.closure ? closurePosition(graph, container) : null;
    const isPutThere = own !== null && isLibrarysFile(path.file) && libraryOf(own.file) === "";
    return isPutThere ? own : (path.position ?? own);
  },
  advise(facts) {
    const { chain, container } = facts.finding;
    if (chain !== null && facts.heap.graph.nodeType[container] === NodeType.closure)
      return wrapOnce(variablesOf(facts, chain));
    const kept = keptVariable(facts);
    if (kept === null || kept.use === "used") return closureContext.advice;
    // Of what is subscribed and never taken out, to make it smaller is the lesser half.
    if (facts.finding.chain === null && callbacks.recognise(facts))
      return `Take a function out when who handed it in goes, by what subscribing returned (unsubscribe, dispose); until then it keeps \`${kept.name}\`, which no living closure of its scope uses: set that to null, or make the function elsewhere.`;
    return kept.use === "unused"
      ? `Closures of one scope share its variables, and no living one uses \`${kept.name}\`: set it to null at the end, or make the closure that is kept elsewhere.`
      : `Closures of one scope share its variables, and which of them uses \`${kept.name}\` the snapshot does not tell: set it to null where it is done with, or make the closure that is kept elsewhere.`;
  },
};

/** What to do about functions each of which is put around the one before it. */
export function wrapOnce(link: string): string {
  return `Each function put here keeps the one before it, in \`${link}\`: wrap it once, or wrap the original again.`;
}

function variablesOf({ heap, finding }: HolderFacts, chain: Chain): string {
  return linkWords(heap, finding.container, chain, (step) => step.name !== "context");
}

function titleOfScope(facts: HolderFacts): string {
  const where = whereabouts(facts);
  return facts.finding.path.expression === "" && where !== "" ? where : usualTitle(facts, "scope");
}

interface Kept {
  /** As the source has it. */
  readonly name: string;
  readonly use: Use;
}

/** True for a collection of what keeps, by way of its scope, something that nobody can use any more. */
function keepsUnused({ heap, finding, samples }: HolderFacts): boolean {
  const { entries, isReplaced } = finding;
  if (isReplaced || entries === null || !/^(?:elements|entries|properties)$/.test(entries.word)) return false;
  return mostOf(heap, samples, (sample) => keptBy(heap, sample)?.use === "unused");
}

/** The variable of a scope by which most of what is leaked is kept. */
function keptVariable({ heap, samples }: HolderFacts): Kept | null {
  for (const sample of samples) {
    const kept = keptBy(heap, sample);
    if (kept !== null) return kept;
  }
  return null;
}

function keptBy(heap: HolderFacts["heap"], sample: NodeIndex): Kept | null {
  const { graph } = heap;
  const scope = graph.nodeType[sample] === NodeType.closure ? internalField(graph, sample, "context") : sample;
  const way = heaviestWay(heap, sample);
  const start = scope === NO_NODE || scope === sample ? way : [...way, ...heaviestWay(heap, scope)];
  for (const { from, edge } of start) {
    const name = isContext(graph, from) ? variableName(heap, from, edge) : null;
    if (name !== null)
      return { name: variableInSource(heap, from, edge) ?? name, use: useOfVariable(heap, from, name) };
  }
  return null;
}
