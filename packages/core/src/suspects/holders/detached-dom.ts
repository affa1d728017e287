import { firstEdgeOf } from "../../graph/edges-aside.js";
import { DETACHED } from "../../graph/detachedness.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeLabel, nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { mostOf } from "../naming/heaviest-way.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";
import { onWhoseBehalf } from "./on-whose-behalf.js";
import { componentInWords } from "./react-fibers.js";

/** Share of what an entry keeps that must be elements for it to be told by them. */
const MOST = 0.3;
const MAX_NODES = 200;

/** Where functions are what is held: subscribers, or steps to be undone. */
const TAKE_OUT =
  "The functions that are held here know the element: take them out when it is removed from the document (call what subscribing returned), or bound how many are kept.";

/** What pages make to draw with, to load or to play, and never show. */
const OFTEN_UNSHOWN = /<(?:canvas|img|audio|video)\b/;
const BOUND =
  "Bound how many of these are kept, for they may never have been in the document; of those that were drop the reference when they are removed.";

/** Elements that were removed from the document and are still referred to. */
export const detachedDom: HolderKind = {
  id: "detached-dom",
  advice: "Drop the reference to the element when it is removed from the document, or hold it in a WeakRef.",
  advise(facts) {
    if (areFunctions(facts)) return TAKE_OUT;
    return OFTEN_UNSHOWN.test(nodeText(facts.heap.graph, detachedIn(facts))) ? BOUND : detachedDom.advice;
  },
  recognise: (facts) => detachedIn(facts) !== NO_NODE,
  title(facts) {
    const component = componentInWords(facts);
    const what = `${usualTitle(facts)}, keeps ${nodeLabel(facts.heap.graph, detachedIn(facts))}`;
    return component === "" ? `${what}${onWhoseBehalf(facts)}` : `${what} of ${component}`;
  },
};

function areFunctions({ heap, samples }: HolderFacts): boolean {
  return mostOf(heap, samples, (sample) => heap.graph.nodeType[sample] === NodeType.closure);
}

/** An element that is held, or makes up much of what is held, and is no longer in the document; else NO_NODE. */
function detachedIn({ heap, samples }: HolderFacts): NodeIndex {
  const { graph, dominator, retainedSize } = heap;
  for (const sample of samples) {
    const least = retainedSize[sample]! * MOST;
    const seen = new Set<NodeIndex>([sample]);
    for (const node of seen) {
      if (isDetached(graph, node) && retainedSize[node]! >= least) return node;
      for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]! && seen.size < MAX_NODES; edge++)
        if (dominator[graph.edgeTarget[edge]!] === node) seen.add(graph.edgeTarget[edge]!);
    }
  }
  return NO_NODE;
}

/** Node calls handles of its own detached too, where JavaScript still has the object and libuv no more. */
function isDetached(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.detached?.[node] === DETACHED && !nodeText(graph, node).startsWith("Node / ");
}
