import { type Where, beside, blankColumn, discard, newBytes, uint32Column } from "../parse/columns.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { kernelFor, placesOf } from "../graph/heap-kernel.js";
import { SLICE, eachSlice } from "../parse/slices.js";
import { NODE_TYPE_WORDS, NodeType } from "../graph/v8-types.js";
import { type Layouts, plainObjectLayouts, plainObjects } from "./plain-object-layouts.js";
import { SequenceTable } from "./sequence-table.js";

/** What the nodes of a group have in common, by which they are called. */
export const GroupOf = { type: 0, name: 1, detachedName: 2, layout: 3 } as const;

/** Row of a group in the columns of one ClassGroups. */
export type GroupIndex = number;

/**
 * The nodes of one snapshot, grouped by all that decides what to call them. It takes the shapes of another snapshot to
 * make classes of groups, but no look at the nodes any more. Plain data.
 */
export interface ClassGroups {
  readonly of: Uint32Array; // node -> group; groups are numbered in the order they first come
  readonly kind: Uint8Array; // group -> GroupOf
  readonly value: Uint32Array; // group -> NodeType, StringIndex or layout
  readonly location: Uint32Array; // group -> row of its first node in `locations`, or NO_NODE: it may be written anywhere
}

const DETACHED = 2;

/** Places of which the last group is remembered: a heap has far fewer at which most of its objects are made. */
const RECENT_BITS = 12;
/** Numbers in the slot of a place: its group + 1, or 0; kind and value of that; script, line and column of the place. */
const SLOT = 6;

/** Groups all nodes. Takes 8 bytes a string while it runs. */
export function classGroups(graph: HeapGraph, layouts: Layouts = plainObjectLayouts(graph)): ClassGroups {
  const where = beside(graph.nodeType);
  const groups = new Groups(graph, layouts, where);
  const of = blankColumn(graph.nodeCount, where);
  if (where === "own" || !groupedByKernel(graph, layouts, groups, of)) group(graph, layouts, groups, of);
  discard(...groups.tables);
  return { of, ...groups.columns() };
}

function group(graph: HeapGraph, layouts: Layouts, groups: Groups, of: Uint32Array): void {
  const { nodeCount, nodeType, locations } = graph;
  const isPlain = plainObjects(graph);
  let row = 0; // of locations
  let plain = 0; // how many plain objects came before
  for (let node = 0; node < nodeCount; node++) {
    const isObject = nodeType[node] === NodeType.object;
    if (isObject) while (row < locations.node.length && locations.node[row]! < node) row++;
    of[node] = groups.of(node, layouts.of[plain]!, row);
    if (isPlain(node)) plain++;
  }
}

/** By a kernel, which asks for groups that it does not know yet, or not any more. False if its memory is full. */
function groupedByKernel(graph: HeapGraph, layouts: Layouts, groups: Groups, of: Uint32Array): boolean {
  const { nodeCount, nodeType, nodeName, locations, strings, detached } = graph;
  // Room for the locations and the states of a slice's nodes: all others stay where no kernel sees them.
  const column = (): Uint32Array => blankColumn(SLICE, beside(of));
  const [nodes, scripts, lines, columns] = [column(), column(), column(), column()] as const;
  const states = newBytes(SLICE, beside(of));
  const ofSlice = [nodes, scripts, lines, columns, states] as const;
  const all = [nodeType, nodeName, layouts.of, ...groups.tables, ...ofSlice, of] as const;
  const kernel = kernelFor(...all);
  if (kernel === null) {
    discard(...ofSlice);
    return false;
  }
  const types = [NodeType.object, NodeType.native, strings.indexOf("Object"), detached !== null] as const;
  kernel.startGroups(...placesOf(all), RECENT_BITS, ...types);
  let first = 0; // row of the first location of the slice
  eachSlice(nodeCount, (low, high) => {
    let end = first;
    while (end < locations.node.length && locations.node[end]! < high) end++;
    nodes.set(locations.node.subarray(first, end));
    scripts.set(locations.scriptId.subarray(first, end));
    lines.set(locations.line.subarray(first, end));
    columns.set(locations.column.subarray(first, end));
    if (detached !== null) states.set(detached.subarray(low, high));
    kernel.startGroupSlice(low, end - first);
    for (let node = low; node < high;) {
      node = kernel.groupNodes(node, high) >>> 0;
      if (node < high) groups.of(node, layouts.of[kernel.plainObjectCount()]!, first + kernel.locationRow());
    }
    first = end;
  });
  discard(...ofSlice);
  return true;
}

