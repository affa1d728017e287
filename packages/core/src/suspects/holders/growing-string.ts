import { NodeType } from "../../graph/v8-types.js";
import { type HolderKind, usualTitle } from "./holder-kind.js";

/** A text that is only ever added to; V8 keeps it as a tree of its parts. */
export const growingString: HolderKind = {
  id: "growing-string",
  advice: "Write the text out (to a file, a stream) and start anew, or keep only its end.",
  recognise({ heap, finding }) {
    const type = heap.graph.nodeType[finding.container];
    return type === NodeType.consString || type === NodeType.string || type === NodeType.slicedString;
  },
  title: (facts) => usualTitle(facts, "growing string"),
};
