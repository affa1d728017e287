import type { HeapGraph, NodeIndex } from "../graph/heap-graph.js";
import type { RetainingEdges } from "../graph/retaining-edges.js";
import { isContext } from "../graph/v8-names.js";
import { ROOT } from "../graph/v8-roots.js";
import { NodeType } from "../graph/v8-types.js";
import { beside, discard, newBytes, uint32Column } from "../parse/columns.js";
import type { RetainedHeap } from "./heap-analysis.js";

/** An object that much hangs on. */
export interface LargeHolder {
  readonly node: NodeIndex;
  /** It, its storage and what it holds, without what other large holders below it hold. */
  readonly bytes: number;
  /** Others that hold the same things: it alone does not keep those alive. */
  readonly others: readonly NodeIndex[];
  /** True for the first of a list, or the top of a tree, whose links hold a little each. */
  readonly isStructure: boolean;
}

/** What is known of the heap that is asked. */
export interface AskedHeap extends RetainedHeap {
  readonly graph: HeapGraph;
  readonly retaining: RetainingEdges;
  readonly owner: Uint32Array; // node -> the object whose storage it is; itself for all others
}

/**
 * More large things of one class that one holder has are its entries, however large; but not where one of them has much of
 * what all have, as the module that holds the data among all that were loaded.
 */
const MANY = 8;
const MOST_OF_MANY = 0.25;
/** Links that are alike make a list or a tree of them; each may have so many nodes, such as a closure and its scope. */
const ALIKE = 4;
const MOST_IN_LINK = 6;

/** The large nodes of a dominator tree. All columns have a row for each, the root first, and none before what it hangs on. */
export class LargeNodes {
  readonly #heap: AskedHeap;
  readonly #least: number;
  readonly #rowOf: Uint32Array; // node -> row, 0 for all that are not large
  readonly #node: Uint32Array;
  readonly #above: Uint32Array; // row -> row of the nearest large node above
  readonly #isEntry: Uint8Array; // row -> 1 if it is, or hangs on, one of many entries of a holder

  constructor(heap: AskedHeap, least: number, isHolder: (node: NodeIndex) => boolean) {
    this.#heap = heap;
    this.#least = least;
    const { dominator, dominatorOrder, retainedSize } = heap;
    const isLarge = newBytes(dominator.length, beside(dominator)); // which the walk below asks instead of larger columns
    let count = 1;
    for (let node = 1; node < isLarge.length; node++)
      if (retainedSize[node]! >= least && isHolder(node)) {
        isLarge[node] = 1;
        count++;
      }
    this.#rowOf = uint32Column(dominator.length, beside(dominator));
    this.#node = new Uint32Array(count);
    this.#above = new Uint32Array(count);
    this.#isEntry = new Uint8Array(count);
    for (let i = 1, row = 1; row < count; i++) {
      const node = dominatorOrder[i]!;
      if (isLarge[node] === 0) continue;
      this.#rowOf[node] = row;
      this.#node[row] = node;
      this.#above[row++] = this.#rowAbove(node);
    }
    discard(isLarge);
    this.#markEntries();
  }

