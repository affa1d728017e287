import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { EdgeIndex, NodeIndex } from "../../graph/heap-graph.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { tableIdIn } from "../../graph/weak-map-entries.js";
import { join, WEAK_VALUE } from "../naming/access-words.js";
import { compiledField } from "../naming/compiled-fields.js";
import { heaviestWay, mostOf } from "../naming/heaviest-way.js";
import { NAMELESS, weakMapName } from "../naming/weak-map-name.js";
import { weakMapHome } from "../folding/weak-map-home.js";
import { type HolderFacts, type HolderKind, usualTitle, whereabouts } from "./holder-kind.js";

/** What a WeakMap has for a key: it stays as long as the key does, and the key lives on. */
export const weakMap: HolderKind = {
  id: "weak-map",
  advice: "A WeakMap lets a value go with its key only: let go of the key, delete the entry, or bound what is in it.",
  recognise: (facts) =>
    keyThatLivesOn(facts) !== "" || mostOf(facts.heap, facts.samples, (sample) => mapOfKey(facts.heap, sample) !== ""),
  title(facts) {
    const key = keyThatLivesOn(facts);
    if (key !== "") return `${usualTitle(facts)}, where the key \`${key}\` lives on${homeInWords(facts)}`;
    const map = facts.samples.map((sample) => mapOfKey(facts.heap, sample)).find((name) => name !== "");
    return `${usualTitle(facts)}, keeps the keys of ${map === NAMELESS ? "a WeakMap" : `WeakMap \`${map}\``} and with them its values`;
  },
};

/** " (its WeakMap: `node.o`, scope of memoize() in lib.js:3, made for `total` of shop.js:8)": who knows the key may not know that. */
export function homeInWords(facts: HolderFacts): string {
  const { growth, finding } = facts;
  const home = weakMapHome(growth, finding);
  if (home === null) return "";
  const isNear = home.file === "" || home.file === finding.path.file;
  // The name of a variable is in the key's path.
  const property = home.words.length > 1 ? `\`${home.expression}\`` : "";
  const place = isNear ? "" : whereabouts({ ...facts, finding: { ...finding, path: home } });
  const where = [property, place].filter((each) => each !== "").join(", ");
  return where === "" ? "" : ` (its WeakMap: ${where})`;
}

/** The key by whose WeakMap entry the program reaches the holder, in its words; empty if it does not. */
function keyThatLivesOn({ finding: { path } }: HolderFacts): string {
  const at = path.words.findIndex((word) => word.startsWith(WEAK_VALUE));
  return at < 1 ? "" : join(path.words.slice(0, at));
}

/** The WeakMap that has most of what an object keeps alive, as value of a key there; empty if there is none. */
function mapOfKey(heap: HeapAnalysis, sample: NodeIndex): string {
  for (const { from, edge } of heaviestWay(heap, sample)) {
    const table = heap.graph.nodeType[from] === NodeType.array ? 0 : tableOf(heap, edge);
    if (table === 0) continue;
    const map = weakMapName(heap, table);
    return compiledField(heap, from, map) === "" ? map : "";
  }
  return "";
}

function tableOf({ graph }: HeapAnalysis, edge: EdgeIndex): number {
  return graph.edgeType[edge] === EdgeType.internal ? tableIdIn(graph.strings.text(graph.edgeName[edge]!)) : 0;
}