/** The groups seen so far. */
class Groups {
  readonly #graph: HeapGraph;
  readonly #kind: number[] = [];
  readonly #value: number[] = [];
  readonly #location: number[] = [];
  readonly #places = new SequenceTable();
  readonly #byPlace: GroupIndex[] = []; // index in `places` -> group
  readonly #place: number[] = [];
  /** What groups are found by, in the order that a kernel takes them: kind -> value -> group + 1, or 0; and recent places. */
  readonly tables: readonly [
    type: Uint32Array,
    name: Uint32Array,
    detachedName: Uint32Array,
    layout: Uint32Array,
    recent: Uint32Array, // SLOT numbers for each hash of a place
  ];
  readonly #isPlain: (node: NodeIndex) => boolean;

  constructor(graph: HeapGraph, layouts: Layouts, where: Where) {
    this.#graph = graph;
    this.#isPlain = plainObjects(graph);
    const column = (length: number): Uint32Array => uint32Column(length, where);
    const layoutCount = layouts.firstProperty.length - 1;
    const { length } = graph.strings;
    const byName = [column(length), column(length)] as const;
    this.tables = [column(NODE_TYPE_WORDS.length), ...byName, column(layoutCount), column(SLOT << RECENT_BITS)];
  }

  /**
   * The group of a node.
   * @param layout of the node, if it is a plain object
   * @param row of its location, if it is an object that has one; else of another
   */
  of(node: NodeIndex, layout: number, row: number): GroupIndex {
    const { nodeType, nodeName, detached, locations } = this.#graph;
    const type = nodeType[node]!;
    if (type === NodeType.object) {
      const isPlain = this.#isPlain(node);
      const kind = isPlain ? GroupOf.layout : GroupOf.name;
      const value = isPlain ? layout : nodeName[node]!;
      return locations.node[row] === node ? this.#placed(kind, value, row) : this.#notPlaced(kind, value);
    }
    if (type !== NodeType.native) return this.#notPlaced(GroupOf.type, type);
    const isDetached = detached !== null && detached[node] === DETACHED;
    return this.#notPlaced(isDetached ? GroupOf.detachedName : GroupOf.name, nodeName[node]!);
  }

  #notPlaced(kind: number, value: number): GroupIndex {
    const known = this.tables[kind]!;
    const group = known[value]!;
    if (group !== 0) return group - 1;
    known[value] = this.#kind.length + 1;
    return this.#add(kind, value, NO_NODE);
  }

  /** Objects of one name that are made in different places are of different groups. */
  #placed(kind: number, value: number, row: number): GroupIndex {
    const { scriptId, line, column } = this.#graph.locations;
    const recent = this.tables[4];
    const hash = Math.imul(line[row]!, 0x9e3779b1) + Math.imul(column[row]!, 0x85ebca6b);
    const slot = SLOT * (hash >>> (32 - RECENT_BITS));
    const place = this.#place;
    place[0] = kind;
    place[1] = value;
    place[2] = scriptId[row]! >>> 0;
    place[3] = line[row]! >>> 0;
    place[4] = column[row]! >>> 0;
    let isLike = recent[slot] !== 0;
    for (let i = 0; isLike && i < place.length; i++) isLike = recent[slot + 1 + i] === place[i];
    if (isLike) return recent[slot]! - 1;
    const index = this.#places.intern(place);
    if (index === this.#byPlace.length) this.#byPlace.push(this.#add(kind, value, row));
    const group = this.#byPlace[index]!;
    recent[slot] = group + 1;
    recent.set(place, slot + 1);
    return group;
  }

  columns(): Omit<ClassGroups, "of"> {
    return {
      kind: Uint8Array.from(this.#kind),
      value: Uint32Array.from(this.#value),
      location: Uint32Array.from(this.#location),
    };
  }

  #add(kind: number, value: number, location: number): GroupIndex {
    this.#value.push(value);
    this.#location.push(location);
    return this.#kind.push(kind) - 1;
  }
}
