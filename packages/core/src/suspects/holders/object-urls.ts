import { firstEdgeOf } from "../../graph/edges-aside.js";
import { nodeText } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { type HolderFacts, type HolderKind, ifGrown } from "./holder-kind.js";

/** Blobs that were given a URL. Node keeps each until that is revoked, though nobody may know it any more. */
export const objectUrls: HolderKind = {
  id: "object-urls",
  advice: "Call URL.revokeObjectURL() for each URL that is done with, or hand out the Blob itself.",
  recognise: hasBlobs,
  title: (facts) => `Blobs of URL.createObjectURL()${ifGrown(facts, ", never revoked")}`,
  names: () => ["URL.createObjectURL"],
};

/**
 * True for the object by which Node's own scripts reach what its C++ side has of Blobs. Up to Node 18 the root has an edge
 * to that side as well, as to all that is made in C++, and grows by whatever has no other holder.
 */
function hasBlobs({ heap: { graph }, finding: { container } }: HolderFacts): boolean {
  if (graph.nodeType[container] !== NodeType.object) return false;
  for (let edge = firstEdgeOf(graph, container); edge < graph.firstEdge[container + 1]!; edge++)
    if (nodeText(graph, graph.edgeTarget[edge]!) === "Node / BlobBindingData") return true;
  return false;
}
