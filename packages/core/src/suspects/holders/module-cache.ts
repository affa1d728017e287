import { type HolderKind, usualTitle } from "./holder-kind.js";

/** Modules that were loaded, and what Node keeps about each. */
export const moduleCache: HolderKind = {
  id: "module-cache",
  advice: "Load modules once, at start; find the code that requires or imports a new file name on every call.",
  recognise({ finding }) {
    const { path } = finding;
    if (/^node:internal\/modules\//.test(path.file)) return true;
    return /^(?:require\.cache|(?:\$?Module|globalThis)\b.*\._cache|module\.children)\b/.test(path.expression);
  },
  title: (facts) => usualTitle(facts, "loaded modules"),
};
