import { type HolderKind, usualTitle } from "./holder-kind.js";

/** An object used as a dictionary that only gains keys. */
export const moduleObject: HolderKind = {
  id: "module-object",
  advice: "Delete keys when they are done with, or use a Map with a bound; this object gets more keys than it loses.",
  recognise: ({ finding }) => /^propert(?:ies|y slots)$/.test(finding.entries?.word ?? ""),
  title: (facts) => usualTitle(facts),
};
