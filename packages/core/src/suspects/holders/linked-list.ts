import { sourceOf } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { classPosition } from "../../graph/source-locations.js";
import { NodeType } from "../../graph/v8-types.js";
import { libraryOf } from "../naming/library.js";
import { callbacks } from "./callbacks.js";
import { wrapOnce } from "./closure-context.js";
import { programsFunction } from "../growth/programs-function.js";
import { callbackInWords } from "./sampled-callback.js";
import type { Finding } from "../growth/finding.js";
import { type Chain, chainLength, isAlike, linkWords, ownLink } from "../growth/chains.js";
import { containerLabel, type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";
import { homeInWords } from "./weak-map.js";

/** Links by which a list grows in an interval at least: the ways down a tree grow by one or two. */
const LEAST_GAIN = 6;

/** Where growth is that of a link, and not of what holds the list. */
const AT_END = "It grows at its end: take out from its head what is done with, or bound its length.";
/** Where what holds the list keeps each link, as of one that is linked both ways: cutting one link frees nothing. */
const EACH = "Take out links that are done with, or bound its length: more come into this list than leave it.";

/** A list of objects that refer to each other, held by its head or its tail. */
export const linkedList: HolderKind = {
  id: "linked-list",
  advice: "Cut the list: bound its length, or drop the reference from each link to the ones before it.",
  advise(facts) {
    if (calledBack(facts) !== NO_NODE) return callbacks.advice;
    const chain = chainOf(facts);
    if (chain !== null && facts.heap.graph.nodeType[facts.finding.container] === NodeType.closure)
      return wrapOnce(linkWords(facts.heap, facts.finding.container, chain));
    if (facts.finding.grown !== facts.finding.survivor) return AT_END;
    return isOfEach(facts) ? EACH : linkedList.advice;
  },
  recognise: (facts) => chainOf(facts) !== null,
  title(facts) {
    const chain = chainOf(facts);
    const callback = calledBack(facts);
    const what = callback === NO_NODE ? "" : `, keeps callbacks such as ${callbackInWords(facts, callback)}`;
    return `${usualTitle(facts, `linked list of ${containerLabel(facts)} from`)}, linked by \`${chain === null ? "" : linkWords(facts.heap, facts.finding.container, chain)}\`${what}${homeInWords(facts)}`;
  },
};

/** True if the holder keeps each link, so that what it gained are links. */
function isOfEach({ heap: { graph }, finding: { container }, samples }: HolderFacts): boolean {
  return samples.length > 1 && samples.every((link) => graph.nodeName[link] === graph.nodeName[container]);
}

/**
 * The list that a holder is the head of. Where its links share what they keep, the head has most of it and the next link
 * little: then the one in a variable is a new one each time, and refers to more and more of its kind.
 */
function chainOf({ growth: { heaps }, heap, finding }: HolderFacts): Chain | null {
  const { chain, containers, container, entries, isReplaced, linkedClass } = finding;
  if (chain !== null) return chain;
  if (!isReplaced || entries !== null || linkedClass !== null || heap.graph.nodeType[container] !== NodeType.object)
    return null;
  const own = ownLink(heap, container);
  if (own === null) return null;
  const lengths = containers.map((node, i) => chainLength(heaps[i]!, node, own));
  return lengths.every((length, i) => i === 0 || length >= lengths[i - 1]! + LEAST_GAIN) ? own : null;
}

/** The object that has a list as one of its properties; NO_NODE if no object does. */
function ownerOf(graph: HeapGraph, { holder, path, slotWords }: Finding): NodeIndex {
  if (slotWords.length > 0) return holder;
  const field = path.edges.at(-1);
  return field === undefined ? NO_NODE : sourceOf(graph, field);
}

/**
 * The function of the program's that a library's list is there to call, such as an effect of a value that it has read;
 * NO_NODE if it is another list. Lists of the program's own have whatever it likes.
 */
function calledBack({ growth, heap, finding, samples: [link] }: HolderFacts): NodeIndex {
  const { graph } = heap;
  if (link === undefined) return NO_NODE;
  // Links may be plain objects: then the object that has the list tells.
  const classOf = (node: NodeIndex): string =>
    node === NO_NODE ? "" : libraryOf(classPosition(graph, node)?.file ?? "");
  const library = classOf(link) || classOf(ownerOf(graph, finding));
  if (library === "" || library === "node:") return NO_NODE;
  return programsFunction({ growth, heap }, [link], (node) => !isAlike(graph, node, link));
}
