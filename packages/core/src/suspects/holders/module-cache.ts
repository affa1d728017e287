import { isModuleLoading } from "../module-loading.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** Modules that were loaded, and what Node keeps about each. */
export const moduleCache: HolderKind = {
  id: "module-cache",
  advice: "Load modules once, at start; find the code that requires or imports a new file name on every call.",
  recognise: ({ finding }) => isModuleLoading(finding),
  title: (facts) => usualTitle(facts, "loaded modules"),
};
