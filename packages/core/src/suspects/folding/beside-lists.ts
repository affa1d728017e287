import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { endOfEdges, firstEdgeOf } from "../../graph/edges-aside.js";
import { internalField } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { isContext, nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { elementSlots } from "../growth/array-entries.js";
import { isRoom } from "../growth/container-entries.js";
import { byGrowth, type Finding } from "../growth/finding.js";
import { isLeak } from "../growth/growth-verdict.js";
import { FoldedFindings } from "./folded-findings.js";
import { along } from "./grows-along.js";

/** Of what knows a container: what it is a property of is among the first. */
const MAX_RETAINERS = 20;
/** What is asked of an object's properties is asked of so many. */
const MAX_EDGES = 200;
/** Entries of a table that are looked for in the lists. */
const MOST_ASKED = 500;
/** Share of them that must be there. */
const MOST = 0.9;
/**
 * A hash table has room for up to so many times as many entries as it has, with those that were deleted; an array, for half as many
 * again and some.
 */
const MOST_ROOM: Readonly<Record<string, readonly [times: number, more: number]>> = {
  "entry slots": [4, 8],
  "element slots": [1.5, 17],
};

/**
 * Folds what the object of a list has beside that for each of its entries into the list. A table in which a cache looks up
 * what it has in an array that only fills its places will not have more entries than that, either, as long as each of them is
 * in one of its arrays of that size, and there are as many: once the array is full and the table still grows, it is a leak
 * like others. And of room for numbers nobody knows more than that there are as many of them as of the entries.
 */
export function foldBesideLists(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const lists = findings.filter(({ members, entries }) => members === 1 && entries?.word === "elements");
  if (lists.length === 0) return [...findings];
  const folded = new FoldedFindings(findings);
  const tables = findings.filter((each) => isLeak(each) && each.members === 1 && each.entries !== null);
  for (const finding of tables.sort(byGrowth)) {
    const others = lists.filter((each) => each !== finding && folded.isLeft(each));
    const list = others.find((each) => isAsMany(finding, each) && isItsTable(growth, finding, each));
    if (list !== undefined) folded.fold(finding, list, along);
  }
  return folded.all();
}

/** True if a table has as many entries as a list that fills in each snapshot, or room for as many as any list has. */
function isAsMany({ entries: table }: Finding, { entries, judgement }: Finding): boolean {
  const { counts } = entries!;
  if (!isRoom(table!)) return judgement === "filling" && table!.counts.every((count, i) => count === counts[i]);
  const room = MOST_ROOM[table!.word];
  if (room === undefined) return false;
  const [times, more] = room;
  return table!.counts.every((slots, i) => counts[i]! <= slots && slots <= counts[i]! * times + more);
}

function isItsTable({ heaps }: HolderGrowth, table: Finding, list: Finding): boolean {
  const heap = heaps.at(-1)!;
  const knowsList = new Set(parents(heap, list.container));
  return parents(heap, table.container).some((parent) => {
    if (!knowsList.has(parent)) return false;
    // A scope may have two that have as many entries, and nothing to do with each other.
    if (isRoom(table.entries!)) return !isContext(heap.graph, parent);
    const listed = elementsOfAlike(heap, parent, elementSlots(heap, list.container));
    const asked = objectsIn(heap, table.container);
    return asked.length > 0 && asked.filter((node) => listed.has(node)).length >= asked.length * MOST;
  });
}

/** The objects, or scopes, that have something as a property, a private field or a variable. */
function parents({ graph, retainers }: HeapAnalysis, node: NodeIndex): NodeIndex[] {
  const found: NodeIndex[] = [];
  let left = MAX_RETAINERS;
  eachRetainer(graph, retainers, node, (from, edge) => {
    const type = graph.edgeType[edge];
    if (type === EdgeType.property || type === EdgeType.context) found.push(from);
    return --left > 0;
  });
  return found;
}

/** What is in those arrays of an object's that have as many places. */
function elementsOfAlike(heap: HeapAnalysis, parent: NodeIndex, places: number): Set<NodeIndex> {
  const { graph } = heap;
  const found = new Set<NodeIndex>();
  const end = endOfEdges(graph, parent, MAX_EDGES);
  for (let edge = graph.firstEdge[parent]!; edge < end; edge++) {
    const list = graph.edgeTarget[edge]!;
    if (graph.nodeType[list] !== NodeType.object || nodeText(graph, list) !== "Array") continue;
    if (elementSlots(heap, list) !== places) continue;
    for (let each = firstEdgeOf(graph, list); each < graph.firstEdge[list + 1]!; each++)
      if (graph.edgeType[each] === EdgeType.element) found.add(graph.edgeTarget[each]!);
  }
  return found;
}

/** Keys of a table, or of an object that is used as one, or its values where those are objects. */
function objectsIn({ graph }: HeapAnalysis, container: NodeIndex): NodeIndex[] {
  const [from = container] = ["table", "properties"]
    .map((name) => internalField(graph, container, name))
    .filter((store) => store !== NO_NODE && graph.nodeType[store] === NodeType.array);
  const kinds: NodeIndex[][] = [[], []];
  for (let edge = firstEdgeOf(graph, from); edge < graph.firstEdge[from + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    const type = graph.nodeType[target];
    if (type === NodeType.string) kinds[0]!.push(target);
    else if (type === NodeType.object && target !== container) kinds[1]!.push(target);
  }
  return kinds.reduce((most, each) => (each.length > most.length ? each : most)).slice(-MOST_ASKED);
}
