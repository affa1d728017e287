import { findEdge } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import { cellsOf } from "../growth/container-entries.js";
import { accessPath } from "../naming/access-path.js";
import { type HolderFacts, type HolderKind, usualTitle, whereabouts } from "./holder-kind.js";

/** What was handed to a FinalizationRegistry for the day when the target goes, and the target never goes. */
export const finalizationRegistry: HolderKind = {
  id: "finalization-registry",
  advice:
    "What is registered stays until its target goes: do not register a target that lives on again, or unregister it with a token.",
  entryWord: "registrations",
  recognise: ({ heap, finding }) => nodeText(heap.graph, finding.container) === "FinalizationRegistry",
  title: (facts) => `${usualTitle(facts)}${targetInWords(facts)}`,
};

/** ", most for `shutdown` of server.js:3": the object that lives on, if it is one that the program has a name for. */
function targetInWords(facts: HolderFacts): string {
  const { heap, growth, finding } = facts;
  const target = mostlyFor(facts);
  if (target === NO_NODE) return "";
  const path = accessPath(heap, growth.cuts.at(-1)!, target);
  if (path.expression === "") return "";
  const place = path.file === finding.path.file ? "" : whereabouts({ ...facts, finding: { ...finding, path } });
  return `, most for \`${path.expression}\`${place === "" ? "" : `, ${place}`}`;
}

/** What more than half of the registrations are for; NO_NODE if there is no such thing. */
function mostlyFor({ heap: { graph }, finding }: HolderFacts): NodeIndex {
  const counts = new Map<NodeIndex, number>();
  const cells = cellsOf(graph, finding.container);
  for (const cell of cells) {
    const target = graph.edgeTarget[findEdge(graph, cell, EdgeType.weak, "target")]!;
    counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most !== undefined && most[1] * 2 > cells.length ? most[0] : NO_NODE;
}
