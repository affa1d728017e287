import type { HeapGraph, NodeIndex, StringIndex } from "../graph/heap-graph.js";
import { NO_NODE } from "../graph/heap-graph.js";
import { NODE_TYPE_WORDS, NodeType } from "../graph/v8-types.js";
import { type ClassGroups, classGroups, GroupOf } from "./class-groups.js";
import { type Layouts, plainObjectLayouts } from "./plain-object-layouts.js";
import { NO_SHAPE, type Shape, ShapeMatcher, inferShapes } from "./plain-object-shapes.js";

/** Row of a class in the columns of one ClassTable. */
export type ClassIndex = number;

/** The nodes of one snapshot, grouped as DevTools groups them: `classOf` tells the class of one. */
export interface ClassTable {
  readonly groups: ClassGroups;
  readonly ofGroup: Uint32Array; // GroupIndex -> ClassIndex
  readonly names: readonly string[]; // ClassIndex -> what to call it; classes of one name may differ in where they are written
  readonly keys: readonly string[]; // ClassIndex -> equal for the same class in all snapshots of one process, and only there
}

// What DevTools calls those whose names say little about what they are. Node types not named here are called by their
// type in brackets, objects and native nodes by their own names.
const NAME_OF_TYPE: ReadonlyMap<number, string> = new Map([
  [NodeType.hidden, "(system)"],
  [NodeType.code, "(compiled code)"],
  [NodeType.closure, "Function"],
  [NodeType.regexp, "RegExp"],
]);

/**
 * Groups nodes by what a programmer would call them. Objects of classes with one name, written in different places,
 * are kept apart. Plain objects are called by their properties if they have one of the `shapes`.
 * @param layouts the properties of its plain objects
 * @param shapes what plain objects there are; to compare snapshots, give all of them the shapes of the last
 * @param groups its nodes, grouped
 */
export function classes(
  graph: HeapGraph,
  layouts: Layouts = plainObjectLayouts(graph),
  shapes: readonly Shape[] = inferShapes(graph, layouts),
  groups: ClassGroups = classGroups(graph, layouts),
): ClassTable {
  const names = new ClassNames(graph);
  const matcher = new ShapeMatcher(graph, layouts, shapes);
  const unplaced = (kind: number, value: number): ClassIndex => {
    if (kind === GroupOf.type) return names.named(NAME_OF_TYPE.get(value) ?? `(${NODE_TYPE_WORDS[value]!})`);
    if (kind !== GroupOf.layout) return names.named(nodesName(graph, value, kind === GroupOf.detachedName));
    const shape = matcher.shapeOf(value);
    return names.named(shape === NO_SHAPE ? "Object" : shapes[shape]!.name);
  };
  const { kind, value, location } = groups;
  const ofGroup = new Uint32Array(kind.length);
  for (let group = 0; group < kind.length; group++) {
    const index = unplaced(kind[group]!, value[group]!);
    ofGroup[group] = location[group] === NO_NODE ? index : names.placed(index, location[group]!);
  }
  return { groups, ofGroup, ...names.withoutUnused(ofGroup) };
}

/** The class of a node. */
export function classOf({ groups, ofGroup }: ClassTable, node: NodeIndex): ClassIndex {
  return ofGroup[groups.of[node]!]!;
}

/** What nodes that V8 calls so are called. */
function nodesName(graph: HeapGraph, name: StringIndex, isDetached: boolean): string {
  const text = graph.strings.text(name);
  return elementName(isDetached ? `Detached ${text}` : text);
}

/** The classes seen so far. */
class ClassNames {
  readonly #graph: HeapGraph;
  readonly #names: string[] = [];
  readonly #keys: string[] = [];
  readonly #byKey = new Map<string, ClassIndex>();

  constructor(graph: HeapGraph) {
    this.#graph = graph;
  }

  /** The class of that name, wherever it was written. */
  named(name: string): ClassIndex {
    return this.#withKey(name, `,${name}`);
  }

  /** The part of a class whose constructor is written in this place. */
  placed(unplaced: ClassIndex, row: number): ClassIndex {
    const { scriptId, line, column } = this.#graph.locations;
    const name = this.#names[unplaced]!;
    return this.#withKey(name, `${scriptId[row]!},${line[row]!},${column[row]!},${name}`);
  }

  /** Classes that no group is of go, the others move up. Rewrites `ofGroup`. */
  withoutUnused(ofGroup: Uint32Array): Pick<ClassTable, "names" | "keys"> {
    const moved = new Uint32Array(this.#names.length);
    for (const index of ofGroup) moved[index] = 1;
    const kept: ClassIndex[] = [];
    for (let index = 0; index < moved.length; index++) if (moved[index] === 1) moved[index] = kept.push(index) - 1;
    for (let group = 0; group < ofGroup.length; group++) ofGroup[group] = moved[ofGroup[group]!]!;
    return { names: kept.map((index) => this.#names[index]!), keys: kept.map((index) => this.#keys[index]!) };
  }

  #withKey(name: string, key: string): ClassIndex {
    let index = this.#byKey.get(key);
    if (index === undefined) {
      this.#keys.push(key);
      index = this.#names.push(name) - 1;
      this.#byKey.set(key, index);
    }
    return index;
  }
}

// `<div id="a">` and all others are `<div>`.
function elementName(name: string): string {
  const tag = name.startsWith("<") ? 1 : name.startsWith("Detached <") ? "Detached <".length : 0;
  const space = tag === 0 ? -1 : name.indexOf(" ", tag);
  return space < 0 ? name : `${name.slice(0, space)}>`;
}
