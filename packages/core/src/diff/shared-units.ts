import { type HeapGraph, NO_NODE, type NodeIndex } from "../graph/heap-graph.js";
import { NodeType } from "../graph/v8-types.js";
import { type HolderGrowth, unitSizes } from "./holder-sums.js";
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
  const last = growth.heaps.length - 1;
  const found = growth.heaps.map((_, snapshot) => new SharedUnits(growth, snapshot, vague));
  const references = found.map((shared) => shared.countReferences());
  const gained = references[last]!.map((count, survivor) => count - references[0]![survivor]!);
  found.forEach((shared) => shared.credit(gained));
}

/** survivor -> 1 if it changed enough for a closer look. */
function vagueHolders({ survivors, program }: HolderGrowth): Uint8Array {
  const vague = new Uint8Array(survivors.count);
  for (let survivor = 0; survivor < survivors.count; survivor++)
    for (let snapshot = 1; snapshot < program.length; snapshot++)
      if (Math.abs(program[snapshot]![survivor]! - program[snapshot - 1]![survivor]!) >= WORTH_BYTES)
        vague[survivor] = 1;
  return vague;
}

/** The units of one snapshot that their dominator does not refer to. */
class SharedUnits {
  readonly #growth: HolderGrowth;
  readonly #snapshot: number;
  readonly #roots: NodeIndex[] = [];
  readonly #heldDirectly: Float64Array; // survivor -> units that it refers to and alone keeps

  constructor(growth: HolderGrowth, snapshot: number, vague: Uint8Array) {
    this.#growth = growth;
    this.#snapshot = snapshot;
    const unit = growth.unit[snapshot]!;
    const region = growth.region[snapshot]!;
    this.#heldDirectly = new Float64Array(growth.survivors.count);
    for (let node = 0; node < unit.length; node++) {
      if (unit[node] !== node || vague[region[node]!] === 0) continue;
      if (this.#isHeldDirectly(node)) this.#heldDirectly[region[node]!]!++;
      else this.#roots.push(node);
    }
  }

  #isHeldDirectly(root: NodeIndex): boolean {
    const { retainers, owner } = this.#growth.heaps[this.#snapshot]!;
    const survivorOf = this.#growth.survivors.of[this.#snapshot]!;
    const holder = this.#growth.region[this.#snapshot]![root]!;
    const end = retainers.firstRetainer[root + 1]!;
    for (let row = retainers.firstRetainer[root]!; row < end; row++)
      if (survivorOf[owner[retainers.retainer[row]!]!] === holder) return true;
    return false;
  }

  /** @returns survivor -> how many units it refers to, shared ones also through what it alone holds */
  countReferences(): Float64Array {
    const counts = this.#heldDirectly.slice(); // who collects also keeps what others have let go
    const seen = new Set<SurvivorIndex>();
    for (const root of this.#roots) {
      seen.clear();
      this.#eachSource(root, (source) => {
        if (!seen.has(source)) counts[source]!++;
        seen.add(source);
      });
    }
    return counts;
  }

  /** Moves each shared unit to the source that gained most; units known only through other shared units follow them. */
  credit(gained: Float64Array): void {
    const { region, unitCount, program, engine } = this.#growth;
    const snapshot = this.#snapshot;
    const sizes = unitSizes(this.#growth, snapshot);
    const creditor = new Map<NodeIndex, SurvivorIndex>();
    const waiting = new Map<NodeIndex, NodeIndex[]>(); // unit -> units it alone is known to refer to
    const work: NodeIndex[] = [];
    for (const root of this.#roots) {
      let best = NO_SURVIVOR;
      this.#eachSource(
        root,
        (source) => {
          if (best === NO_SURVIVOR || gained[source]! > gained[best]!) best = source;
        },
        (other) => {
          const list = waiting.get(other);
          if (list === undefined) waiting.set(other, [root]);
          else list.push(root);
        },
      );
      if (best === NO_SURVIVOR) continue;
      creditor.set(root, best);
      work.push(root);
    }
    for (let root = work.pop(); root !== undefined; root = work.pop())
      for (const next of waiting.get(root) ?? []) {
        if (creditor.has(next)) continue;
        creditor.set(next, creditor.get(root)!);
        work.push(next);
      }
    for (const [root, to] of creditor) {
      const from = region[snapshot]![root]!;
      program[snapshot]![from]! -= sizes.program[root]!;
      program[snapshot]![to]! += sizes.program[root]!;
      engine[snapshot]![from]! -= sizes.engine[root]!;
      engine[snapshot]![to]! += sizes.engine[root]!;
      unitCount[snapshot]![from]!--;
      unitCount[snapshot]![to]!++;
    }
    this.#moveRegions(creditor);
  }

  #moveRegions(creditor: ReadonlyMap<NodeIndex, SurvivorIndex>): void {
    const unit = this.#growth.unit[this.#snapshot]!;
    const region = this.#growth.region[this.#snapshot]!;
    for (let node = 0; node < unit.length; node++) {
      const root = unit[node]!;
      if (root === NO_NODE) continue;
      const to = creditor.get(root);
      if (to !== undefined) region[node] = to;
    }
  }

  /** Survivors that refer to a unit from outside, themselves or through a unit of theirs; and other shared units that do. */
  #eachSource(
    root: NodeIndex,
    visit: (source: SurvivorIndex) => void,
    visitShared?: (otherRoot: NodeIndex) => void,
  ): void {
    const { graph, retainers, owner } = this.#growth.heaps[this.#snapshot]!;
    const survivorOf = this.#growth.survivors.of[this.#snapshot]!;
    const unit = this.#growth.unit[this.#snapshot]!;
    const region = this.#growth.region[this.#snapshot]!;
    const end = retainers.firstRetainer[root + 1]!;
    for (let row = retainers.firstRetainer[root]!; row < end; row++) {
      const from = owner[retainers.retainer[row]!]!;
      const survivor = survivorOf[from]!;
      if (survivor !== NO_SURVIVOR) {
        if (mayHold(graph.nodeType[from]!) && !isLink(graph, from, root)) visit(survivor);
        continue;
      }
      const other = unit[from]!;
      if (other === root || other === NO_NODE) continue;
      if (region[from] !== region[root]) visit(region[from]!);
      else visitShared?.(other);
    }
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
