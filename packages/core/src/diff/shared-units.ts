import { beside, discard, newBytes, uint32Column } from "../parse/columns.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { type FewRetainers, retainersOf } from "../graph/retainers.js";
import { isBesideInList, timersIn, timersLists } from "../graph/timer-lists.js";
import { EngineNodes } from "../graph/v8-engine-nodes.js";
import { NodeType } from "../graph/v8-types.js";
import type { HolderSums } from "./holder-sums.js";
import { Links } from "./links.js";
import { markApart } from "./marks.js";
import type { PassingMaps } from "./passing-maps.js";
import { addSurvivorReferences } from "./survivor-references.js";
import { NO_SURVIVOR, type SurvivorIndex } from "./survivors.js";
import type { Cut } from "./units.js";

/** Changes below this many bytes in every interval are not worth looking for a better holder. */
const WORTH_BYTES = 1024;

/**
 * What is referenced from two places is dominated by something far above both, often the root. Such units are given
 * to the survivor that refers to them and whose references grow most: bytes and units move from the one holder to
 * the other in every snapshot, so the sums stay what they are.
 */
export function creditSharedUnits(sums: HolderSums): void {
  const vague = vagueHolders(sums);
  if (!vague.includes(1)) return discard(vague);
  const { heaps } = sums;
  const last = heaps.length - 1;
  const counts: Uint32Array[] = [];
  const rivals = newBytes(sums.survivors.count, beside(vague)); // survivor -> 1 if it refers to something that another does, too
  const found = heaps.map((heap, snapshot) => {
    const shared = new SharedUnits(sums, snapshot, vague);
    if (snapshot === 0 || snapshot === last) counts.push(shared.countReferences(rivals));
    heap.putBack();
    return shared;
  });
  const [before, after] = counts as [Uint32Array, Uint32Array];
  addSurvivorReferences(sums, rivals, before, after);
  discard(rivals);
  const gained = new Int32Array(after.buffer, after.byteOffset, after.length); // survivor -> references
  for (let survivor = 0; survivor < gained.length; survivor++) gained[survivor]! -= before[survivor]!;
  discard(before);
  for (const [snapshot, shared] of found.entries()) {
    shared.credit(gained);
    shared.end();
    heaps[snapshot]!.putBack();
  }
  discard(gained, vague);
}

/** survivor -> 1 if it changed enough for a closer look. */
function vagueHolders({ survivors, program }: HolderSums): Uint8Array {
  const vague = newBytes(survivors.count, beside(program[0]!));
  for (let snapshot = 1; snapshot < program.length; snapshot++)
    markApart(program[snapshot - 1]!, program[snapshot]!, WORTH_BYTES, vague);
  return vague;
}

/** What a reference to a shared unit comes from, if not from a survivor. */
const NOTHING = -1;
const SHARED_UNIT = -2;

/** The units of one snapshot that their dominator does not refer to. All columns of units have a row for each. */
class SharedUnits {
  readonly #sums: HolderSums;
  readonly #snapshot: number;
  readonly #cut: Cut;
  readonly #retainers: FewRetainers; // those of the roots
  readonly #roots: Uint32Array; // row -> root of the unit
  readonly #retainersAt: Uint32Array; // row -> row of `#retainers`
  readonly #rowOf: Uint32Array; // row of the cut's members -> row + 1 of the unit that it is the root of, or 0
  readonly #heldDirectly: Uint32Array; // roots of the units that their dominator does refer to
  readonly #maps: PassingMaps;
  readonly #timer: number; // what objects are called that may be timers of Node's

