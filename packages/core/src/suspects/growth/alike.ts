import { endOfEdges, firstEdgeOf } from "../../graph/edges-aside.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { isContext } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { isGlobalObject } from "../naming/anchors.js";
import { lastNode, survivorAbove } from "./survivor-tree.js";

/** A way in which objects may be alike. */
export interface Likeness {
  /** What such objects have in common, as a number; NOT_ALIKE for one that has no such thing. */
  readonly roleOf: (survivor: SurvivorIndex) => number;
  /** Whether they are alike only if one property refers to all of them, too. */
  readonly isByName: boolean;
}

/** The role of what is alike to nothing. */
export const NOT_ALIKE = -1;

/** Edges of what holds many objects, at least: a handful of properties is a record. */
const LEAST_EDGES = 16;
/** A container holds its members directly, or as properties of its entries: three steps are enough. */
const NEAR = 3;
/** Steps up to an object that many are below though it does not hold many itself: teams have boards, and those histories. */
const FAR = 6;

/**
 * What may be alike, in the order to be asked: objects of one class below one collection; those below one object that
 * have as many steps to it, by way of the same classes.
 */
export function likenesses(growth: HolderGrowth): Likeness[] {
  const above = new SurvivorsAbove(growth);
  const found = [{ roleOf: (survivor: SurvivorIndex) => belowCollection(above, survivor), isByName: false }];
  for (let steps = 2; steps <= FAR; steps++)
    found.push({ roleOf: (survivor) => belowObject(above, survivor, steps), isByName: true });
  return found;
}

function belowCollection(above: SurvivorsAbove, survivor: SurvivorIndex): number {
  if (!above.isObject(survivor)) return NOT_ALIKE;
  let at = survivor;
  for (let step = 0; step < NEAR; step++) {
    at = above.next(at);
    if (at === NO_SURVIVOR) return NOT_ALIKE;
    if (above.isCollection(at)) return role(at, above.label(survivor));
  }
  return NOT_ALIKE;
}

function belowObject(above: SurvivorsAbove, survivor: SurvivorIndex, steps: number): number {
  if (!above.isObject(survivor)) return NOT_ALIKE;
  let at = survivor;
  let way = steps;
  for (let step = 0; step < steps; step++) {
    way = (way * 31 + above.label(at)) % LABELS;
    at = above.next(at);
    if (at === NO_SURVIVOR) return NOT_ALIKE;
  }
  return role(at, way);
}

const LABELS = 2 ** 21;

function role(holder: SurvivorIndex, label: number): number {
  return holder * LABELS + (label % LABELS);
}

/** What is asked of the survivors above others; of those there are few, which are asked for again and again. */
class SurvivorsAbove {
  readonly #growth: HolderGrowth;
  readonly #isCollection = new Map<SurvivorIndex, boolean>();
  readonly #isGlobal = new Map<SurvivorIndex, boolean>();

  constructor(growth: HolderGrowth) {
    this.#growth = growth;
  }

  /** The survivor above; none is the root's or the global object's: all that nothing else holds alone is theirs in the end. */
  next(survivor: SurvivorIndex): SurvivorIndex {
    const above = survivorAbove(this.#growth, survivor);
    return above === NO_SURVIVOR || above === 0 || this.#isGlobalObject(above) ? NO_SURVIVOR : above;
  }

  isObject(survivor: SurvivorIndex): boolean {
    const { graph } = this.#heap();
    return survivor !== 0 && graph.nodeType[lastNode(this.#growth, survivor)] === NodeType.object;
  }

  label(survivor: SurvivorIndex): number {
    return this.#heap().graph.nodeName[lastNode(this.#growth, survivor)]!;
  }

  /** True for what holds many objects; variables of a file have nothing to do with each other, nor those of a bundle. */
  isCollection(survivor: SurvivorIndex): boolean {
    return remembered(
      this.#isCollection,
      survivor,
      () => this.isObject(survivor) && !this.#isScope(survivor) && this.#edges(survivor) >= LEAST_EDGES,
    );
  }

  #edges(survivor: SurvivorIndex): number {
    const { graph, owner } = this.#heap();
    const node = lastNode(this.#growth, survivor);
    let edges = graph.firstEdge[node + 1]! - graph.firstEdge[node]!;
    for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]!; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (target !== node && owner[target] === node) edges += graph.firstEdge[target + 1]! - graph.firstEdge[target]!;
    }
    return edges;
  }

  #isScope(survivor: SurvivorIndex): boolean {
    return isContext(this.#heap().graph, lastNode(this.#growth, survivor));
  }

  #isGlobalObject(survivor: SurvivorIndex): boolean {
    return remembered(this.#isGlobal, survivor, () => isGlobalObject(this.#heap(), lastNode(this.#growth, survivor)));
  }

  #heap(): HolderGrowth["heaps"][number] {
    return this.#growth.heaps[this.#growth.heaps.length - 1]!;
  }
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, find: () => Value): Value {
  if (!known.has(key)) known.set(key, find());
  return known.get(key)!;
}

/** Edges that a record has at most, in which a property is looked for. */
const MOST_EDGES = 200;
/** Objects that are asked for the property that refers to them. */
const MOST_ASKED = 20;

/** Names of the properties by which those above refer to some of these objects. */
export function namesOf(growth: HolderGrowth, survivors: readonly SurvivorIndex[]): Set<number> {
  return new Set(survivors.slice(0, MOST_ASKED).map((survivor) => nameFromAbove(growth, survivor)));
}

/** Name of the property by which the object above refers to it, as an index; -1 if that is no record, or there is none. */
export function nameFromAbove(growth: HolderGrowth, survivor: SurvivorIndex): number {
  const { graph } = growth.heaps.at(-1)!;
  const node = lastNode(growth, survivor);
  const above = lastNode(growth, survivorAbove(growth, survivor));
  const end = endOfEdges(graph, above, MOST_EDGES);
  for (let edge = graph.firstEdge[above]!; edge < end; edge++)
    if (graph.edgeTarget[edge] === node && graph.edgeType[edge] === EdgeType.property) return graph.edgeName[edge]!;
  return -1;
}
