import type { HolderGrowth } from "../../diff/holder-growth.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { type HeapGraph, type NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { wholeNumbersOf } from "../../graph/v8-shapes.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import type { Finding } from "../growth/finding.js";
import { isLeak } from "../growth/growth-verdict.js";

/** What programs call the most that something may have, and for how long. */
const BOUND =
  /^[_#]*(?:max(?:imum)?_?(?:size|items?|entries|keys|length|count|age|elements|bytes)?|(?:size_?)?limit|capacity|(?:std|default)?_?ttl)$/i;
/** What they call the record of what was asked for. */
const OPTIONS = /^_*(?:options|opts|config|settings)$/;
/** Of what knows a container: what it is a property of is among the first. */
const MAX_RETAINERS = 20;
/** An object with more edges is no record of settings, nor a cache. */
const MAX_EDGES = 200;

/**
 * Says of each container by which whole number beside it the program may have bounded it: that is up to the program. What
 * a variable leads to as well is added to without asking the object that has the number.
 */
export function markBounds(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, bound: mayBeBounded(finding) ? boundOf(growth, finding) : "" }));
}

function mayBeBounded({ entries, chain, members, isReplaced }: Finding): boolean {
  return entries !== null && chain === null && members === 1 && !isReplaced;
}

function boundOf({ heaps, left }: HolderGrowth, finding: Finding): string {
  if (left !== null || !isLeak(finding)) return "";
  const { graph, retainers } = heaps.at(-1)!;
  let found = "";
  let rest = MAX_RETAINERS;
  let isVariable = false;
  eachRetainer(graph, retainers, finding.container, (from, edge) => {
    if (graph.edgeType[edge] === EdgeType.context) isVariable = true;
    else if (graph.edgeType[edge] === EdgeType.property && found === "") found = boundIn(graph, from);
    return !isVariable && --rest > 0;
  });
  return isVariable ? "" : found;
}

/** The name of the bound of an object, or in its options. */
function boundIn(graph: HeapGraph, object: NodeIndex): string {
  const own = (record: NodeIndex): string => wholeNumbersOf(graph, record).find((name) => BOUND.test(name)) ?? "";
  if (graph.nodeType[object] !== NodeType.object) return "";
  const first = firstEdgeOf(graph, object);
  const end = graph.firstEdge[object + 1]!;
  if (end - first > MAX_EDGES) return "";
  const name = own(object);
  if (name !== "") return name;
  for (let edge = first; edge < end; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (graph.edgeType[edge] !== EdgeType.property || graph.nodeType[target] !== NodeType.object) continue;
    const word = graph.strings.text(graph.edgeName[edge]!);
    const inside = OPTIONS.test(word) ? own(target) : "";
    if (inside !== "") return `${word}.${inside}`;
  }
  return "";
}
