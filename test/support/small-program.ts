import { type HeapAnalysis, analyseHeap } from "#core/analysis/heap-analysis.js";
import { compareHeaps } from "#core/compare-heaps.js";
import { type HolderGrowth, holderGrowth } from "#core/diff/holder-growth.js";
import { matchNodes } from "#core/diff/match-nodes.js";
import { survivors } from "#core/diff/survivors.js";
import type { SurvivorIndex } from "#core/diff/survivors.js";
import { buildGraph } from "#core/graph/build-graph.js";
import type { LeakReport } from "#core/report/leak-report.js";
import { rawSnapshotOf } from "./graph-of.js";
import { edgesPutAside } from "./edges-put-aside.js";
import { type NodeRow, SnapshotBuilder } from "./snapshot-builder.js";

const POINTER = 8;
/** Words before the first slot of V8's arrays: hidden class and length. */
const HEADER = 2;
const MAP_CAPACITY = 4096;
/** Heaps of which a program has the global `main`. */
const withMain = new WeakSet<SnapshotBuilder>();

/**
 * A program of one CommonJS module as V8 writes it: the global object refers to a function of the module, that to the
 * module's scope, and the scope has the variables.
 *
 *     global -main-> main() -context-> scope -journal-> Array
 */
export class SmallProgram {
  readonly heap: SnapshotBuilder;
  /** The function `main` of the module, a property of the global object. */
  readonly main: NodeRow;
  /** The module's scope. */
  readonly scope: NodeRow;
  readonly #script: NodeRow;
  readonly #scriptId: number;
  readonly #elements = new Map<NodeRow, { store: NodeRow | null; capacity: number; items: (NodeRow | null)[] }>();
  readonly #tables = new Map<NodeRow, { table: NodeRow; entries: number }>();
  readonly #realm: NodeRow;

