import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { largeHolders } from "../analysis/large-holders.js";
import type { LargeHolder } from "../analysis/large-nodes.js";
import { type HolderGrowth, nothingGrown } from "../diff/holder-growth.js";
import { endOfEdges } from "../graph/edges-aside.js";
import { type NodeIndex, totalSelfSize } from "../graph/heap-graph.js";
import type { SourcePosition } from "../graph/source-locations.js";
import { EngineNodes } from "../graph/v8-engine-nodes.js";
import { isContext, nodeText } from "../graph/v8-names.js";
import { chainFrom, chainLength } from "./growth/chains.js";
import { entriesOf } from "./growth/container-entries.js";
import { BY_ITSELF, type Finding } from "./growth/finding.js";
import { findingPath, nameless } from "./growth/finding-path.js";
import { entriesHeld } from "./growth/samples.js";
import { type Slot, slotName } from "./growth/slots.js";
import { kindOf } from "./holders/index.js";
import type { HolderFacts } from "./holders/holder-kind.js";
import { isGlobalObject } from "./naming/anchors.js";
import { isRuntimes } from "./naming/library.js";

/** What the program calls a large holder. */
export interface NamedHolder extends Pick<LargeHolder, "bytes"> {
  /** What holds the entries: the holder, or what its heaviest variable or property refers to. */
  readonly container: NodeIndex;
  readonly kind: string;
  readonly title: string;
  /** Where to look. */
  readonly position: SourcePosition | null;
  /** Null where they cannot be counted. */
  readonly entries: { readonly count: number; readonly word: string } | null;
  /** Some of what it holds. */
  readonly samples: readonly NodeIndex[];
  /** Titles of others that hold the same things, of eight at most. */
  readonly others: readonly string[];
}

/** Of a heap this part makes a holder large. */
const LARGE = 0.01;
/** One that the program has no name for has to keep more to be of use. */
const LARGE_NAMELESS = 0.05;
/** Holders that are told. */
const MOST = 20;
/** Others that hold the same things are told, too. */
const MOST_OTHERS = 8;
/** Of what a holder keeps this much hangs on one variable or property, or it is told as a whole. */
const NEARLY_ALL = 0.7;
const MOST_EDGES = 2000;

/**
 * Names what keeps most of one heap alive, most bytes first. What the runtime made for itself is left out, unless it holds
 * something for the program, as lists of timers do.
 */
export function largestHolders(heap: HeapAnalysis): NamedHolder[] {
  const total = totalSelfSize(heap.graph);
  const found = largeHolders(heap, Math.max(1, LARGE * total));
  if (found.length === 0) return [];
  const asked = { growth: nothingGrown(heap), engineNodes: new EngineNodes(heap) };
  const named: NamedHolder[] = [];
  for (const holder of found) {
    if (named.length === MOST) break;
    if (isRuntimesObject(heap, holder.node)) continue;
    const facts = factsOf(asked, holder);
    const kind = kindOf(facts);
    if (isInRuntimesFile(facts) && !FOR_THE_PROGRAM.has(kind.id)) continue;
    const { container, path, entries } = facts.finding;
    const position = kind.position?.(facts) ?? path.position;
    const isNameless = path.expression === "" && path.file === "" && position === null;
    if (isNameless && holder.bytes < LARGE_NAMELESS * total) continue;
    named.push({
      bytes: holder.bytes,
      container,
      kind: kind.id,
      title: kind.title(facts),
      position,
      entries: entries && { count: entries.counts[0]!, word: kind.entryWord ?? entries.word },
      samples: facts.samples,
      others: holder.others.slice(0, MOST_OTHERS).map((node) => titleOf(factsOf(asked, { ...holder, node }))),
    });
  }
  return named;
}

function titleOf(facts: HolderFacts): string {
  return kindOf(facts).title(facts);
}

interface Asked {
  readonly growth: HolderGrowth;
  readonly engineNodes: EngineNodes;
}

/** A holder as one that grew is told, but that nothing is known of before. */
function factsOf({ growth, engineNodes }: Asked, { node, bytes, isStructure }: LargeHolder): HolderFacts {
  const heap = growth.heaps[0]!;
  const chain = isStructure ? chainFrom(heap, node) : null;
  const own = chain === null ? entriesOf(heap, node) : { count: chainLength(heap, node, chain), word: "links" };
  const slot = own === null && !isStructure ? heaviestSlot(heap, node, bytes) : null;
  const container = slot?.nodes[0] ?? node;
  const entries = slot === null ? own : entriesOf(heap, container);
  const finding: Finding = {
    ...BY_ITSELF,
    survivor: growth.cuts[0]!.survivorOf(node),
    grown: growth.cuts[0]!.survivorOf(node),
    holder: node,
    container,
    containers: [container],
    isReplaced: false,
    chain,
    path: slot === null && isContext(heap.graph, node) ? nameless(heap, node) : findingPath(growth, node, slot),
    slotWords: slot?.words ?? [],
    bytes: [bytes],
    entries: entries && { counts: [entries.count], word: entries.word },
    judgement: "flat",
  };
  const isTold = (held: NodeIndex): boolean => heap.owner[held] === held && !engineNodes.has(held);
  const prototype = heap.graph.strings.indexOf("__proto__");
  const samples = entriesHeld(heap, container, isTold)
    .filter(({ edges }) => heap.graph.edgeName[edges.at(-1)!] !== prototype)
    .map((sample) => sample.node);
  return { growth, heap, finding, samples };
}

/** The variable or property of something that is no container, on which nearly all hangs that it keeps. */
function heaviestSlot(heap: HeapAnalysis, node: NodeIndex, bytes: number): Slot | null {
  const { graph, dominator, retainedSize } = heap;
  const end = endOfEdges(graph, node, MOST_EDGES);
  for (let edge = graph.firstEdge[node]!; edge < end; edge++) {
    const target = graph.edgeTarget[edge]!;
    const retained = retainedSize[target]!;
    if (dominator[target] !== node || retained < NEARLY_ALL * bytes || retained > bytes) continue;
    const name = slotName(heap, node, edge);
    if (name !== null) return { words: [name], tops: [target], nodes: [target], chain: null };
  }
  return null;
}

/** Kinds of holders that the runtime has on behalf of whoever asked for them. */
const FOR_THE_PROGRAM = new Set(["timers", "async-context", "event-listeners", "promise-reactions", "active-objects"]);

/** True for what the runtime has before the program begins, and which has no variable in a file of its own. */
function isRuntimesObject(heap: HeapAnalysis, node: NodeIndex): boolean {
  const name = nodeText(heap.graph, node);
  return isGlobalObject(heap, node) || name === "process" || name.startsWith("Node / ");
}

/** Node calls what it has of a file of its own by the name of that, `[node:...]`, where no variable leads to it. */
function isInRuntimesFile({ finding: { path } }: HolderFacts): boolean {
  const [first = ""] = path.words;
  return (
    isRuntimes(path.file) || isRuntimes(first.replace(/^\[/, "")) || (path.anchor === "global" && first === "process")
  );
}
