import type { HeapGraph, StringIndex } from "../graph/heap-graph.js";
import { type Layouts, plainObjectLayouts } from "./plain-object-layouts.js";
import { SequenceTable } from "./sequence-table.js";

/**
 * A kind of plain object, known by the properties it has: `{id, user, expires}`. Plain data: what was inferred from
 * one snapshot can be sent to another thread and applied to another snapshot.
 */
export interface Shape {
  /** What to call it; two shapes may be named alike where only later properties differ. */
  readonly name: string;
  readonly properties: readonly string[];
}

/** Says that a plain object has none of the shapes. */
export const NO_SHAPE = -1;

// DevTools' limits: a name takes further properties up to this length, and a shape must fit two objects and one in a
// thousand.
const LONGEST_NAME = 120;
const FEWEST_OBJECTS = 2;
const LEAST_PROPORTION = 1 / 1000;

const UNKNOWN_LENGTH = 0xffff;

/**
 * The shapes that plain objects of this heap often have, most frequent first. As in DevTools, a shape is made of the
 * first properties only, as many as a readable name has room for.
 */
export function inferShapes(graph: HeapGraph, layouts: Layouts = plainObjectLayouts(graph)): Shape[] {
  const names = new ShapeNames(graph, layouts);
  const sequences = new SequenceTable();
  const counts: number[] = []; // sequence -> objects that start with these properties
  const firstLayout: number[] = []; // sequence -> one that starts with them
  const properties: StringIndex[] = [];
  const objects = objectsOf(layouts);
  for (let layout = 0; layout < objects.length; layout++) {
    names.properties(layout, properties);
    if (properties.length === 0) continue;
    const sequence = sequences.intern(properties, names.unseen(properties));
    if (sequence === counts.length) {
      counts.push(0);
      firstLayout.push(layout);
    }
    counts[sequence]! += objects[layout]!;
  }
  const fewest = Math.max(FEWEST_OBJECTS, layouts.of.length * LEAST_PROPORTION);
  const frequent = Array.from(counts.keys()).filter((sequence) => counts[sequence]! >= fewest);
  return frequent
    .sort((a, b) => counts[b]! - counts[a]!)
    .map((sequence) => {
      names.properties(firstLayout[sequence]!, properties);
      return names.shape(properties);
    });
}

/** @returns layout -> how many objects have it */
function objectsOf({ of, firstProperty }: Layouts): Uint32Array {
  const counts = new Uint32Array(firstProperty.length - 1);
  for (let rank = 0; rank < of.length; rank++) counts[of[rank]!]!++;
  return counts;
}

/** Which properties of an object its shape is called by. Decodes each property's name once. */
class ShapeNames {
  readonly #graph: HeapGraph;
  readonly #layouts: Layouts;
  readonly #proto: StringIndex;
  readonly #length: Uint16Array; // StringIndex -> length in a shape's name, or UNKNOWN_LENGTH

  constructor(graph: HeapGraph, layouts: Layouts) {
    this.#graph = graph;
    this.#layouts = layouts;
    this.#proto = graph.strings.indexOf("__proto__");
    this.#length = new Uint16Array(graph.strings.length).fill(UNKNOWN_LENGTH);
  }

