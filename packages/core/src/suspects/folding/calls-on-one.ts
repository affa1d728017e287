import type { HolderGrowth } from "../../diff/holder-growth.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { isContext } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { nativeEntryNodes } from "../growth/browser-entries.js";
import { byGrowth, type Finding } from "../growth/finding.js";
import { isLeak, sum } from "../growth/growth-verdict.js";
import { isNative, wayToCallback } from "../naming/browser-nodes.js";
import { isInStep } from "./shared-holders.js";

/** From a function that is called to what it is for: by its scope or what it is bound to, and one property further. */
const MAX_STEPS = 4;
const MAX_NODES = 200;
/** Of the entries of one list so many are looked at for what those of another are for. */
const MAX_ENTRIES = 16;
const SHARED: NodeIndex = NO_NODE;

/**
 * Folds lists of the browser's that call functions of the same objects: an editor that nobody destroys listens to the
 * window and to the document, and has a timer. That is one bug, and nothing goes before all of them let go.
 */
export function foldCallsOnOne(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const { graph } = growth.heaps.at(-1)!;
  const isCalled = ({ container, entries, alsoHeldBy }: Finding): boolean =>
    entries !== null && isNative(graph, container) && alsoHeldBy.length === 0;
  const groups = new Map<Finding, Finding[]>(); // the one with most bytes -> what is folded into it
  const calls = findings.filter((each) => isLeak(each) && isCalled(each)).sort(byGrowth);
  for (const call of calls) {
    const other = [...groups.keys()].find((each) => isInStep(each, call) && areForOne(growth, each, call));
    if (other === undefined) groups.set(call, []);
    else groups.get(other)!.push(call);
  }
  const gone = new Set([...groups.values()].flat());
  return findings.filter((each) => !gone.has(each)).map((each) => together(each, groups.get(each) ?? [], findings));
}

/** Of a list with other entries than these, only these count. */
function together(first: Finding, others: readonly Finding[], all: readonly Finding[]): Finding {
  if (others.length === 0) return first;
  const group = [first, ...others];
  const isWhole = ({ grown }: Finding): boolean => all.every((each) => each.grown !== grown || group.includes(each));
  const parts = group.filter((each) => each.only !== null && !isWhole(each));
  return {
    ...first,
    bytes: first.bytes.map((bytes, i) => bytes + sum(others.map((other) => other.bytes[i]!))),
    folded: [...new Set(others.filter(isWhole).flatMap(({ grown, folded }) => [grown, ...folded]))].filter(
      (survivor) => survivor !== first.grown,
    ),
    // Once all entries of its list count, the newest of them may be called by another name.
    alsoHeldBy: isWhole(first) && first.only !== null ? group : others,
    only: isWhole(first) ? null : new Set(parts.flatMap(({ only }) => [...only!])),
  };
}

/** True if what the newest entries of one call is, one by one, for the same objects as what those of the other call is. */
function areForOne(growth: HolderGrowth, one: Finding, other: Finding): boolean {
  const known = reachedFrom(growth, newEntries(growth, one));
  const entries = newEntries(growth, other).slice(-MAX_ENTRIES);
  const theirs = reachedFrom(growth, entries);
  const found = new Set<NodeIndex>();
  for (const [node, entry] of theirs) if (entry !== SHARED && (known.get(node) ?? SHARED) !== SHARED) found.add(entry);
  return entries.length > 0 && found.size === entries.length;
}

function newEntries({ heaps, cuts }: HolderGrowth, { container, only }: Finding): NodeIndex[] {
  const cut = cuts.at(-1)!;
  return nativeEntryNodes(heaps.at(-1)!, container).filter(
    (entry) => cut.unitOf(entry) !== NO_NODE && (only === null || only.has(entry)),
  );
}

/** What is new and near the functions that entries call, with the entry that leads there; SHARED where several do. */
function reachedFrom({ heaps, cuts }: HolderGrowth, entries: readonly NodeIndex[]): Map<NodeIndex, NodeIndex> {
  const { graph } = heaps.at(-1)!;
  const cut = cuts.at(-1)!;
  const isLinking = (node: NodeIndex): boolean => {
    const type = graph.nodeType[node];
    return (
      cut.unitOf(node) !== NO_NODE && (type === NodeType.closure || type === NodeType.object || isContext(graph, node))
    );
  };
  const reached = new Map<NodeIndex, NodeIndex>();
  for (const entry of entries) {
    const way = wayToCallback(graph, entry);
    if (way === null) continue;
    const steps = new Map([[graph.edgeTarget[way[way.length - 1]!]!, 0]]);
    for (const [node, step] of steps) {
      const from = reached.get(node);
      reached.set(node, from === undefined || from === entry ? entry : SHARED);
      if (step === MAX_STEPS) continue;
      for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++) {
        const target = graph.edgeTarget[edge]!;
        if (graph.edgeType[edge] === EdgeType.weak || steps.has(target) || !isLinking(target)) continue;
        if (steps.size < MAX_NODES) steps.set(target, step + 1);
      }
    }
  }
  return reached;
}
