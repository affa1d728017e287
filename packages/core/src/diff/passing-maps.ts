import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { firstEdgeOf } from "../graph/edges-aside.js";
import { internalField } from "../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";
import { eachSlice } from "../parse/slices.js";
import { WeakMapEntries } from "../graph/weak-map-entries.js";
import { NO_SURVIVOR } from "./survivors.js";
import type { Cut } from "./units.js";

/** Edges of a table with more entries are left alone: that is a map for many keys, which hardly live as long as those here. */
const MOST_EDGES = 4096;
/** Stands for the id of a key that V8's text does not say: ids are never below 1. */
const NO_KEY = 0;

/**
 * Entries of WeakMaps that do not live in all snapshots. A value goes with its key or with the map, whichever goes first: what
 * each of many such maps has for one object, such as a module that all of them know, goes with the map.
 */
export class PassingMaps {
  readonly #graph: HeapGraph;
  // One row an entry, in the order of the values, and of one value in that of its keys.
  readonly #value: Uint32Array;
  readonly #keyId: Uint32Array;
  readonly #map: Uint32Array;

  constructor({ graph }: HeapAnalysis, cut: Cut) {
    this.#graph = graph;
    const { nodeType, nodeName, strings } = graph;
    const name = strings.indexOf("WeakMap");
    const entries = new WeakMapEntries(graph);
    const [values, keyIds, maps]: [number[], number[], number[]] = [[], [], []];
    const lookAt = (map: NodeIndex): void => {
      const table = internalField(graph, map, "table");
      if (table === NO_NODE || graph.firstEdge[table + 1]! - graph.firstEdge[table]! > MOST_EDGES) return;
      for (let edge = firstEdgeOf(graph, table); edge < graph.firstEdge[table + 1]!; edge++) {
        if (graph.edgeType[edge] !== EdgeType.internal || !entries.isTableSide(table, graph.edgeName[edge]!)) continue;
        values.push(graph.edgeTarget[edge]!);
        keyIds.push(entries.keyId(graph.edgeName[edge]!) || NO_KEY);
        maps.push(map);
      }
    };
    const { members } = cut;
    eachSlice(name < 0 ? 0 : members.length, (low, high) => {
      for (let row = low; row < high; row++) {
        const map = members[row]!;
        if (nodeName[map] === name && nodeType[map] === NodeType.object) lookAt(map);
      }
    });
    const order = Uint32Array.from(values, (_, i) => i).sort(
      (a, b) => values[a]! - values[b]! || keyIds[a]! - keyIds[b]!,
    );
    const inOrder = (column: readonly number[]): Uint32Array => order.map((row) => column[row]!);
    [this.#value, this.#keyId, this.#map] = [inOrder(values), inOrder(keyIds), inOrder(maps)];
  }

  /** Has what objects that live in all snapshots keep alone for these maps counted for whoever has the map. */
  giveToMaps({ graph }: HeapAnalysis, cut: Cut): void {
    const holder = new Uint32Array(this.#value.length).fill(NO_SURVIVOR); // first row of a value -> the holder it is moved to
    for (let row = 0; row < holder.length; row++) {
      const value = this.#value[row]!;
      if (cut.unitOf(value) !== value) continue;
      const key = cut.nodeOf(cut.regionOf(value));
      if (graph.nodeId[key] === this.#keyId[row]) holder[this.#firstRowOf(value)] = cut.regionOf(this.#map[row]!);
    }
    if (holder.every((to) => to === NO_SURVIVOR)) return;
    for (let member = 0; member < cut.members.length; member++) {
      const row = this.#firstRowOf(cut.unitAt(member));
      if (row >= 0 && holder[row] !== NO_SURVIVOR) cut.moveMember(member, holder[row]!);
    }
  }

  /**
   * What keeps an object if a retainer, or what that is the storage of, does: the retainer, or the WeakMap that has the
   * object as a value for it.
   */
  holderOf(object: NodeIndex, retainer: NodeIndex): NodeIndex {
    if (this.#value.length === 0) return retainer; // as in most heaps, of each of which a million are asked
    if (this.#firstRowOf(object) < 0) return retainer;
    const id = this.#graph.nodeId[retainer]!; // asked for each time: the column may have been put back meanwhile
    const row = this.#firstRowFrom(object, id);
    return this.#value[row] === object && this.#keyId[row] === id ? this.#map[row]! : retainer;
  }

  /** The first row of a value; -1 if it is none. */
  #firstRowOf(value: NodeIndex): number {
    const row = this.#firstRowFrom(value, NO_KEY);
    return this.#value[row] === value ? row : -1;
  }

  /** The first row that does not come before a value with the key of this id. */
  #firstRowFrom(value: NodeIndex, keyId: number): number {
    let [low, high] = [0, this.#value.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const isBefore = this.#value[middle]! < value || (this.#value[middle] === value && this.#keyId[middle]! < keyId);
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
