import type { HeapAnalysis } from "../analysis/heap-analysis.js";
import { firstEdgeOf } from "../graph/edges-aside.js";
import { internalField } from "../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { EdgeType, NodeType } from "../graph/v8-types.js";
import { WeakMapEntries } from "../graph/weak-map-entries.js";
import type { SurvivorIndex } from "./survivors.js";
import type { Cut } from "./units.js";

/** An entry of a WeakMap, as seen from its value. */
interface Entry {
  readonly keyId: number;
  readonly map: NodeIndex;
}

/**
 * Entries of WeakMaps that do not live in all snapshots. A value goes with its key or with the map, whichever goes first: what
 * each of many such maps has for one object, such as a module that all of them know, goes with the map.
 */
export class PassingMaps {
  readonly #graph: HeapGraph;
  readonly #entriesFor = new Map<NodeIndex, Entry[]>(); // value -> its entries

  constructor({ graph }: HeapAnalysis, cut: Cut) {
    this.#graph = graph;
    const { nodeType, nodeName, strings } = graph;
    const name = strings.indexOf("WeakMap");
    const entries = new WeakMapEntries(graph);
    for (const map of name < 0 ? [] : cut.members) {
      if (nodeName[map] !== name || nodeType[map] !== NodeType.object) continue;
      const table = internalField(graph, map, "table");
      if (table === NO_NODE) continue;
      for (let edge = firstEdgeOf(graph, table); edge < graph.firstEdge[table + 1]!; edge++) {
        if (graph.edgeType[edge] !== EdgeType.internal || !entries.isTableSide(table, graph.edgeName[edge]!)) continue;
        const entry = { keyId: entries.keyId(graph.edgeName[edge]!), map };
        const value = graph.edgeTarget[edge]!;
        const known = this.#entriesFor.get(value);
        if (known === undefined) this.#entriesFor.set(value, [entry]);
        else known.push(entry);
      }
    }
  }

  /** Has what objects that live in all snapshots keep alone for these maps counted for whoever has the map. */
  giveToMaps({ graph }: HeapAnalysis, cut: Cut): void {
    const holderOf = new Map<NodeIndex, SurvivorIndex>(); // root of a unit -> survivor
    for (const [value, entries] of this.#entriesFor) {
      if (cut.unitOf(value) !== value) continue;
      const above = cut.regionOf(value);
      const keyId = graph.nodeId[cut.nodeOf(above)]!;
      const entry = entries.find((each) => each.keyId === keyId);
      if (entry !== undefined) holderOf.set(value, cut.regionOf(entry.map));
    }
    if (holderOf.size === 0) return;
    for (let row = 0; row < cut.members.length; row++) {
      const holder = holderOf.get(cut.unitAt(row));
      if (holder !== undefined) cut.moveMember(row, holder);
    }
  }

  /** What keeps an object if a retainer does: the retainer, or the WeakMap that has the object as a value for it. */
  holderOf(object: NodeIndex, retainer: NodeIndex): NodeIndex {
    const entry = this.#entriesFor.get(object)?.find(({ keyId }) => keyId === this.#graph.nodeId[retainer]);
    return entry === undefined ? retainer : entry.map;
  }
}