  constructor(sums: HolderSums, snapshot: number, vague: Uint8Array) {
    this.#sums = sums;
    this.#snapshot = snapshot;
    const { graph, retaining } = sums.heaps[snapshot]!;
    const cut = sums.cuts[snapshot]!;
    this.#cut = cut;
    this.#timer = graph.strings.indexOf("Timeout");
    this.#maps = sums.maps[snapshot]!;
    const roots = cut.members.filter((node, row) => cut.unitAt(row) === node && vague[cut.regionAt(row)] === 1);
    this.#retainers = retainersOf(graph, retaining, roots);
    this.#rowOf = uint32Column(cut.members.length, beside(cut.members));
    this.#roots = new Uint32Array(roots.length);
    this.#retainersAt = new Uint32Array(roots.length);
    let count = 0;
    this.#heldDirectly = roots.filter((node, i) => {
      if (this.#isHeldDirectly(node, i)) return true;
      this.#roots[count] = node;
      this.#retainersAt[count++] = i;
      this.#rowOf[cut.memberRow(node)] = count;
      return false;
    });
    this.#roots = this.#roots.subarray(0, count);
  }

  /** The row of the unit that has this root; -1 if it is none of these. */
  #rowFor(root: NodeIndex): number {
    return root === NO_NODE ? -1 : this.#rowOf[this.#cut.memberRow(root)]! - 1;
  }

  /** Gives back what only the sharing out needed. */
  end(): void {
    discard(this.#rowOf, this.#retainers.firstRetainer, this.#retainers.retainer);
  }

  #isHeldDirectly(root: NodeIndex, retainersAt: number): boolean {
    const { graph, owner } = this.#sums.heaps[this.#snapshot]!;
    const { firstRetainer, retainer } = this.#retainers;
    const holder = this.#cut.regionOf(root);
    const end = firstRetainer[retainersAt + 1]!;
    for (let row = firstRetainer[retainersAt]!; row < end; row++) {
      const from = this.#maps.holderOf(root, owner[retainer[row]!]!);
      if (this.#cut.survivorOf(from) === holder && mayHold(graph.nodeType[from]!)) return true;
    }
    return false;
  }

  /**
   * @param rivals survivor -> set to 1 if it refers to a unit that another refers to, too
   * @returns survivor -> how many units it refers to, shared ones also through what it alone holds
   */
  countReferences(rivals: Uint8Array): Uint32Array {
    const counts = uint32Column(this.#sums.survivors.count, beside(this.#cut.members));
    for (const root of this.#heldDirectly) counts[this.#cut.regionOf(root)]!++; // who collects keeps what others let go
    const countedAt = uint32Column(counts.length, beside(counts)); // survivor -> row + 1 of the last unit it was counted for
    const { firstRetainer, retainer } = this.#retainers;
    for (let row = 0; row < this.#roots.length; row++) {
      const root = this.#roots[row]!;
      const end = firstRetainer[this.#retainersAt[row]! + 1]!;
      let first = -1;
      for (let at = firstRetainer[this.#retainersAt[row]!]!; at < end; at++) {
        const source = this.#sourceOf(root, retainer[at]!);
        if (source < 0 || countedAt[source] === row + 1) continue;
        countedAt[source] = row + 1;
        counts[source]!++;
        if (first < 0) first = source;
        else rivals[first] = rivals[source] = 1;
      }
    }
    discard(countedAt);
    return counts;
  }

  /** Moves each shared unit to the source that gained most; units known only through other shared units follow them. */
  credit(gained: Int32Array): void {
    if (this.#roots.length === 0) return;
    const creditor = this.#creditors(gained);
    const { program, engine } = this.#sizes();
    const { program: programOf, engine: engineOf } = this.#sums;
    const snapshot = this.#snapshot;
    for (let row = 0; row < creditor.length; row++) {
      const to = creditor[row]!;
      if (to === NO_SURVIVOR) continue;
      const from = this.#cut.regionOf(this.#roots[row]!);
      programOf[snapshot]![from]! -= program[row]!;
      programOf[snapshot]![to]! += program[row]!;
      engineOf[snapshot]![from]! -= engine[row]!;
      engineOf[snapshot]![to]! += engine[row]!;
    }
    this.#moveRegions(creditor);
  }

  /** @returns row -> the survivor that a unit goes to; NO_SURVIVOR: it stays where it is */
  #creditors(gained: Int32Array): Uint32Array {
    const { firstRetainer, retainer } = this.#retainers;
    const { graph, owner } = this.#sums.heaps[this.#snapshot]!;
    const count = this.#roots.length;
    const creditor = new Uint32Array(count).fill(NO_SURVIVOR);
    const neighbours = new Links(count); // row -> rows of units that it refers to and that are of its class
    const others = new Links(count); // ... and that are not
    for (let row = 0; row < count; row++) {
      const root = this.#roots[row]!;
      let best: SurvivorIndex = NO_SURVIVOR;
      let isBestItself = false; // refers to it, and not only by way of something that will be gone
      const end = firstRetainer[this.#retainersAt[row]! + 1]!;
      for (let at = firstRetainer[this.#retainersAt[row]!]!; at < end; at++) {
        const source = this.#sourceOf(root, retainer[at]!);
        if (source >= 0) {
          const from = this.#maps.holderOf(root, owner[retainer[at]!]!);
          const isItself = gained[source]! > 0 && this.#cut.survivorOf(from) !== NO_SURVIVOR;
          // Of two that gain alike the older one: the rows are in the order in which V8 has them in memory by now.
          const more =
            best === NO_SURVIVOR || isItself !== isBestItself
              ? Number(isItself || best === NO_SURVIVOR)
              : gained[source]! - gained[best]!;
          if (more > 0 || (more === 0 && isItself === isBestItself && this.#idOf(source) < this.#idOf(best))) {
            best = source;
            isBestItself = isItself;
          }
        } else if (source === SHARED_UNIT) {
          const from = this.#maps.holderOf(root, owner[retainer[at]!]!);
          const other = this.#rowFor(this.#cut.unitOf(from));
          if (other >= 0) (isLink(graph, from, root) ? neighbours : others).add(other, row);
        }
      }
      creditor[row] = best;
    }
    this.#creditLists(creditor);
    // A list goes to who holds one end of it, and what is left to who is led to it.
    this.#spread(creditor, gained, [neighbours]);
    this.#spread(creditor, gained, [neighbours, others]);
    return creditor;
  }

  /** Gives what units lead to, and nobody has yet, to those who have them: first to who gained most, in all snapshots alike. */
  #spread(creditor: Uint32Array, gained: Int32Array, links: readonly Links[]): void {
    const work: number[] = [];
    for (let row = 0; row < creditor.length; row++)
      if (creditor[row] !== NO_SURVIVOR && links.some((each) => each.has(row))) work.push(row);
    const older = (a: SurvivorIndex, b: SurvivorIndex): number => (a === b ? 0 : this.#idOf(b) - this.#idOf(a));
    work.sort((a, b) => gained[creditor[a]!]! - gained[creditor[b]!]! || older(creditor[a]!, creditor[b]!));
    for (let row = work.pop(); row !== undefined; row = work.pop())
      for (const each of links)
        each.each(row, (next) => {
          if (creditor[next] !== NO_SURVIVOR) return;
          creditor[next] = creditor[row!]!;
          work.push(next);
        });
  }

  /** V8's id of a survivor, which counts up as objects are made. */
  #idOf(survivor: SurvivorIndex): number {
    return this.#sums.heaps[this.#snapshot]!.graph.nodeId[this.#cut.nodeOf(survivor)]!;
  }

  /** Gives timers that nothing else holds to the list of Node's that they are in. */
  #creditLists(creditor: Uint32Array): void {
    const { graph } = this.#sums.heaps[this.#snapshot]!;
    let left = graph.nodeCount;
    for (const list of timersLists(graph))
      for (const timer of timersIn(graph, list, left)) {
        left--;
        const row = this.#rowFor(this.#cut.unitOf(timer) === timer ? timer : NO_NODE);
        if (row >= 0 && creditor[row] === NO_SURVIVOR) creditor[row] = this.#cut.regionOf(list);
      }
  }

  /** Bytes of the program's objects and of V8's bookkeeping in each unit: row -> bytes. */
  #sizes(): { program: Float64Array; engine: Float64Array } {
    const { graph } = this.#sums.heaps[this.#snapshot]!;
    const cut = this.#cut;
    const sizes = { program: new Float64Array(this.#roots.length), engine: new Float64Array(this.#roots.length) };
    const { program, engine } = sizes;
    const engineNodes = new EngineNodes(this.#sums.heaps[this.#snapshot]!);
    const devTools = this.#sums.devTools[this.#snapshot]!;
    const { members } = cut;
    for (let i = 0; i < members.length; i++) {
      const unit = cut.unitAt(i);
      const row = this.#rowFor(unit);
      if (row < 0) continue;
      const node = members[i]!;
      if (engineNodes.has(node) || devTools.has(unit)) engine[row]! += graph.selfSize[node]!;
      else program[row]! += graph.selfSize[node]!;
    }
    return sizes;
  }

  #moveRegions(creditor: Uint32Array): void {
    const cut = this.#cut;
    const { length } = cut.members;
    for (let i = 0; i < length; i++) {
      const row = this.#rowFor(cut.unitAt(i));
      if (row >= 0 && creditor[row] !== NO_SURVIVOR) cut.moveMember(i, creditor[row]!);
    }
  }

  /**
   * What one of a unit's retainers stands for: the survivor that refers to it from outside, itself or through a unit of
   * its own; SHARED_UNIT, another unit of the same region; or NOTHING.
   */
  #sourceOf(root: NodeIndex, retainer: NodeIndex): SurvivorIndex | typeof NOTHING | typeof SHARED_UNIT {
    const { graph, owner } = this.#sums.heaps[this.#snapshot]!;
    const cut = this.#cut;
    const from = this.#maps.holderOf(root, owner[retainer]!);
    const survivor = cut.survivorOf(from);
    if (survivor !== NO_SURVIVOR)
      return mayHold(graph.nodeType[from]!) && !isLink(graph, from, root) ? survivor : NOTHING;
    const other = cut.unitOf(from);
    if (other === root || other === NO_NODE) return NOTHING;
    if (graph.nodeName[root] === this.#timer && isBesideInList(graph, from, root)) return NOTHING;
    if (cut.regionOf(from) === cut.regionOf(root)) return SHARED_UNIT;
    // A hidden class knows the names of properties by way of others that it turns into.
    const holder = this.#sums.survivors.nodesIn(this.#snapshot)[cut.regionOf(from)]!;
    return graph.nodeType[holder] === NodeType.shape ? NOTHING : cut.regionOf(from);
  }
}

/** A neighbour of the same class is a link of the same list: the list holds both. */
function isLink(graph: HeapGraph, from: NodeIndex, root: NodeIndex): boolean {
  return graph.nodeName[from] === graph.nodeName[root] && graph.nodeType[from] === graph.nodeType[root];
}

/** V8's code, hidden classes and roots refer to much, and hold nothing that a program could let go. */
function mayHold(nodeType: number): boolean {
  return nodeType !== NodeType.synthetic && nodeType !== NodeType.code && nodeType !== NodeType.shape;
}
