import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { someRetainer } from "../../graph/incoming.js";
import type { Finding } from "../growth/finding.js";
import { libraryOf } from "../naming/library.js";
import { isMadeElsewhere } from "./scope-owner.js";

/** Of what knows an object on the way: a container that has it as an entry is among the first. */
const MAX_RETAINERS = 200;

/**
 * True if a variable of the program's leads to a holder, and by a way of its own: not through another holder of the same
 * objects, nor through one of those objects. What an observer was told of leads from one store to the next, and whoever
 * reads that way mends the wrong one.
 * @param others the other holders of the same objects
 */
export function isLedByVariable(growth: HolderGrowth, finding: Finding, others: readonly Finding[]): boolean {
  const { anchor, file, edges } = finding.path;
  if (anchor === "instance" || anchor === "none" || isMadeElsewhere(finding) || libraryOf(file) !== "") return false;
  const { graph } = growth.heaps.at(-1)!;
  const way = edges.map((edge) => graph.edgeTarget[edge]!).filter((node) => node !== finding.holder);
  const containers = new Set([finding, ...others].map(({ container }) => container));
  return !way.some((node) => containers.has(node) || isEntryOf(growth, node, containers));
}

function isEntryOf(growth: HolderGrowth, node: NodeIndex, containers: ReadonlySet<NodeIndex>): boolean {
  const { graph, retainers, owner } = growth.heaps.at(-1)!;
  return someRetainer(graph, retainers, node, (from) => containers.has(owner[from]!), MAX_RETAINERS);
}