  /**
   * @param source text of the module: variables are told where they are declared in it
   * @param heap what the module is to be part of; a heap of its own by default
   * @param scriptId V8's number of the module
   */
  constructor(
    source = "function main() {}\n",
    file = "/app/server.js",
    heap: SnapshotBuilder = new SnapshotBuilder(),
    scriptId = 7,
  ) {
    this.heap = heap;
    this.#scriptId = scriptId;
    const global = heap.global();
    this.#realm = heap.node("hidden", "system / NativeContext");
    heap.internal(global, "native_context", this.#realm);
    this.#script = heap.code("system / Script");
    heap.internal(this.#script, "name", heap.string(file));
    heap.internal(this.#script, "source", heap.string(source));
    this.scope = this.newScope();
    this.main = this.function("main", this.scope, 1);
    heap.property(global, withMain.has(heap) ? `main of ${file}` : "main", this.main);
    withMain.add(heap);
  }

  /** Names something in the module's scope. */
  variable<Row extends NodeRow>(name: string, node: Row): Row {
    this.heap.variable(this.scope, name, node);
    return node;
  }

  /** A scope that nothing refers to yet. */
  newScope(around?: NodeRow): NodeRow {
    const scope = this.heap.context({ size: 48 });
    this.heap.internal(scope, "previous", around ?? this.#realm);
    return scope;
  }

  /** A function of the module, made in a scope. */
  function(name: string, scope: NodeRow, line: number): NodeRow {
    const { heap } = this;
    const shared = heap.code(name);
    heap.internal(shared, "script", this.#script);
    const closure = heap.closure(name, { size: 64, at: { scriptId: this.#scriptId, line: line - 1, column: 0 } });
    heap.internal(closure, "shared", shared);
    heap.internal(closure, "context", scope);
    return closure;
  }

  /** An Array; its backing store is allocated anew when `push` needs more room. */
  array(): NodeRow {
    const array = this.heap.object("Array", { size: 32 });
    this.#elements.set(array, { store: null, capacity: 0, items: [] });
    return array;
  }

  push(array: NodeRow, ...added: readonly NodeRow[]): void {
    for (const item of added) {
      const { store, items } = this.#withRoom(array);
      this.heap.element(array, items.length, item).internal(store, String(items.length), item);
      items.push(item);
    }
  }

  /** Small integers leave nothing but the room they take. */
  pushNumbers(array: NodeRow, count: number): void {
    for (let i = 0; i < count; i++) this.#withRoom(array).items.push(null);
  }

  /** Frees an Array, not what is in it. */
  freeArray(array: NodeRow): void {
    const { store } = this.#elements.get(array)!;
    this.heap.free(array);
    if (store !== null) this.heap.free(store);
  }

  /** Takes out the oldest element, which dies; the backing store stays as large as it is. */
  shift(array: NodeRow): void {
    const { store, items } = this.#elements.get(array)!;
    items.forEach((_, i) => this.heap.unlink(array, i).unlink(store!, String(i)));
    const oldest = items.shift();
    if (typeof oldest === "number") this.heap.free(oldest);
    items.forEach((item, i) => {
      if (item !== null) this.heap.element(array, i, item).internal(store!, String(i), item);
    });
  }

  #withRoom(array: NodeRow): { store: NodeRow; items: (NodeRow | null)[] } {
    const { heap } = this;
    const elements = this.#elements.get(array)!;
    const { store: old, capacity, items } = elements;
    if (old !== null && items.length < capacity) return { store: old, items };
    elements.capacity = capacity + (capacity >> 1) + 16;
    const store = heap.array("(object elements)", { size: (HEADER + elements.capacity) * POINTER });
    items.forEach((item, i) => item === null || heap.internal(store, String(i), item));
    if (old !== null) heap.unlink(array, "elements").free(old);
    heap.internal(array, "elements", store);
    elements.store = store;
    return { store, items };
  }

  /** A Map with room for all that tests put in, or an object of a class that extends it. */
  map(name = "Map"): NodeRow {
    return this.#collection(name, 3);
  }
  /** A Set with room for all that tests put in, or an object of a class that extends it. */
  set(name = "Set"): NodeRow {
    return this.#collection(name, 2);
  }

  #collection(name: string, width: number): NodeRow {
    const { heap } = this;
    const collection = heap.object(name, { size: 32 });
    const slots = 3 + MAP_CAPACITY / 2 + MAP_CAPACITY * width;
    const table = heap.array("", { size: (HEADER + slots) * POINTER });
    heap.internal(collection, "table", table);
    this.#tables.set(collection, { table, entries: 0 });
    return collection;
  }

  /** Adds an entry to a Map, or with no value to a Set. */
  add(collection: NodeRow, key: NodeRow, value?: NodeRow): void {
    const found = this.#tables.get(collection)!;
    const slot = 3 + MAP_CAPACITY / 2 + found.entries++ * (value === undefined ? 2 : 3);
    this.heap.internal(found.table, String(slot), key);
    if (value !== undefined) this.heap.internal(found.table, String(slot + 1), value);
  }

  /** A new object of a class, with strings or objects as its properties. */
  object(name: string, properties: Readonly<Record<string, NodeRow>> = {}, size = 32): NodeRow {
    const object = this.heap.object(name, { size });
    for (const [property, value] of Object.entries(properties)) this.heap.property(object, property, value);
    return object;
  }
}

/** Heaps of one program: each taken after one more round of what it does. */
export function heapsAfter(heap: SnapshotBuilder, rounds: number, round: (number: number) => void): HeapAnalysis[] {
  return Array.from({ length: rounds }, (_, i) => {
    round(i);
    return edgesPutAside(analyseHeap(buildGraph(rawSnapshotOf(heap.snapshot(), `${"abcdefgh"[i]}.heapsnapshot`))));
  });
}

/** What is known of the growth over a series of heaps. */
export function growthOver(heaps: readonly HeapAnalysis[]): HolderGrowth {
  const matches = heaps.slice(1).map((later, i) => matchNodes(heaps[i]!.graph, later.graph));
  return holderGrowth(heaps, survivors(heaps, matches));
}

/** The report on a program that does the same each round; three rounds unless told otherwise. */
export function reportAfter(
  program: SmallProgram,
  round: (number: number) => void,
  rounds = 3,
  minGrowth?: number,
): Promise<LeakReport> {
  return compareHeaps(heapsAfter(program.heap, rounds, round), minGrowth === undefined ? {} : { minGrowth });
}

/** Number of the survivor that has this id. */
export function survivorWithId(growth: HolderGrowth, id: number): SurvivorIndex {
  const last = growth.heaps.length - 1;
  const { nodeId } = growth.heaps[last]!.graph;
  const found = growth.survivors.nodesIn(last).findIndex((node) => nodeId[node] === id);
  if (found < 0) throw new Error(`@${id} does not live in all snapshots`);
  return found;
}

/** Growth per interval of what a survivor itself holds: the program's objects. */
export function ownGrowth(growth: HolderGrowth, survivor: SurvivorIndex): number[] {
  const bytes = growth.bytes.programOf(survivor);
  return bytes.slice(1).map((each, i) => each - bytes[i]!);
}
