import { findEdge, NO_EDGE } from "../../graph/edges-of.js";
import type { HeapGraph, NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isModuleLoading } from "../module-loading.js";
import { shortFile } from "../short-file.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";

const MAX_EDGES = 20;

/** Modules that were loaded, and what Node keeps about each. */
export const moduleCache: HolderKind = {
  id: "module-cache",
  advice: "Load modules once, at start; find the code that requires or imports a new file name on every call.",
  recognise: ({ finding }) => isModuleLoading(finding),
  title(facts) {
    const loader = loadingFile(facts);
    const file = loadedFile(facts);
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
    const children = findEdge(graph, from, EdgeType.property, "children");
    if (children === NO_EDGE || graph.edgeTarget[children!] !== finding.container) return true;
    file = textOf(graph, from, "filename");
    return file === "";
  });
  return file;
}

/** The file of one of the modules: of what Node keeps about it, or has in a table by its kind; empty if unknown. */
function loadedFile({ heap: { graph }, samples }: HolderFacts): string {
  for (const sample of samples) {
    const near = [sample];
    const end = Math.min(graph.firstEdge[sample + 1]!, graph.firstEdge[sample]! + MAX_EDGES);
    for (let edge = graph.firstEdge[sample]!; edge < end; edge++)
      if (graph.edgeType[edge] === EdgeType.property) near.push(graph.edgeTarget[edge]!);
    for (const node of near) {
      const file = textOf(graph, node, "filename") || textOf(graph, node, "url");
      if (/^(?:file:|\/|[A-Za-z]:[\\/])/.test(file)) return file;
    }
  }
  return "";
}

/** The text of a property; empty if there is none. */
function textOf(graph: HeapGraph, object: NodeIndex, name: string): string {
  const edge = findEdge(graph, object, EdgeType.property, name);
  if (edge === NO_EDGE) return "";
  const text = graph.edgeTarget[edge]!;
  return graph.nodeType[text] === NodeType.string ? nodeText(graph, text) : "";
}
