import { NO_NODE } from "../graph/heap-graph.js";
import { kernelFor, placeOf, placesOf } from "../graph/heap-kernel.js";
import { eachSlice, eachSliceDown } from "../parse/slices.js";
import { beside, besideSparsely, blankColumn, discard } from "../parse/columns.js";
import type { DepthFirstOrder } from "./depth-first.js";

/**
 * Immediate dominators by semi-NCA (Georgiadis and Tarjan, "Finding Dominators Revisited", SODA 2004): Lengauer and
 * Tarjan's semidominators with simple path compression, then the nearest common ancestor by walking up from the parent.
 * Works on depth-first numbers, so that the columns are walked nearly in order.
 *
 * Half of all edges lead to a few nodes, such as the hidden classes of strings. What an edge can tell its target is the
 * semidominator of some node with a number above the target's, and not above that of its own start. Where none of those
 * has a lower one than is known already, the edge is not asked (3 x 10^6 nodes: 0.5 x 10^6 of 5.4 x 10^6 edges are).
 * Takes the columns of `order` over.
 * @returns depth-first number -> number of the immediate dominator; the root is its own
 */
export function dominatorNumbers(order: DepthFirstOrder): Uint32Array {
  const { number, above, firstIsland } = order;
  const { last, before } = order.edgesBack;
  const count = number.length;
  const stack = blankColumn(count, besideSparsely(number)); // as deep as the forest
  const lows = blankColumn(count, besideSparsely(number)); // the same
  const columns = [above, last, before, stack, lows] as const;
  const parent = number;
  const kernel = kernelFor(...columns, parent);
  if (kernel === null) {
    for (let w = 0; w < count; w++) parent[w] = above[2 * w]!;
    semidominators(order, stack, lows);
  } else {
    eachSlice(count, (low, high) => kernel.parents(low, high, placeOf(above), placeOf(parent)));
    kernel.startDominators(...placesOf(columns));
    eachSliceDown(firstIsland - 1, (high, low) => kernel.semidominators(high, low));
  }
  discard(above, before, stack, lows);

  const semi = last;
  if (kernel === null) nearestAncestors(parent, semi);
  else eachSlice(count, (low, high) => kernel.nearestAncestors(low, high, placeOf(parent), placeOf(semi)));
  discard(semi);
  return parent;
}

/**
 * Finds the semidominators of all numbers but the root's and those of islands, and puts them into the places of the first
 * numbers in `last`. `above` has the forest of finished nodes; others are its roots: from a number the compressed way up
 * goes on to the first of its pair, and the second is the least semidominator up to there.
 */
function semidominators(order: DepthFirstOrder, stack: Uint32Array, lows: Uint32Array): void {
  const { above, firstIsland } = order;
  const { last, before } = order.edgesBack;
  const low = new LowNumbers(last, lows);
  for (let w = firstIsland - 1; w > 0; w--) {
    let least = above[2 * w + 1]!;
    let x = last[2 * w]!;
    let row = last[2 * w + 1]!;
    let lower = x === 0 ? NO_NODE : low.firstBelow(least);
    // Of the edges that follow one that starts below, all start below.
    while (x >= lower) {
      // Compress the way from there up to the last finished node, then ask for the least semidominator on it.
      let y = x;
      let depth = 0;
      let top = above[2 * y]!;
      while (top > w) {
        stack[depth++] = y;
        y = top;
        top = above[2 * y]!;
      }
      let best = above[2 * y + 1]!;
      while (depth > 0) {
        y = stack[--depth]!;
        const own = above[2 * y + 1]!;
        if (best < own) above[2 * y + 1] = best;
        else best = own;
        above[2 * y] = top;
      }
      if (best < least) {
        least = best;
        lower = low.firstBelow(least);
      }
      if (row === 0) break;
      x = before[2 * row]!;
      row = before[2 * row + 1]!;
    }
    last[2 * w] = least;
    above[2 * w + 1] = least;
    low.add(w, least);
  }
}

/**
 * Turns the parents of numbers into their dominators.
 * @param semi 2 * number -> its semidominator
 */
function nearestAncestors(parent: Uint32Array, semi: Uint32Array): void {
  for (let w = 1; w < parent.length; w++) {
    let candidate = parent[w]!;
    const limit = semi[2 * w]!;
    while (candidate > limit) candidate = parent[candidate]!;
    parent[w] = candidate;
  }
}

/**
 * Immediate dominators by node.
 * @param node depth-first number -> node
 * @param numbers depth-first number -> number of the immediate dominator
 * @returns node -> immediate dominator; the root is its own
 */
export function dominators(node: Uint32Array, numbers: Uint32Array): Uint32Array {
  const count = node.length;
  const dominator = blankColumn(count, beside(node));
  const columns = [node, numbers, dominator] as const;
  const kernel = kernelFor(...columns);
  if (kernel !== null) eachSlice(count, (low, high) => kernel.dominatorsByNode(low, high, ...placesOf(columns)));
  else for (let number = 0; number < count; number++) dominator[node[number]!] = node[numbers[number]!]!;
  return dominator;
}

/**
 * Of all numbers seen, those whose value is lower than that of each smaller one: what the first with less than a limit
 * is found by.
 */
class LowNumbers {
  readonly #values: Uint32Array;
  readonly #numbers: Uint32Array; // the last added at the end: numbers descend, values rise
  #length = 0;

  /**
   * @param values 2 * number -> value; looked at for numbers that have been added
   * @param numbers room for as many numbers
   */
  constructor(values: Uint32Array, numbers: Uint32Array) {
    this.#values = values;
    this.#numbers = numbers;
  }

  /** Adds a number that is smaller than all before. */
  add(number: number, value: number): void {
    const values = this.#values;
    const numbers = this.#numbers;
    let length = this.#length;
    while (length > 0 && values[2 * numbers[length - 1]!]! >= value) length--;
    numbers[length] = number;
    this.#length = length + 1;
  }

  /** The smallest number whose value is below `limit`; one that is larger than all if there is none. */
  firstBelow(limit: number): number {
    const values = this.#values;
    const numbers = this.#numbers;
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[2 * numbers[middle]!]! < limit) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? NO_NODE : numbers[low - 1]!;
  }
}
