import { discard, uint32Column } from "../parse/columns.js";
import { heldByDevTools } from "../graph/devtools-handles.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { type FewRetainers, retainersOf } from "../graph/retainers.js";
import { EngineNodes } from "../graph/v8-engine-nodes.js";
import { NodeType } from "../graph/v8-types.js";
import { type HolderGrowth } from "./holder-sums.js";
import { NO_SURVIVOR, type SurvivorIndex } from "./survivors.js";

/** Changes below this many bytes in every interval are not worth looking for a better holder. */
const WORTH_BYTES = 1024;

/**
 * What is referenced from two places is dominated by something far above both, often the root. Such units are given
 * to the survivor that refers to them and whose references grow most: bytes and units move from the one holder to
 * the other in every snapshot, so the sums stay what they are.
 */
export function creditSharedUnits(growth: HolderGrowth): void {
  const vague = vagueHolders(growth);
  if (!vague.includes(1)) return;
  const found = growth.heaps.map((_, snapshot) => new SharedUnits(growth, snapshot, vague));
  const gained = found[found.length - 1]!.countReferences();
  const before = found[0]!.countReferences();
  for (let survivor = 0; survivor < gained.length; survivor++) gained[survivor]! -= before[survivor]!;
  for (const shared of found) {
    shared.credit(gained);
    shared.end();
  }
}

/** survivor -> 1 if it changed enough for a closer look. */
function vagueHolders({ survivors, program }: HolderGrowth): Uint8Array {
  const vague = new Uint8Array(survivors.count);
  for (let snapshot = 1; snapshot < program.length; snapshot++) {
    const [before, after] = [program[snapshot - 1]!, program[snapshot]!];
    for (let survivor = 0; survivor < vague.length; survivor++)
      if (Math.abs(after[survivor]! - before[survivor]!) >= WORTH_BYTES) vague[survivor] = 1;
  }
  return vague;
}

/** What a reference to a shared unit comes from, if not from a survivor. */
const NOTHING = -1;
const SHARED_UNIT = -2;

/** The units of one snapshot that their dominator does not refer to. All columns of units have a row for each. */
class SharedUnits {
  readonly #growth: HolderGrowth;
  readonly #snapshot: number;
  readonly #retainers: FewRetainers; // those of the roots at least
  readonly #roots: Uint32Array; // row -> root of the unit
  readonly #rowOf: Uint32Array; // node -> row + 1 of the unit it is the root of, or 0
  readonly #heldDirectly: Uint32Array; // survivor -> units that it refers to and alone keeps

