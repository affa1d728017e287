import { firstEdgeOf } from "../../graph/edges-aside.js";
import { nodeText } from "../../graph/v8-names.js";
import { type HolderFacts, type HolderKind, ifGrown } from "./holder-kind.js";

/** Blobs that were given a URL. Node keeps each until that is revoked, though nobody may know it any more. */
export const objectUrls: HolderKind = {
  id: "object-urls",
  advice: "Call URL.revokeObjectURL() for each URL that is done with, or hand out the Blob itself.",
  recognise: hasBlobs,
  title: (facts) => `Blobs of URL.createObjectURL()${ifGrown(facts, ", never revoked")}`,
  names: () => ["URL.createObjectURL"],
};

/** True for the object by which Node's own scripts reach what its C++ side has of Blobs. */
function hasBlobs({ heap: { graph }, finding: { container } }: HolderFacts): boolean {
  for (let edge = firstEdgeOf(graph, container); edge < graph.firstEdge[container + 1]!; edge++)
    if (nodeText(graph, graph.edgeTarget[edge]!) === "Node / BlobBindingData") return true;
  return false;
}
