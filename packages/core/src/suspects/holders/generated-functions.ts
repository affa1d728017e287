import { NO_SURVIVOR } from "../../diff/survivors.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { scriptName, scriptOfClosure } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { mostOf } from "../naming/heaviest-way.js";
import { newlyReached } from "../growth/newly-reached.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";

/** Functions and scripts made from text while the program runs: `new Function`, `eval`, `vm.Script`. */
export const generatedFunctions: HolderKind = {
  id: "generated-functions",
  advice:
    "Each text that is compiled is code of its own: compile fewer and hand data in as arguments, or bound how many are kept.",
  recognise: (facts) => mostOf(facts.heap, facts.samples, (sample) => isCompiled(facts, sample)),
  title: (facts) => `${usualTitle(facts)}, keeps functions compiled from text`,
};

function isCompiled({ growth, heap: { graph } }: HolderFacts, sample: NodeIndex): boolean {
  const cut = growth.cuts.at(-1)!;
  const found = newlyReached(growth, sample, (node) => {
    if (nodeText(graph, node) === "Node / ContextifyScript") return true;
    if (graph.nodeType[node] !== NodeType.closure) return false;
    const script = scriptOfClosure(graph, node);
    // What is loaded late has a file.
    return script !== NO_NODE && cut.survivorOf(script) === NO_SURVIVOR && isNoFile(scriptName(graph, script));
  });
  return found !== NO_NODE;
}

/** What V8 and Node call a script that nobody named. */
function isNoFile(name: string): boolean {
  return name === "" || name.startsWith("evalmachine.<anonymous>");
}
