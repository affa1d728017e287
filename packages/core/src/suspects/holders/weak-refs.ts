import type { NodeIndex } from "../../graph/heap-graph.js";
import { isText, nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { differences, sum } from "../growth/growth-verdict.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** Bytes that an entry takes in its table. */
const ROOM = 48;

/** A collection of WeakRefs: what they refer to goes, they and their keys stay. */
export const weakRefs: HolderKind = {
  id: "weak-refs",
  advice:
    "A WeakRef lets its target go but stays itself: have the callback of a FinalizationRegistry delete its entry, or use a WeakMap or WeakSet.",
  recognise({ heap: { graph, retainedSize }, finding, samples }) {
    const isRef = (node: NodeIndex): boolean =>
      graph.nodeType[node] === NodeType.object && nodeText(graph, node) === "WeakRef";
    const isKey = (node: NodeIndex): boolean => isText(graph.nodeType[node]!);
    const refs = samples.filter(isRef);
    const others = samples.filter((sample) => !isRef(sample) && !isKey(sample));
    if (refs.length <= others.length || finding.entries === null) return false;
    // Where an entry costs far more than a WeakRef and its key, something else is kept with it.
    const entries = [...refs, ...samples.filter(isKey)];
    const each = entries.reduce((bytes, sample) => bytes + retainedSize[sample]!, 0) / refs.length;
    return sum(finding.bytes) <= sum(differences(finding.entries.counts)) * (each + ROOM) * 2;
  },
  title: (facts) => `${usualTitle(facts)}, keeps WeakRefs`,
};
