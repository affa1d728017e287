import type { NodeIndex } from "../graph/heap-graph.js";
import { retains } from "../graph/retaining-edges.js";
import { EngineNodes } from "../graph/v8-engine-nodes.js";
import { isRealm, nodeText } from "../graph/v8-names.js";
import { ROOT } from "../graph/v8-roots.js";
import { NodeType } from "../graph/v8-types.js";
import { beside, discard, uint32Column } from "../parse/columns.js";
import { type AskedHeap, type LargeHolder, LargeNodes } from "./large-nodes.js";

/** What has fewer bytes, its storage among them, has no entries worth the look for what others hold as well. */
const LEAST_STORAGE = 160;
/** So many holders are asked whether they hold the same things. */
const MOST = 64;
/** Nodes on the way up that are looked at for something that a holder refers to. */
const MOST_STEPS = 100;
/** Storage of one holder that is looked at; engines have two or three. */
const MOST_STORAGE = 32;
/** Of what a holder keeps this much has to be held by another one, for the two to be one. */
const SAME = 0.8;

/**
 * The objects that keep most of a heap alive, each byte counted once where one of them alone holds it: a large node keeps
 * what it dominates but for what large nodes below it do, so that wrappers keep next to nothing and containers all they
 * have. What is held from two places hangs on neither in the dominator tree; so storage is asked what it refers to as well.
 * @param least bytes from which on a node is large
 * @returns most bytes first
 */
export function largeHolders(heap: AskedHeap, least: number): LargeHolder[] {
  const engineNodes = new EngineNodes(heap);
  const isHolder = (node: NodeIndex): boolean => {
    const type = heap.graph.nodeType[node]!;
    if (heap.owner[node] !== node || CONTENTS.has(type) || engineNodes.has(node)) return false;
    // What V8 has between the program's objects, each of which is some object's own affair: bytes of a buffer, reactions.
    const name = nodeText(heap.graph, node);
    return type === NodeType.object ? !BUFFERS.has(name) : type === NodeType.closure || !name.startsWith("system / ");
  };
  const tree = new LargeNodes(heap, least, isHolder);
  const found = new Map(tree.holders().map((each) => [each.node, each]));
  const byEntries = new Set<NodeIndex>();
  const entries = new Entries(
    heap,
    tree,
    (node) => node !== ROOT && !isRealm(heap.graph, node) && !engineNodes.has(node),
  );
  for (let node = 0; node < heap.graph.nodeCount; node++) {
    if (heap.ownedSize[node]! < LEAST_STORAGE || tree.isEntry(node) || !isHolder(node)) continue;
    const bytes = heap.ownedSize[node]! + entries.bytesOf(node);
    const known = found.get(node);
    if (bytes < least || bytes <= (known?.bytes ?? 0)) continue;
    found.set(node, { node, bytes, others: [], isStructure: known?.isStructure ?? false });
    byEntries.add(node);
  }
  const byBytes = (a: LargeHolder, b: LargeHolder): number => b.bytes - a.bytes || a.node - b.node;
  const { holders, taken } = entries.foldSame([...found.values()].sort(byBytes).slice(0, MOST), byEntries);
  entries.end();
  tree.end();
  return holders
    .map((each) => (byEntries.has(each.node) ? each : { ...each, bytes: each.bytes - (taken.get(each.node) ?? 0) }))
    .filter(({ bytes }) => bytes >= least)
    .sort(byBytes);
}

/** What holders hold, and are none themselves. */
const CONTENTS: ReadonlySet<number> = new Set([
  NodeType.string,
  NodeType.array,
  NodeType.number,
  NodeType.bigint,
  NodeType.symbol,
  NodeType.regexp,
  NodeType.synthetic,
  NodeType.hidden,
]);

/** What programs keep by way of views. */
const BUFFERS: ReadonlySet<string> = new Set(["ArrayBuffer", "SharedArrayBuffer"]);

/** What holders and their storage refer to. */
class Entries {
  readonly #heap: AskedHeap;
  readonly #large: LargeNodes;
  readonly #counts: (node: NodeIndex) => boolean;
  readonly #seen: Uint32Array; // node -> mark of the holder that refers to it and was asked last, or one more
  #marks = 0;
  #sum = 0; // a field, as V8 makes an object of each value that a captured variable has had
  readonly #storage: NodeIndex[] = [];

  constructor(heap: AskedHeap, large: LargeNodes, counts: (node: NodeIndex) => boolean) {
    this.#heap = heap;
    this.#large = large;
    this.#counts = counts;
    this.#seen = uint32Column(heap.dominator.length, beside(heap.dominator));
  }