  constructor(growth: HolderGrowth, snapshot: number, vague: Uint8Array) {
    this.#growth = growth;
    this.#snapshot = snapshot;
    const heap = growth.heaps[snapshot]!;
    const { graph } = heap;
    const cut = growth.cuts[snapshot]!;
    const roots = rootsIn(growth, snapshot, vague);
    this.#retainers = retainersOf(graph, heap.retaining, bitsOf(roots, graph.nodeCount));
    this.#heldDirectly = uint32Column(growth.survivors.count);
    this.#rowOf = uint32Column(graph.nodeCount);
    let count = 0;
    for (let i = 0; i < roots.length; i++) {
      const node = roots[i]!;
      if (this.#isHeldDirectly(node)) this.#heldDirectly[cut.regionOf(node)]!++;
      else {
        roots[count++] = node;
        this.#rowOf[node] = count;
      }
    }
    this.#roots = roots.subarray(0, count);
  }

  /** Gives back what only the sharing out needed. */
  end(): void {
    discard(this.#rowOf, this.#heldDirectly, this.#retainers.firstRetainer, this.#retainers.retainer);
  }

  #isHeldDirectly(root: NodeIndex): boolean {
    const { graph, owner } = this.#growth.heaps[this.#snapshot]!;
    const { firstRetainer, retainer } = this.#retainers;
    const cut = this.#growth.cuts[this.#snapshot]!;
    const holder = cut.regionOf(root);
    const end = firstRetainer[root + 1]!;
    for (let row = firstRetainer[root]!; row < end; row++)
      if (cut.survivorOf(owner[retainer[row]!]!) === holder && mayHold(graph.nodeType[owner[retainer[row]!]!]!))
        return true;
    return false;
  }

  /** @returns survivor -> how many units it refers to, shared ones also through what it alone holds */
  countReferences(): Float64Array {
    const counts = Float64Array.from(this.#heldDirectly); // who collects also keeps what others have let go
    const countedAt = uint32Column(counts.length); // survivor -> row + 1 of the last unit it was counted for
    const { firstRetainer, retainer } = this.#retainers;
    for (let row = 0; row < this.#roots.length; row++) {
      const root = this.#roots[row]!;
      const end = firstRetainer[root + 1]!;
      for (let at = firstRetainer[root]!; at < end; at++) {
        const source = this.#sourceOf(root, retainer[at]!);
        if (source < 0 || countedAt[source] === row + 1) continue;
        countedAt[source] = row + 1;
        counts[source]!++;
      }
    }
    return counts;
  }

  /** Moves each shared unit to the source that gained most; units known only through other shared units follow them. */
  credit(gained: Float64Array): void {
    const creditor = this.#creditors(gained);
    const { program, engine } = this.#sizes();
    const { cuts, program: programOf, engine: engineOf } = this.#growth;
    const snapshot = this.#snapshot;
    for (let row = 0; row < creditor.length; row++) {
      const to = creditor[row]!;
      if (to === NO_SURVIVOR) continue;
      const from = cuts[snapshot]!.regionOf(this.#roots[row]!);
      programOf[snapshot]![from]! -= program[row]!;
      programOf[snapshot]![to]! += program[row]!;
      engineOf[snapshot]![from]! -= engine[row]!;
      engineOf[snapshot]![to]! += engine[row]!;
    }
    this.#moveRegions(creditor);
  }

  /** @returns row -> the survivor that a unit goes to; NO_SURVIVOR: it stays where it is */
  #creditors(gained: Float64Array): Uint32Array {
    const { firstRetainer, retainer } = this.#retainers;
    const cut = this.#growth.cuts[this.#snapshot]!;
    const { owner } = this.#growth.heaps[this.#snapshot]!;
    const count = this.#roots.length;
    const creditor = new Uint32Array(count).fill(NO_SURVIVOR);
    const links = new Links(count); // row -> rows of units that it refers to
    const work: number[] = [];
    for (let row = 0; row < count; row++) {
      const root = this.#roots[row]!;
      let best: SurvivorIndex = NO_SURVIVOR;
      const end = firstRetainer[root + 1]!;
      for (let at = firstRetainer[root]!; at < end; at++) {
        const source = this.#sourceOf(root, retainer[at]!);
        if (source >= 0) {
          if (best === NO_SURVIVOR || gained[source]! > gained[best]!) best = source;
        } else if (source === SHARED_UNIT) {
          const other = this.#rowOf[cut.unitOf(owner[retainer[at]!]!)]!;
          if (other > 0) links.add(other - 1, row);
        }
      }
      if (best === NO_SURVIVOR) continue;
      creditor[row] = best;
      work.push(row);
    }
    for (let row = work.pop(); row !== undefined; row = work.pop())
      links.each(row, (next) => {
        if (creditor[next] !== NO_SURVIVOR) return;
        creditor[next] = creditor[row!]!;
        work.push(next);
      });
    return creditor;
  }

  /** Bytes of the program's objects and of V8's bookkeeping in each unit: row -> bytes. */
  #sizes(): { program: Float64Array; engine: Float64Array } {
    const { graph } = this.#growth.heaps[this.#snapshot]!;
    const cut = this.#growth.cuts[this.#snapshot]!;
    const sizes = { program: new Float64Array(this.#roots.length), engine: new Float64Array(this.#roots.length) };
    const { program, engine } = sizes;
    const engineNodes = new EngineNodes(this.#growth.heaps[this.#snapshot]!);
    const devTools = heldByDevTools(graph);
    for (let i = 0; i < cut.members.length; i++) {
      const node = cut.members[i]!;
      const unit = cut.unitOf(node);
      const row = this.#rowOf[unit]! - 1;
      if (row < 0) continue;
      if (engineNodes.has(node) || devTools.has(unit)) engine[row]! += graph.selfSize[node]!;
      else program[row]! += graph.selfSize[node]!;
    }
    return sizes;
  }

  #moveRegions(creditor: Uint32Array): void {
    const cut = this.#growth.cuts[this.#snapshot]!;
    for (let i = 0; i < cut.members.length; i++) {
      const row = this.#rowOf[cut.unitOf(cut.members[i]!)]! - 1;
      if (row >= 0 && creditor[row] !== NO_SURVIVOR) cut.moveMember(i, creditor[row]!);
    }
  }

  /**
   * What one of a unit's retainers stands for: the survivor that refers to it from outside, itself or through a unit of
   * its own; SHARED_UNIT, another unit of the same region; or NOTHING.
   */
  #sourceOf(root: NodeIndex, retainer: NodeIndex): SurvivorIndex | typeof NOTHING | typeof SHARED_UNIT {
    const { graph, owner } = this.#growth.heaps[this.#snapshot]!;
    const cut = this.#growth.cuts[this.#snapshot]!;
    const from = owner[retainer]!;
    const survivor = cut.survivorOf(from);
    if (survivor !== NO_SURVIVOR)
      return mayHold(graph.nodeType[from]!) && !isLink(graph, from, root) ? survivor : NOTHING;
    const other = cut.unitOf(from);
    if (other === root || other === NO_NODE) return NOTHING;
    if (cut.regionOf(from) === cut.regionOf(root)) return SHARED_UNIT;
    // A hidden class knows the names of properties by way of others that it turns into.
    const holder = this.#growth.survivors.nodes[this.#snapshot]![cut.regionOf(from)]!;
    return graph.nodeType[holder] === NodeType.shape ? NOTHING : cut.regionOf(from);
  }
}

/** The roots of the units that are counted for a survivor that is worth a closer look, in the order of their rows. */
function rootsIn(growth: HolderGrowth, snapshot: number, vague: Uint8Array): Uint32Array {
  const cut = growth.cuts[snapshot]!;
  return cut.members.filter((node) => cut.unitOf(node) === node && vague[cut.regionOf(node)] === 1);
}

function bitsOf(nodes: Uint32Array, nodeCount: number): Uint32Array {
  const bits = new Uint32Array(Math.ceil(nodeCount / 32));
  for (let i = 0; i < nodes.length; i++) bits[nodes[i]! >>> 5]! |= 1 << (nodes[i]! & 31);
  return bits;
}

/** Lists of numbers, each in the order they were added, without an object for each list. */
class Links {
  readonly #first: Uint32Array;
  readonly #last: Uint32Array;
  readonly #next: number[] = [];
  readonly #value: number[] = [];

  constructor(lists: number) {
    this.#first = new Uint32Array(lists).fill(NO_NODE);
    this.#last = new Uint32Array(lists);
  }

  add(list: number, value: number): void {
    const entry = this.#value.push(value) - 1;
    this.#next.push(NO_NODE);
    if (this.#first[list] === NO_NODE) this.#first[list] = entry;
    else this.#next[this.#last[list]!] = entry;
    this.#last[list] = entry;
  }

  each(list: number, visit: (value: number) => void): void {
    for (let entry = this.#first[list]!; entry !== NO_NODE; entry = this.#next[entry]!) visit(this.#value[entry]!);
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
