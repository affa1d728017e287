import type { HolderKind } from "./holder-kind.js";
import { titleWithBehalf } from "./on-whose-behalf.js";

/** An object used as a dictionary that only gains keys. */
export const moduleObject: HolderKind = {
  id: "module-object",
  advice: "Delete keys when they are done with, or use a Map with a bound; this object gets more keys than it loses.",
  recognise: ({ finding: { entries } }) =>
    entries !== null && /^propert(?:ies|y slots)$/.test(entries.word) && entries.counts.at(-1)! > entries.counts[0]!,
  title: titleWithBehalf,
};
