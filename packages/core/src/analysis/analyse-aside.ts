import type { Column, ColumnsGoingAside } from "../graph/columns-aside.js";
import type { EdgeColumns } from "../graph/edges-aside.js";
import type { ByteColumn, HeapGraph } from "../graph/heap-graph.js";
import { retainingEdges } from "../graph/retaining-edges.js";
import { beside, besideToTheLast, discard, moved, movedOut } from "../parse/columns.js";
import type { Belongings } from "./belongings.js";
import { type ClassGroups, classGroups } from "./class-groups.js";
import { depthFirst, nodesInOrder } from "./depth-first.js";
import { dominatorNumbers, dominators } from "./dominators.js";
import type { HeapAnalysis } from "./heap-analysis.js";
import { plainObjectLayouts } from "./plain-object-layouts.js";
import { retainedSizes } from "./retained-sizes.js";
import { storageOwners, summable } from "./storage-owners.js";

/** What is left in memory of a heap whose columns have been put aside. */
export interface AnalysedAside extends Pick<HeapAnalysis, "retaining" | "layouts"> {
  readonly groups: Omit<ClassGroups, "of">;
}

/** Where edges are when a heap has been analysed, if not in the file with all other columns. */
export interface EdgesAfter {
  /** Names and types are nowhere: they can be read from the snapshot again. */
  readonly dropsNames?: boolean;
  /** Targets stay in memory. */
  readonly keepsTargets?: boolean;
}

/**
 * Computes what `analyseHeap` does, and the groups. Each column, the graph's too, is put aside as soon as nothing below
 * needs it, which takes the peak of a heap from 105 to 61 bytes a node (of 212 MB).
 * @param edges where they shall be found afterwards
 * @param elsewhere where its nodes belong, if another thread finds that out
 */
export async function analyseAside(
  graph: HeapGraph,
  aside: ColumnsGoingAside,
  edges: EdgesAfter = {},
  elsewhere?: Promise<Belongings>,
): Promise<AnalysedAside> {
  const { firstEdge, edgeTarget } = graph;
  const where = beside(firstEdge);
  const putNames: PutNames = (columns) => {
    if (edges.dropsNames) discard(...Object.values(columns));
    else aside.put(columns);
  };
  // What stays here need not be handed to another thread.
  const kept = <C extends Column>(column: C): C =>
    edges.keepsTargets ? moved(column, column.length, besideToTheLast(column)) : movedOut(column);
  const retaining = retainingEdges(graph);
  const { layouts, groups } = await belongingsAside(graph, aside, putNames, elsewhere);

  const order = depthFirst(graph, retaining);
  aside.put({ firstEdge });
  if (edges.keepsTargets) aside.keep({ edgeTarget });
  else aside.put({ edgeTarget });
  const node = nodesInOrder(order.number);
  const numbers = dominatorNumbers(order);
  const sizes = aside.copyOf("ownedSize", where) as ByteColumn;
  const retainedSize = retainedSizes(node, numbers, sizes);
  const dominator = dominators(node, numbers);
  discard(node, numbers, sizes);
  aside.put({ dominator, retainedSize });
  return {
    retaining: { ...retaining, bits: kept(retaining.bits) },
    layouts: { ...layouts, of: kept(layouts.of) },
    groups,
  };
}

type PutNames = (columns: Partial<EdgeColumns>) => void;
type KeptBelongings = Pick<AnalysedAside, "layouts" | "groups">;

function belongingsHere(graph: HeapGraph, aside: ColumnsGoingAside, putNames: PutNames): KeptBelongings {
  const { nodeType, nodeName, nodeId, selfSize, firstEdge, detached, edgeType, edgeName } = graph;
  aside.put({ nodeId });
  const layouts = plainObjectLayouts(graph);
  putNames({ edgeName });
  aside.put({ selfSize });
  const sizes = aside.copyOf("selfSize", beside(firstEdge)) as ByteColumn;
  const { owner, ownedSize } = storageOwners(graph, summable(graph, sizes));
  putNames({ edgeType });
  aside.put({ owner, ownedSize });
  const { of: groupOf, ...groups } = classGroups(graph, layouts);
  aside.put({ nodeType, nodeName, groupOf, ...(detached !== null && { detached }) });
  return { layouts, groups };
}

/** What another thread finds out; here, if there is none or it is lost. */
async function belongingsAside(
  graph: HeapGraph,
  aside: ColumnsGoingAside,
  putNames: PutNames,
  elsewhere: Promise<Belongings> | undefined,
): Promise<KeptBelongings> {
  const found = await elsewhere?.catch(() => undefined);
  if (found === undefined) return belongingsHere(graph, aside, putNames);
  const { nodeType, nodeName, nodeId, selfSize, detached, edgeType, edgeName } = graph;
  const { layouts, owner, ownedSize } = found;
  const { of: groupOf, ...groups } = found.groups;
  putNames({ edgeName, edgeType });
  const ofGraph = { nodeId, selfSize, nodeType, nodeName, ...(detached !== null && { detached }) };
  aside.put({ ...ofGraph, owner, ownedSize, groupOf });
  return { layouts, groups };
}
