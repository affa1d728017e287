import { internalField } from "../../graph/edges-of.js";
import { NO_NODE } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import type { HolderKind } from "./holder-kind.js";
import { titleWithBehalf } from "./on-whose-behalf.js";

/** A Map or Set that only grows, or an object of a class that extends one. */
export const mapCache: HolderKind = {
  id: "map-cache",
  advice:
    "Bound it (a largest size, a time to live), delete entries when they are done with, or key a WeakMap by the object.",
  recognise({ heap, finding }) {
    const name = nodeText(heap.graph, finding.container);
    // A library's class may be called so, too: an immutable Map is made anew each time, and never added to.
    if (name === "Map" || name === "Set") return internalField(heap.graph, finding.container, "table") !== NO_NODE;
    return /^entr(?:ies|y slots)$/.test(finding.entries?.word ?? "") && !name.startsWith("Weak");
  },
  title: titleWithBehalf,
};
