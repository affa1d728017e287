import { beside, uint32Column } from "../parse/columns.js";
import { type HeapGraph, NO_NODE, type StringIndex } from "../graph/heap-graph.js";
import { NODE_TYPE_WORDS, NodeType } from "../graph/v8-types.js";
import { type Layouts, plainObjectLayouts } from "./plain-object-layouts.js";
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

/** Groups all nodes. Takes 8 bytes a string while it runs. */
export function classGroups(graph: HeapGraph, layouts: Layouts = plainObjectLayouts(graph)): ClassGroups {
  const { nodeCount, nodeType, nodeName, detached, locations, strings } = graph;
  const groups = new Groups(graph, layouts);
  const plainName = strings.indexOf("Object");
  const of = uint32Column(nodeCount, beside(nodeType));
  let row = 0; // of locations
  let plain = 0; // how many plain objects came before
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    if (type === NodeType.native) {
      const isDetached = detached !== null && detached[node] === DETACHED;
      of[node] = groups.unplaced(isDetached ? GroupOf.detachedName : GroupOf.name, nodeName[node]!);
    } else if (type === NodeType.object) {
      const name = nodeName[node]!;
      const isPlain = name === plainName;
      while (row < locations.node.length && locations.node[row]! < node) row++;
      const kind = isPlain ? GroupOf.layout : GroupOf.name;
      const value = isPlain ? layouts.of[plain++]! : name;
      of[node] = locations.node[row] === node ? groups.placed(kind, value, row) : groups.unplaced(kind, value);
    } else {
      of[node] = groups.unplaced(GroupOf.type, type);
    }
  }
  return { of, ...groups.columns() };
}

/** The groups seen so far. */
class Groups {
  readonly #graph: HeapGraph;
  readonly #kind: number[] = [];
  readonly #value: number[] = [];
  readonly #location: number[] = [];
  readonly #unplaced: readonly Uint32Array[]; // kind -> value -> group + 1, or 0
  readonly #places = new SequenceTable();
  readonly #byPlace: GroupIndex[] = []; // index in `places` -> group
  readonly #place: number[] = [];
  readonly #recent = new Uint32Array(1 << RECENT_BITS); // slot of a place -> group + 1 of the last object that was made there, or 0

  constructor(graph: HeapGraph, layouts: Layouts) {
    this.#graph = graph;
    const strings = (): Uint32Array => uint32Column(graph.strings.length);
    const layoutCount = layouts.firstProperty.length - 1;
    this.#unplaced = [new Uint32Array(NODE_TYPE_WORDS.length), strings(), strings(), uint32Column(layoutCount)];
  }

  unplaced(kind: number, value: number): GroupIndex {
    const known = this.#unplaced[kind]!;
    const group = known[value]!;
    if (group !== 0) return group - 1;
    known[value] = this.#kind.length + 1;
    return this.#add(kind, value, NO_NODE);
  }

  /** Objects of one name that are made in different places are of different groups. */
  placed(kind: number, value: StringIndex, row: number): GroupIndex {
    const { scriptId, line, column } = this.#graph.locations;
    const slot = (Math.imul(line[row]!, 0x9e3779b1) + Math.imul(column[row]!, 0x85ebca6b)) >>> (32 - RECENT_BITS);
    const group = this.#recent[slot]! - 1;
    if (group >= 0 && this.#kind[group] === kind && this.#value[group] === value) {
      const like = this.#location[group]!;
      if (line[like] === line[row] && column[like] === column[row] && scriptId[like] === scriptId[row]) return group;
    }
    const found = this.#searched(kind, value, row);
    this.#recent[slot] = found + 1;
    return found;
  }

  #searched(kind: number, value: StringIndex, row: number): GroupIndex {
    const { scriptId, line, column } = this.#graph.locations;
    const place = this.#place;
    place[0] = scriptId[row]!;
    place[1] = line[row]!;
    place[2] = column[row]!;
    place[3] = kind;
    place[4] = value;
    const index = this.#places.intern(place);
    if (index === this.#byPlace.length) this.#byPlace.push(this.#add(kind, value, row));
    return this.#byPlace[index]!;
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
