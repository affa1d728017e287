import type { ByteColumn, HeapGraph } from "../graph/heap-graph.js";
import { type ClassGroups, classGroups } from "./class-groups.js";
import { type Layouts, plainObjectLayouts } from "./plain-object-layouts.js";
import { storageOwners } from "./storage-owners.js";

/** Where each node belongs: to the object whose storage it is, and to a group. Nothing of it needs to know what retains what. */
export interface Belongings {
  readonly layouts: Layouts;
  readonly owner: Uint32Array; // as from `storageOwners`
  readonly ownedSize: ByteColumn;
  readonly groups: ClassGroups;
}

/** Another thread that finds out where nodes belong. */
export interface NodeSorter {
  /** Undefined where it cannot; rejected where it turns out that it could not. */
  belongings(graph: HeapGraph): Promise<Belongings> | undefined;
}

/** Finds out where each node belongs. */
export function belongings(graph: HeapGraph): Belongings {
  const layouts = plainObjectLayouts(graph);
  return { layouts, ...storageOwners(graph), groups: classGroups(graph, layouts) };
}
