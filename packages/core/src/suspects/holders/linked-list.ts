import { NodeType } from "../../graph/v8-types.js";
import { type Chain, chainLength, linkWords, ownLink } from "../growth/chains.js";
import { containerLabel, type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";

/** Links by which a list grows in an interval at least: the ways down a tree grow by one or two. */
const LEAST_GAIN = 6;

/** Where growth is that of a link, and not of what holds the list. */
const AT_END = "It grows at its end: take out from its head what is done with, or bound its length.";

/** A list of objects that refer to each other, held by its head or its tail. */
export const linkedList: HolderKind = {
  id: "linked-list",
  advice: "Cut the list: bound its length, or drop the reference from each link to the ones before it.",
  advise: ({ finding: { grown, survivor } }) => (grown === survivor ? linkedList.advice : AT_END),
  recognise: (facts) => chainOf(facts) !== null,
  title(facts) {
    const chain = chainOf(facts);
    return `${usualTitle(facts, `linked list of ${containerLabel(facts)} from`)}, linked by \`${chain === null ? "" : linkWords(chain)}\``;
  },
};

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
