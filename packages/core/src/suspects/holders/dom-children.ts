import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { isNative, pageName } from "../naming/browser-nodes.js";
import { parentOfNew } from "../naming/shown-elements.js";
import { type HolderFacts, type HolderKind, ifGrown, whereabouts } from "./holder-kind.js";
import { componentInWords } from "./react-fibers.js";

const TAKE_OUT_STYLES =
  "Take a style sheet out when what it is for goes (remove() the <style>, or set adoptedStyleSheets without it), or have one for all.";

const DELETE_RULES =
  "Delete rules when what they are for goes (deleteRule), or insert each once: a value that differs each time is better a custom property of the element.";

/** Elements that are put into the document and never taken out: dialogs, messages, a list that only gets longer. */
export const domChildren: HolderKind = {
  id: "dom-children",
  advice:
    "Take elements out of the document when they are done with (remove()), or show only those that are in view, as virtual lists do.",
  advise: (facts) => (areStyles(facts) ? TAKE_OUT_STYLES : areRules(facts) ? DELETE_RULES : domChildren.advice),
  recognise: (facts) =>
    isNative(facts.heap.graph, facts.finding.container) &&
    (areStyles(facts) || areRules(facts) || parentOf(facts) !== NO_NODE),
  title(facts) {
    if (areStyles(facts)) return `style sheets ${put(facts)} \`document\``;
    if (areRules(facts)) return rulesInWords(facts);
    const component = componentInWords(facts);
    const where = isNamed(facts) ? whereabouts(facts) : "";
    return `elements ${put(facts)} \`${nameOf(facts)}\`${where === "" ? "" : `, ${where}`}${component === "" ? "" : `, for ${component}`}`;
  },
  names(facts) {
    if (areStyles(facts)) return ["style sheets"];
    return areRules(facts) ? ["rules", facts.finding.path.expression] : [nameOf(facts)];
  },
};

function put(facts: HolderFacts): string {
  return ifGrown(facts, "only added to") || "in";
}

/** Blink has all style sheets of a document in one list, and those that a script adopted in another. */
function areStyles({ heap, finding }: HolderFacts): boolean {
  return /^(?:StyleSheetCollection|blink::ScopedStyleResolver)$/.test(nodeText(heap.graph, finding.container));
}

function areRules({ finding }: HolderFacts): boolean {
  return finding.entries?.word === "rules";
}

function rulesInWords(facts: HolderFacts): string {
  const { path } = facts.finding;
  if (path.expression === "") return `rules ${put(facts)} a style sheet`;
  const where = whereabouts(facts);
  return `rules ${put(facts)} \`${path.expression}\`${where === "" ? "" : `, ${where}`}`;
}

function parentOf({ growth, finding, samples }: HolderFacts): NodeIndex {
  return parentOfNew(growth, samples, finding.container);
}

/** What the program calls the parent, where the path leads to it and not to the last element in it; else its tag. */
function nameOf(facts: HolderFacts): string {
  if (isNamed(facts)) return facts.finding.path.expression;
  return pageName(facts.heap.graph, parentOf(facts)) ?? "the document";
}

function isNamed(facts: HolderFacts): boolean {
  const { graph } = facts.heap;
  const { path } = facts.finding;
  const parent = parentOf(facts);
  return (
    path.expression !== "" && path.anchor !== "page" && path.edges.some((edge) => graph.edgeTarget[edge] === parent)
  );
}