  end(): void {
    discard(this.#rowOf);
  }

  /** True for what is told by itself, and not as something that another one holds. */
  has(node: NodeIndex): boolean {
    const row = this.#rowOf[node]!;
    return row > 0 && this.#isEntry[row] === 0;
  }

  /** True for what is, or hangs on, one of many large entries of a holder. */
  isEntry(node: NodeIndex): boolean {
    return this.#isEntry[this.#rowOf[node]!] === 1;
  }

  /** The nearest large node above another in the dominator tree that is told by itself; the root if there is none. */
  above(node: NodeIndex): NodeIndex {
    let row = this.#rowAbove(node);
    while (this.#isEntry[row] === 1) row = this.#above[row]!;
    return this.#node[row]!;
  }

  holders(): LargeHolder[] {
    const least = this.#least;
    const count = this.#node.length;
    const own = this.#ownBytes();
    // What rows that keep little themselves keep together, passed up to the next that keeps much.
    const together = own.slice();
    const heavy = new Float64Array(count); // row -> what those directly below it keep that keep much together
    const heaviest = new Uint32Array(count); // row -> the row of them that keeps most
    for (let row = count - 1; row > 0; row--) {
      if (this.#isEntry[row] === 1 || own[row]! >= least) continue;
      const above = this.#above[row]!;
      together[above]! += together[row]!;
      if (together[row]! < least) continue;
      heavy[above]! += together[row]!;
      if (heaviest[above] === 0 || together[row]! > together[heaviest[above]!]!) heaviest[above] = row;
    }
    const found: LargeHolder[] = [];
    const structureOf = new Uint32Array(count); // row -> 1 + place in `found` of the list or tree that it is a link of
    const links = new Map<number, readonly NodeIndex[]>(); // of each structure the nodes of one link
    for (let row = 1; row < count; row++) {
      if (this.#isEntry[row] === 1) continue;
      const keepsMuch = own[row]! >= least;
      const inside = structureOf[this.#above[row]!]!;
      // The last link is among those that keep much themselves: what follows is not large.
      if (inside > 0 && (!keepsMuch || links.get(inside)!.some((node) => this.#isAlike(node, this.#node[row]!)))) {
        structureOf[row] = inside;
        const structure = found[inside - 1]!;
        if (keepsMuch) found[inside - 1] = { ...structure, bytes: structure.bytes + together[row]! };
        continue;
      }
      const bytes = together[row]! - heavy[row]!;
      const first = keepsMuch || together[row]! < least ? null : this.#firstOfAlike(row, heaviest);
      if (first !== null) {
        found.push({ node: first.link[0]!, bytes: together[first.row]!, others: [], isStructure: true });
        structureOf[row] = found.length;
        links.set(found.length, first.link);
      } else if (bytes >= least) found.push({ node: this.#node[row]!, bytes, others: [], isStructure: false });
    }
    return found;
  }

  /** The row of the nearest large node above a node in the dominator tree. */
  #rowAbove(node: NodeIndex): number {
    const { dominator } = this.#heap;
    let at = dominator[node]!;
    while (at !== ROOT && this.#rowOf[at] === 0) at = dominator[at]!;
    return this.#rowOf[at]!;
  }

  /** What each keeps that none of the large ones below it does; entries, however large, count for who has them. */
  #ownBytes(): Float64Array {
    const own = Float64Array.from(this.#node, (node) => this.#heap.retainedSize[node]!);
    for (let row = 1; row < own.length; row++)
      if (this.#isEntry[row] === 0) own[this.#above[row]!]! -= this.#heap.retainedSize[this.#node[row]!]!;
    return own;
  }

  #markEntries(): void {
    const { graph, retainedSize } = this.#heap;
    const below = new Uint32Array(this.#node.length);
    for (let row = 1; row < below.length; row++) below[this.#above[row]!]!++;
    const groups = new Map<string, { count: number; bytes: number; most: number }>();
    // A heap has room for few that hold many large ones.
    const keyOf = (row: number): string | null => {
      const above = this.#above[row]!;
      return above > 0 && below[above]! > MANY ? `${above} ${graph.nodeName[this.#node[row]!]!}` : null;
    };
    for (let row = 1; row < below.length; row++) {
      const key = keyOf(row);
      if (key === null) continue;
      const retained = retainedSize[this.#node[row]!]!;
      const { count, bytes, most } = groups.get(key) ?? { count: 0, bytes: 0, most: 0 };
      groups.set(key, { count: count + 1, bytes: bytes + retained, most: Math.max(most, retained) });
    }
    for (let row = 1; row < below.length; row++) {
      const group = groups.get(keyOf(row) ?? "");
      const isEntry = group !== undefined && group.count > MANY && group.most <= MOST_OF_MANY * group.bytes;
      if (isEntry || this.#isEntry[this.#above[row]!] === 1) this.#isEntry[row] = 1;
    }
  }

  /**
   * Where the way down to what keeps most is the same again and again, the nodes of the first link: from an object on,
   * rather than a scope or a function, if links have any. Null where it is not.
   */
  #firstOfAlike(row: number, heaviest: Uint32Array): { row: number; link: NodeIndex[] } | null {
    const { graph } = this.#heap;
    const rows = [row];
    while (rows.length < (ALIKE + 1) * MOST_IN_LINK && heaviest[rows.at(-1)!] !== 0) rows.push(heaviest[rows.at(-1)!]!);
    const nodes = rows.map((each) => this.#node[each]!);
    for (let length = 1; length <= MOST_IN_LINK && length * (ALIKE + 1) <= nodes.length; length++) {
      if (!nodes.slice(0, length * ALIKE).every((node, i) => this.#isAlike(node, nodes[i % length]!))) continue;
      const isObject = (node: NodeIndex): boolean =>
        graph.nodeType[node] === NodeType.object && !isContext(graph, node);
      const start = Math.max(0, nodes.slice(0, length).findIndex(isObject));
      return { row: rows[start]!, link: nodes.slice(start, start + length) };
    }
    return null;
  }

  #isAlike(one: NodeIndex, other: NodeIndex): boolean {
    const { nodeName, nodeType } = this.#heap.graph;
    return nodeName[one] === nodeName[other] && nodeType[one] === nodeType[other];
  }
}
