import type { HolderGrowth } from "../diff/holder-growth.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { someRetainer } from "../graph/incoming.js";
import { closurePosition } from "../graph/source-locations.js";
import { nodeText } from "../graph/v8-names.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";
import { byGrowth, type Finding } from "./growth/finding.js";
import { findHolders } from "./find-suspects.js";
import { sum, type Terms } from "./growth/growth-verdict.js";
import { isModuleLoading } from "./folding/module-loading.js";

/** Bytes from which what Node itself holds is worth a word: versions differ by a megabyte. */
const WORTH_A_WORD = 2_000_000;
/** ... what hangs on objects that Node made, such as `process` or the exports of `fs`, and what loading modules fills. */
const OF_NODES_OBJECTS = 256_000;
/** ... what has no more entries than before, and may only have been filled in, as functions are when they first run. */
const HEAVIER = 100_000;

/**
 * What is larger in the last process than in the first, where objects were paired by name: most first, what is Node's
 * own last. All that can be said is that it grew; and what has no name of the program's was not paired, so it is not
 * known whether it did.
 */
export function findByName(growth: HolderGrowth, terms: Terms): Finding[] {
  const isOwn = (finding: Finding): number => (isNodes(growth, finding) ? 1 : 0);
  return findHolders(growth, { ...terms, isByName: true })
    .filter(
      (finding) => isNamed(growth, finding) && sum(finding.bytes) >= Math.max(terms.floor, leastBytes(growth, finding)),
    )
    .map((finding): Finding => ({ ...finding, judgement: "grew" }))
    .sort((a, b) => isOwn(a) - isOwn(b) || byGrowth(a, b));
}

function isNamed(growth: HolderGrowth, { path, container, containers }: Finding): boolean {
  const { graph } = growth.heaps.at(-1)!;
  // What a release adds to the global object is new, as a module is.
  if (path.anchor === "global" && containers[0] === NO_NODE) return false;
  return path.anchor !== "none" && graph.nodeType[container] !== NodeType.synthetic;
}

function leastBytes(growth: HolderGrowth, finding: Finding): number {
  if (isNodes(growth, finding)) return WORTH_A_WORD;
  if (isModuleLoading(finding) || hangsOnNodes(growth, finding)) return OF_NODES_OBJECTS;
  return hasMore(finding) ? 0 : HEAVIER;
}

function hasMore({ entries, chain, members, slotWords }: Finding): boolean {
  if (entries !== null) return entries.counts[entries.counts.length - 1]! > entries.counts[0]!;
  return chain !== null || members > 1 || slotWords.length > 0;
}

/** True for the tables and functions that Node brings. */
function isNodes(growth: HolderGrowth, finding: Finding): boolean {
  const { graph } = growth.heaps.at(-1)!;
  const { path, container } = finding;
  // Whose timers they are is told by what they call.
  if (nodeText(graph, container) === "TimersList") return false;
  const itself = graph.nodeType[container] === NodeType.closure ? closurePosition(graph, container) : null;
  return (itself?.file ?? path.position?.file ?? path.file).startsWith("node:");
}

/** True for what a program knows by way of an object that Node made: its modules' exports, `process` and its like. */
function hangsOnNodes(growth: HolderGrowth, { path }: Finding): boolean {
  if (path.words.includes("_events")) return false;
  if (path.words.some((word) => word.startsWith("[node:"))) return true;
  const { graph } = growth.heaps.at(-1)!;
  return path.edges.some((edge) => isMadeByNode(growth, graph.edgeTarget[edge]!));
}

function isMadeByNode(growth: HolderGrowth, node: NodeIndex): boolean {
  const { graph, retainers } = growth.heaps.at(-1)!;
  if (nodeText(graph, node) === "process") return true;
  const exports = graph.strings.indexOf("exports");
  return someRetainer(
    graph,
    retainers,
    node,
    (from, edge) =>
      graph.edgeType[edge] === EdgeType.property && graph.edgeName[edge] === exports && isBuiltin(graph, from),
  );
}

function isBuiltin(graph: HeapGraph, node: NodeIndex): boolean {
  return nodeText(graph, node) === "BuiltinModule";
}
