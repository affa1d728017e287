import { commonMemory, type ColumnMemory } from "../parse/column-memory.js";
import { instantiated, wasmModule } from "../parse/wasm-module.js";

type Column = Uint8Array | Uint32Array | Float64Array;
/** Place of a column in the memory: see `placeOf`. */
type Place = number;

// prettier-ignore
/** What `wasm/heap.ts` exports, file by file; those say what it does. Numbers come back signed. */
export interface HeapKernel {
  // node-types.ts
  translate(...order: [...slice: Slice, types: Place, ours: Place]): void;
  nodesOfType(...order: [...slice: Slice, types: Place, type: number, found: Place]): number;
  // retaining-edges.ts
  markByType(...order: [...slice: Slice, firstEdge: Place, edgeType: Place, edgeTarget: Place, retains: Place, bits: Place]): void;
  reachFrom(depth: number, most: number, firstEdge: Place, edgeType: Place, edgeTarget: Place, weak: number, reached: Place, stack: Place): number;
  leaveOut(...order: [...slice: Slice, firstEdge: Place, edgeTarget: Place, inside: Place, isLeftOut: Place, bits: Place]): void;
  nextNamed(...order: [
    ...slice: Slice, edge: number, nodeType: Place, array: number,
    firstEdge: Place, edgeType: Place, internal: number, edgeName: Place, names: Place,
  ]): number;
  nodeOfNamed(): number;
  countOnes(bits: Place, length: number): number;
  // storage-owners.ts
  markStorage(...order: [...slice: Slice, nodeType: Place, hidden: number, array: number, owner: Place]): void;
  spreadOwners(...order: [...slice: Slice, firstEdge: Place, edgeType: Place, edgeTarget: Place, weak: number, owner: Place, work: Place]): void;
  settleOwners(...order: [...slice: Slice, owner: Place, nodeType: Place, synthetic: number, size: Place, wide: boolean]): void;
  // id-census.ts
  startCensus(object: number, closure: number, array: number, number: number): void;
  countIds(...order: [...slice: Slice, ids: Place, types: Place, sizes: Place, wide: boolean]): void;
  countedObjects(): number;
  newestId(): number;
  countedBytes(): number;
  // plain-object-layouts.ts
  startLayouts(
    nodeType: Place, nodeName: Place, firstEdge: Place, edgeType: Place, edgeName: Place,
    object: number, objectName: number, property: number, recent: Place, slots: number,
  ): void;
  countPlainObjects(...slice: Slice): number;
  noteLayouts(...order: [...slice: Slice, layouts: Place]): number;
  rememberLayout(node: number, layout: number): void;
  // class-groups.ts
  startGroups(
    nodeType: Place, nodeName: Place, layoutOf: Place,
    byType: Place, byName: Place, byDetachedName: Place, byLayout: Place, recent: Place,
    located: Place, scriptId: Place, line: Place, column: Place, detached: Place, groupOf: Place,
    slotBits: number, object: number, native: number, objectName: number, hasStates: boolean,
  ): void;
  startGroupSlice(first: number, locations: number): void;
  groupNodes(...slice: Slice): number;
  plainObjectCount(): number;
  locationRow(): number;
  // depth-first.ts
  startWalk(firstEdge: Place, edgeTarget: Place, bits: Place, number: Place, above: Place, last: Place, before: Place, edgesLeft: Place): void;
  walk(start: number, first: number, most: number): number;
  rowsBefore(): number;
  // dominators.ts
  startDominators(above: Place, last: Place, before: Place, stack: Place, lows: Place): void;
  parents(...order: [...slice: Slice, above: Place, parent: Place]): void;
  semidominators(high: number, low: number): void;
  nearestAncestors(...order: [...slice: Slice, parent: Place, semi: Place]): void;
  dominatorsByNode(...order: [...slice: Slice, node: Place, numbers: Place, dominator: Place]): void;
  // retained-sizes.ts
  sumsByNumber(...order: [...slice: Slice, node: Place, size: Place, wide: boolean, sums: Place]): void;
  addToDominators(high: number, low: number, dominator: Place, wide: boolean, sums: Place): void;
  retainedByNode(...order: [...slice: Slice, node: Place, sums: Place, wide: boolean, retained: Place]): void;
  // retainers.ts
  edgesTo(count: number, first: number, targets: Place, wanted: Place, bits: Place, found: Place): number;
  countRetainers(...order: [...slice: Slice, first: number, targets: Place, bits: Place, counts: Place]): void;
  addUp(...order: [...slice: Slice, sum: number, counts: Place]): number;
  fillRetainers(high: number, low: number, first: number, targets: Place, bits: Place, firstRetainer: Place, retainerEdge: Place): void;
  // same-ids.ts
  startIds(limit: number, others: Place): void;
  otherIds(): number;
  highestId(): number;
  noteIds(...order: [...slice: Slice, ids: Place]): void;
  enterIds(...order: [...slice: Slice, ids: Place, table: Place]): void;
  findIds(...order: [...slice: Slice, ids: Place, highest: number, table: Place, same: Place]): void;
  // match-nodes.ts
  partNodes(...order: [...slice: Slice, typeBefore: Place, typeAfter: Place, keepsId: Place, same: Place, row: number, toAsk: Place]): number;
  // class-growth.ts
  sumByClass(...order: [...slice: Slice, groupOf: Place, rows: Place, size: Place, wide: boolean, count: Place, bytes: Place]): void;
  countSurvivors(...order: [
    ...slice: Slice, same: Place,
    groupBefore: Place, rowsBefore: Place, sizeBefore: Place, wideBefore: boolean,
    groupAfter: Place, rowsAfter: Place, sizeAfter: Place, wideAfter: boolean,
    count: Place, bytes: Place, bytesBefore: Place,
  ]): void;
  // survivors.ts
  markOwners(...order: [...slice: Slice, owner: Place, lived: Place]): void;
  followBack(...order: [...slice: Slice, lived: Place, now: Place, match: Place, owner: Place, before: Place]): void;
  nodesBefore(...order: [...slice: Slice, later: Place, match: Place, earlier: Place]): void;
  // units.ts
  startCut(place: Place, dominator: Place, owner: Place, nodes: Place, region: Place, unit: Place, way: Place): void;
  memberCount(): number;
  placeSurvivors(...slice: Slice): void;
  cut(...slice: Slice): void;
  sortMembers(...order: [...slice: Slice, row: number, members: Place, region: Place, unit: Place]): number;
  // holder-sums.ts
  startEngine(
    nodeType: Place, nodeName: Place, detached: Place, owner: Place, dominator: Place, hiddenNames: Place, nativeNames: Place,
    code: number, shape: number, hidden: number, string: number, native: number, array: number,
  ): void;
  sumUp(...order: [...slice: Slice, size: Place, wide: boolean, place: Place, region: Place, program: Place, engine: Place, wideSums: boolean]): number;
  belowUnits(...order: [...slice: Slice, nodes: Place, dominator: Place, place: Place, found: Place]): number;
  // marks.ts
  markApart(...order: [...slice: Slice, one: Place, other: Place, wide: boolean, least: number, marks: Place]): void;
  listMarked(...order: [...slice: Slice, marks: Place, row: number, list: Place]): number;
}

/** Rows from `low` up to, not including, `high`. */
type Slice = [low: number, high: number];

const kernels = new WeakMap<ColumnMemory, HeapKernel>();

/**
 * The loops for columns of one heap; null where they cannot be run: see `wasmModule`, and where the columns do not all lie
 * in one memory. Then the same is done without them.
 */
export function kernelFor(first: Column, ...others: readonly Column[]): HeapKernel | null {
  const memory = commonMemory(first, ...others);
  if (memory === null) return null;
  let kernel = kernels.get(memory);
  if (kernel === undefined) {
    const module = wasmModule(new URL("./heap.wasm", import.meta.url));
    if (module === null) return null;
    kernel = instantiated<HeapKernel>(module, memory.memory);
    kernels.set(memory, kernel);
  }
  return kernel;
}

/** Place of a column in its memory. */
export function placeOf({ byteOffset }: Column): Place {
  return byteOffset;
}

/** Places of columns, as they are handed to a loop. */
export function placesOf<const Columns extends readonly Column[]>(columns: Columns): { [I in keyof Columns]: Place } {
  return columns.map(placeOf) as { [I in keyof Columns]: Place };
}