  end(): void {
    discard(this.#seen);
  }

  /** What the things that a holder refers to retain, each byte once, and none that another large holder keeps. */
  bytesOf(holder: NodeIndex): number {
    const mark = (this.#marks += 2);
    this.#each(holder, (target) => {
      this.#seen[target] = mark;
    });
    this.#sum = 0;
    this.#each(holder, (target) => {
      if (this.#seen[target] !== mark) return;
      if (!this.#isBelowAnother(target, holder, mark)) this.#sum += this.#heap.retainedSize[target]!;
      this.#seen[target] = mark + 1; // counted
    });
    return this.#sum;
  }

  /**
   * Of holders that have the same things one is left: the first. Where a holder's bytes are not those of what it refers
   * to, it has others of its own, and stays.
   * @returns also, by large node, bytes that hang on it in the dominator tree and that one of these holders has
   */
  foldSame(
    all: readonly LargeHolder[],
    byEntries: ReadonlySet<NodeIndex>,
  ): { holders: LargeHolder[]; taken: Map<NodeIndex, number> } {
    const { retainedSize } = this.#heap;
    const before = this.#marks + 1; // greater ones are of what some holder has
    const found: { holder: LargeHolder; others: NodeIndex[] }[] = [];
    const taken = new Map<NodeIndex, number>();
    for (const holder of all) {
      const shared = new Float64Array(found.length); // row of `found` -> bytes
      this.#each(holder.node, (target) => {
        const by = this.#seen[target]!;
        if (by > before) shared[Math.floor((by - before - 1) / 2)]! += retainedSize[target]!;
      });
      const least = byEntries.has(holder.node) ? SAME * holder.bytes : Infinity;
      const same = shared.findIndex((part) => part >= least);
      if (same >= 0) {
        found[same]!.others.push(holder.node);
        continue;
      }
      found.push({ holder, others: [] });
      const mark = (this.#marks += 2);
      this.#each(holder.node, (target) => {
        if (this.#seen[target]! <= before) this.#seen[target] = mark;
      });
      this.#each(holder.node, (target) => {
        if (this.#seen[target] !== mark) return;
        const above = this.#large.above(target);
        if (above !== holder.node && !this.#isBelowAnother(target, holder.node, before + 1))
          taken.set(above, (taken.get(above) ?? 0) + retainedSize[target]!);
        this.#seen[target] = mark + 1;
      });
    }
    return { holders: found.map(({ holder, others }) => ({ ...holder, others })), taken };
  }

  /** Calls `visit` for each reference of a holder and its storage to something else that counts. */
  #each(holder: NodeIndex, visit: (target: NodeIndex) => void): void {
    const { graph, retaining, owner } = this.#heap;
    const storage = this.#storage; // with that of storage, such as the table of a Map and its keys
    storage.length = 1;
    storage[0] = holder;
    for (const from of storage) {
      const end = graph.firstEdge[from + 1]!;
      for (let edge = graph.firstEdge[from]!; edge < end; edge++) {
        const target = graph.edgeTarget[edge]!;
        if (target === holder || !retains(retaining, edge)) continue;
        if (owner[target] === holder) {
          if (storage.length < MOST_STORAGE && !storage.includes(target)) storage.push(target);
        } else if (!this.#large.has(target) && this.#counts(target) && !this.#isAbove(target, holder)) visit(target);
      }
    }
  }

  /** True if something else that the holder refers to keeps this alive, as of a tree whose nodes are in a list as well. */
  #isBelowAnother(target: NodeIndex, holder: NodeIndex, mark: number): boolean {
    const { dominator, owner } = this.#heap;
    let at = dominator[target]!;
    for (let left = MOST_STEPS; left > 0 && at !== ROOT && owner[at] !== holder; left--) {
      if (this.#seen[at]! >= mark) return true;
      at = dominator[at]!;
    }
    return false;
  }

  /** True if the holder hangs on what it refers to, as listeners on the object that they are for. */
  #isAbove(target: NodeIndex, holder: NodeIndex): boolean {
    const { dominator, retainedSize } = this.#heap;
    const retained = retainedSize[target]!;
    let at = holder;
    for (let left = MOST_STEPS; at !== target; left--) {
      if (at === ROOT || retainedSize[at]! > retained) return false;
      if (left === 0) return true; // links of a list, which are told as one
      at = dominator[at]!;
    }
    return true;
  }
}
