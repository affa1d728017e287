import type { HeapGraph, Locations, StringIndex } from "../graph/heap-graph.js";
import { NODE_TYPE_WORDS, NodeType } from "../graph/v8-types.js";
import { type Layouts, plainObjectLayouts } from "./plain-object-layouts.js";
import { NO_SHAPE, type Shape, ShapeMatcher, inferShapes } from "./plain-object-shapes.js";
import { SequenceTable } from "./sequence-table.js";

/** Row of a class in the columns of one ClassTable. */
export type ClassIndex = number;

/** The nodes of one snapshot, grouped as DevTools groups them. */
export interface ClassTable {
  readonly classOf: Uint32Array; // node -> ClassIndex
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

const DETACHED = 2;

/**
 * Groups nodes by what a programmer would call them. Objects of classes with one name, written in different places,
 * are kept apart. Plain objects are called by their properties if they have one of the `shapes`. The table takes 4
 * bytes a node; making it takes 3 bytes a string besides.
 * @param layouts the properties of its plain objects
 * @param shapes what plain objects there are; to compare snapshots, give all of them the shapes of the last
 */
export function classes(
  graph: HeapGraph,
  layouts: Layouts = plainObjectLayouts(graph),
  shapes: readonly Shape[] = inferShapes(graph, layouts),
): ClassTable {
  const { nodeCount, nodeType, nodeName, detached, locations, strings } = graph;
  const table = new ClassNames(graph);
  const matcher = new ShapeMatcher(graph, layouts, shapes);
  const plainName = strings.indexOf("Object");
  const ofShape = shapes.map((shape) => table.named(shape.name));
  const unshaped = table.named("Object");
  const ofLayout = Uint32Array.from({ length: layouts.firstProperty.length - 1 }, (_, layout) => {
    const shape = matcher.shapeOf(layout);
    return shape === NO_SHAPE ? unshaped : ofShape[shape]!;
  });
  const ofType = NODE_TYPE_WORDS.map((word, type) => table.named(NAME_OF_TYPE.get(type) ?? `(${word})`));
  const classOf = new Uint32Array(nodeCount);
  let row = 0; // of locations
  let plain = 0; // how many plain objects came before
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    const name = nodeName[node]!;
    if (type === NodeType.native) {
      classOf[node] = table.ofNode(name, detached !== null && detached[node] === DETACHED);
    } else if (type === NodeType.object) {
      const unplaced = name === plainName ? ofLayout[layouts.of[plain++]!]! : table.ofNode(name, false);
      while (row < locations.node.length && locations.node[row]! < node) row++;
      classOf[node] = locations.node[row] === node ? table.placed(unplaced, locations, row) : unplaced;
    } else {
      classOf[node] = ofType[type]!;
    }
  }
  return table.withoutUnused(classOf);
}

/** The classes seen so far. Text is handled once for each name and once for each place. */
class ClassNames {
  readonly #graph: HeapGraph;
  readonly #names: string[] = [];
  readonly #keys: string[] = [];
  readonly #byName = new Map<string, ClassIndex>();
  readonly #byNodeName = new Map<StringIndex, ClassIndex>();
  readonly #byDetachedName = new Map<StringIndex, ClassIndex>();
  readonly #places = new SequenceTable();
  readonly #byPlace: ClassIndex[] = []; // index in `places` -> class
  readonly #place: number[] = [];

  constructor(graph: HeapGraph) {
    this.#graph = graph;
  }

  /** The class of that name, wherever it was written. */
  named(name: string): ClassIndex {
    let index = this.#byName.get(name);
    if (index === undefined) {
      index = this.#add(name, `,${name}`);
      this.#byName.set(name, index);
    }
    return index;
  }

  /** The class of nodes that V8 calls so. */
  ofNode(name: StringIndex, detached: boolean): ClassIndex {
    const known = detached ? this.#byDetachedName : this.#byNodeName;
    let index = known.get(name);
    if (index === undefined) {
      const text = this.#graph.strings.text(name);
      index = this.named(elementName(detached ? `Detached ${text}` : text));
      known.set(name, index);
    }
    return index;
  }

  /** The part of a class whose constructor is written in this place. */
  placed(unplaced: ClassIndex, locations: Locations, row: number): ClassIndex {
    const place = this.#place;
    place[0] = locations.scriptId[row]!;
    place[1] = locations.line[row]!;
    place[2] = locations.column[row]!;
    place[3] = unplaced;
    const index = this.#places.intern(place);
    if (index === this.#byPlace.length) {
      const name = this.#names[unplaced]!;
      this.#byPlace.push(this.#add(name, `${place[0]},${place[1]},${place[2]},${name}`));
    }
    return this.#byPlace[index]!;
  }

  /** The finished table: classes without nodes go, the others move up. Rewrites `classOf`. */
  withoutUnused(classOf: Uint32Array): ClassTable {
    const moved = new Uint32Array(this.#names.length);
    for (let node = 0; node < classOf.length; node++) moved[classOf[node]!] = 1;
    const kept: ClassIndex[] = [];
    for (let index = 0; index < moved.length; index++) if (moved[index] === 1) moved[index] = kept.push(index) - 1;
    for (let node = 0; node < classOf.length; node++) classOf[node] = moved[classOf[node]!]!;
    return {
      classOf,
      names: kept.map((index) => this.#names[index]!),
      keys: kept.map((index) => this.#keys[index]!),
    };
  }

  #add(name: string, key: string): ClassIndex {
    this.#keys.push(key);
    return this.#names.push(name) - 1;
  }
}

// `<div id="a">` and all others are `<div>`.
function elementName(name: string): string {
  const tag = name.startsWith("<") ? 1 : name.startsWith("Detached <") ? "Detached <".length : 0;
  const space = tag === 0 ? -1 : name.indexOf(" ", tag);
  return space < 0 ? name : `${name.slice(0, space)}>`;
}
