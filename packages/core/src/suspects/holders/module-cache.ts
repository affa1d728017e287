import { propertyOf } from "../../graph/edges-of.js";
import { eachRetainer } from "../../graph/incoming.js";
import { nodeText } from "../../graph/v8-names.js";
import { isModuleLoading, loadedFiles } from "../folding/module-loading.js";
import { shortFile } from "../naming/short-file.js";
import { textProperty } from "../naming/text-property.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";

/** Modules that were loaded, and what Node keeps about each. */
export const moduleCache: HolderKind = {
  id: "module-cache",
  advice: "Load modules once, at start; find the code that requires or imports a new file name on every call.",
  recognise: ({ finding }) => isModuleLoading(finding),
  title(facts) {
    const loader = loadingFile(facts);
    const file = loadedFiles(facts.heap.graph, facts.samples)[0] ?? "";
    const suchAs = file === "" ? "" : `, such as ${shortFile(file)}`;
    if (loader === "") return `${usualTitle(facts, "loaded modules")}${suchAs}`;
    return `modules loaded by ${shortFile(loader)}, all in its \`module.children\`${suchAs}`;
  },
  // Which of the ways to a module is the shortest differs by version of Node.
  names: (facts) => (loadingFile(facts) === "" ? facts.finding.path.words : ["module", "children"]),
  position(facts) {
    const file = loadingFile(facts);
    return file === "" ? facts.finding.path.position : { file, line: 1, column: 1 };
  },
};

/** The file of the module whose `children` grow; empty if it is another of Node's tables. */
function loadingFile({ heap, finding }: HolderFacts): string {
  const { graph } = heap;
  let file = "";
  eachRetainer(graph, heap.retainers, finding.container, (from) => {
    if (nodeText(graph, from) !== "Module") return true;
    if (propertyOf(graph, from, "children") !== finding.container) return true;
    file = textProperty(graph, from, "filename");
    return file === "";
  });
  return file;
}