  /** Puts the names of the first properties into `properties`, as many as DevTools would take. */
  properties(layout: number, properties: StringIndex[]): void {
    const { firstProperty, property } = this.#layouts;
    properties.length = 0;
    let total = 1;
    const end = firstProperty[layout + 1]!;
    for (let row = firstProperty[layout]!; row < end; row++) {
      const name = property[row]!;
      if (name === this.#proto) continue;
      const length = this.#nameLength(name);
      if (total > 1 && total + length > LONGEST_NAME) break;
      total += length + (total === 1 ? 0 : 2);
      properties.push(name);
    }
  }

  /** How many leading properties leave no trace in the name: those called by the empty text. */
  unseen(properties: readonly StringIndex[]): number {
    let count = 0;
    while (count < properties.length && this.#nameLength(properties[count]!) === 0) count++;
    return count;
  }

  shape(properties: readonly StringIndex[]): Shape {
    const texts = properties.map((name) => this.#graph.strings.text(name));
    const shown = texts.slice(this.unseen(properties)).map(shownName);
    return { name: `{${shown.join(", ")}}`, properties: texts };
  }

  #nameLength(name: StringIndex): number {
    let length = this.#length[name]!;
    if (length === UNKNOWN_LENGTH) {
      length = Math.min(shownName(this.#graph.strings.text(name)).length, UNKNOWN_LENGTH - 1);
      this.#length[name] = length;
    }
    return length;
  }
}

// Quoted where it would be mistaken for more than one name.
function shownName(property: string): string {
  return /[,'"{}]/.test(property) ? JSON.stringify(property) : property;
}

/**
 * Finds the shape of plain objects: of those whose properties an object has all, the one with the most; of equal ones
 * the first.
 */
export class ShapeMatcher {
  readonly #layouts: Layouts;
  readonly #asked: Uint8Array; // StringIndex -> 1 if a shape asks for a property of that name
  readonly #shapesAsking = new Map<StringIndex, number[][]>(); // name -> nth property of that name -> shapes
  readonly #size: Uint32Array; // shape -> how many properties it asks for
  readonly #found: Uint32Array; // shape -> how many of them the layout at hand has; 0 between layouts

  /** @param shapes as `inferShapes` gives them, from this or another snapshot */
  constructor(graph: HeapGraph, layouts: Layouts, shapes: readonly Shape[]) {
    this.#layouts = layouts;
    this.#asked = new Uint8Array(graph.strings.length);
    this.#size = Uint32Array.from(shapes, (shape) => shape.properties.length);
    this.#found = new Uint32Array(shapes.length);
    shapes.forEach((shape, index) => {
      const names = shape.properties.map((property) => graph.strings.indexOf(property));
      if (names.every((name) => name >= 0)) this.#ask(index, names);
    });
  }

  /** Row of the shape in the constructor's list, or NO_SHAPE. */
  shapeOf(layout: number): number {
    const { firstProperty, property } = this.#layouts;
    const asked = this.#asked;
    const properties: StringIndex[] = [];
    const end = firstProperty[layout + 1]!;
    for (let row = firstProperty[layout]!; row < end; row++)
      if (asked[property[row]!] === 1) properties.push(property[row]!);
    return properties.length === 0 ? NO_SHAPE : this.#largestShapeOf(properties);
  }

  // Two symbols with one description are two properties of one name: a shape may ask for both.
  #ask(shape: number, names: readonly StringIndex[]): void {
    const times = new Map<StringIndex, number>();
    for (const name of names) {
      this.#asked[name] = 1;
      const nth = times.get(name) ?? 0;
      times.set(name, nth + 1);
      const asking = this.#shapesAsking.get(name) ?? [];
      this.#shapesAsking.set(name, asking);
      (asking[nth] ??= []).push(shape);
    }
  }

  #largestShapeOf(properties: readonly StringIndex[]): number {
    const times = new Map<StringIndex, number>();
    const touched: number[] = [];
    let best = NO_SHAPE;
    for (const name of properties) {
      const nth = times.get(name) ?? 0;
      times.set(name, nth + 1);
      for (const shape of this.#shapesAsking.get(name)?.[nth] ?? []) {
        if (this.#found[shape] === 0) touched.push(shape);
        if (++this.#found[shape]! === this.#size[shape] && this.#isBetter(shape, best)) best = shape;
      }
    }
    for (const shape of touched) this.#found[shape] = 0;
    return best;
  }

  #isBetter(shape: number, best: number): boolean {
    if (best === NO_SHAPE || this.#size[shape]! > this.#size[best]!) return true;
    return this.#size[shape] === this.#size[best] && shape < best;
  }
}
