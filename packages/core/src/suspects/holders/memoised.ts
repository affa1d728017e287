import { internalField, sourceOf } from "../../graph/edges-of.js";
import { eachRetainer } from "../../graph/incoming.js";
import { isClass, isContext } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { accessPath } from "../naming/access-path.js";
import { type AccessPath, BOUND_ARGUMENTS, join } from "../naming/access-words.js";
import { shortFile } from "../naming/short-file.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";
import { isRoom } from "../growth/container-entries.js";

const CACHE = /^[#_$[]*(?:cache|cached|memo|memo[a-z]*)(?:store|map|s)?[\]_$]*$/i;
const MEMOISER = /memo[iu]|memos?$|memo\b/i;
const MAX_CLOSURES = 16;

/** The answers of a memoised function, kept for every argument it was ever called with. */
export const memoised: HolderKind = {
  id: "memoised",
  advice:
    "It keeps an answer for all it was ever asked: bound the cache, or keep answers only where few different things are asked.",
  recognise({ heap: { graph }, finding: { path, entries } }) {
    if (entries === null || entries.word === "elements" || isRoom(entries)) return false;
    // A class is a function too, but gives no answers.
    if (path.edges.some((edge) => isClass(graph, sourceOf(graph, edge)))) return false;
    if (isOfFunction(path)) return path.words.slice(1).some((word) => CACHE.test(word));
    if (path.scope === null || path.scope.kind === "module") return false;
    if (MEMOISER.test(path.scope.functionName)) return true;
    return MEMOISER.test(shortFile(path.file)) && path.words.some((word) => CACHE.test(word));
  },
  title(facts) {
    const name = functionName(facts);
    // A cache on a function need not be one of its answers.
    if (isOfFunction(facts.finding.path)) return `${usualTitle(facts)}, the cache of the function \`${name}\``;
    if (facts.finding.path.owner !== null) return `${usualTitle(facts)}, answers of a memoised function`;
    return `${usualTitle(facts)}, answers of ${name === "" ? "a memoised function" : `the memoised function \`${name}\``}`;
  },
};

/** True for what hangs on a function, or was handed to one that is bound to it. */
function isOfFunction({ isStatic, words }: AccessPath): boolean {
  return isStatic || words.some((word) => word.startsWith(BOUND_ARGUMENTS));
}

/** What the program calls the function whose answers these are; empty if that cannot be told. */
function functionName(facts: HolderFacts): string {
  const { growth, heap, finding } = facts;
  const { graph } = heap;
  const { words, edges } = finding.path;
  if (isOfFunction(finding.path)) {
    const at = words.findIndex((word, i) => i > 0 && (CACHE.test(word) || word.startsWith(BOUND_ARGUMENTS)));
    return join(words.slice(0, at));
  }
  const scope = edges.length > 0 ? sourceOf(graph, edges[0]!) : finding.holder;
  if (!isContext(graph, scope)) return "";
  const cut = growth.cuts.at(-1)!;
  let name = "";
  let left = MAX_CLOSURES;
  eachRetainer(graph, heap.retainers, scope, (closure) => {
    if (graph.nodeType[closure] !== NodeType.closure || internalField(graph, closure, "context") !== scope) return true;
    const { expression, anchor } = accessPath(heap, cut, closure);
    if (anchor !== "none" && anchor !== "instance" && !expression.includes("…")) name = expression;
    return name === "" && --left > 0;
  });
  return name;
}
