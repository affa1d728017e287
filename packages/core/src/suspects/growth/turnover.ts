import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { eachSlice } from "../../parse/slices.js";
import { countedFor, isCounted, type UnnamedFinding } from "./finding.js";
import { differences } from "./growth-verdict.js";
import { eachHeld, ofItsSlot } from "./held-objects.js";

/** Share of what a holder held one snapshot before the last that must be gone for it to be turning over. */
const GONE = 0.9;
/** Fewer objects tell nothing. */
const LEAST_OBJECTS = 16;
/** Objects of one finding that are looked at. */
const MOST_OBJECTS = 20_000;
/** Where a few stay among many that go: by which factor they may be more or fewer than it gained, to be what it gained. */
const AS_MANY = 2;
/** Fewer entries that stay may be the parts that it made of itself when it was first used. */
const LEAST_ENTRIES = 4;

/**
 * Finds holders that hold more each time and yet let go: next to nothing of what they held one snapshot before the last
 * lives on, or all of it belongs to others now. So does a queue under rising load, a batch that the snapshots met fuller
 * and fuller, or what refers to the newest only; a leak keeps what it has. So where the few that stay are as many as it
 * gained it leaks: sessions that are ended, all but some. The same goes for its entries, however much they let go of: of
 * listeners that views forget on a page, the newest reaches the view that is shown. Who clones all of his state every time
 * looks the same (but see `writtenAnew`): do not ask of what is known to gain as much in every cycle.
 */
export function turningOver(growth: HolderGrowth, findings: readonly UnnamedFinding[]): Set<UnnamedFinding> {
  if (growth.heaps.length < 3 || growth.left !== null) return new Set();
  const last = growth.heaps.length - 1;
  const held = objectsHeld(growth, findings, last - 1);
  growth.heaps[last - 1]!.putBack();
  const isHeld = heldAtLast(growth, held);
  const found = new Map<UnnamedFinding, number>(); // -> how many objects stay
  for (const [finding, { ids, units, count }] of held) {
    const stay = ids.map((id) => isHeld(finding, id));
    const gone = stay.filter((stays) => !stays).length;
    const entries = new Set(units.filter((_, i) => stay[i])).size;
    if (ids.length >= LEAST_OBJECTS && gone >= ids.length * GONE && !areGains(finding, entries))
      found.set(finding, (count * (ids.length - gone)) / ids.length);
  }
  const keeping = [...found].filter(([, stay]) => stay > 0);
  if (keeping.length === 0) return new Set(found.keys());
  growth.heaps[last]!.putBack();
  const heldBefore = objectsHeld(
    growth,
    keeping.map(([finding]) => finding),
    last - 2,
  );
  for (const [finding, stay] of keeping) {
    if (isAsMany(stay, held.get(finding)!.count - heldBefore.get(finding)!.count)) found.delete(finding);
  }
  return new Set(found.keys());
}

/** Objects that a finding held one snapshot before the last, those that it holds in the last, and those that are both. */
export interface Staying {
  readonly before: number;
  readonly after: number;
  readonly stay: number;
}

/** How many objects each finding kept from the last snapshot but one to the last, if it had enough of them to tell. */
export function objectsThatStay(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
): Map<UnnamedFinding, Staying> {
  const last = growth.heaps.length - 1;
  const held = objectsHeld(growth, findings, last - 1);
  growth.heaps[last - 1]!.putBack();
  const isHeld = heldAtLast(growth, held);
  const now = objectsHeld(growth, findings, last);
  const found = new Map<UnnamedFinding, Staying>();
  for (const [finding, { ids, count }] of held) {
    if (ids.length < LEAST_OBJECTS) continue;
    const stay = ids.filter((id) => isHeld(finding, id)).length;
    found.set(finding, { before: count, after: now.get(finding)!.count, stay: (count * stay) / ids.length });
  }
  return found;
}

/** @returns whether a finding holds in the last snapshot the object that has an id, of those it held before */
function heldAtLast(
  growth: HolderGrowth,
  held: ReadonlyMap<UnnamedFinding, Held>,
): (finding: UnnamedFinding, id: number) => boolean {
  const last = growth.heaps.length - 1;
  const wanted = new IdFilter();
  for (const { ids } of held.values()) for (const id of ids) wanted.add(id);
  const { nodeId } = growth.heaps[last]!.graph;
  const cut = growth.cuts[last]!;
  const rowOf = new Map<number, number>(); // id -> row of the cut's members in the last snapshot
  const { members } = cut;
  eachSlice(members.length, (low, high) => {
    for (let row = low; row < high; row++) {
      const id = nodeId[members[row]!]!;
      if (wanted.mayHave(id)) rowOf.set(id, row);
    }
  });
  const holders = new Map([...held.keys()].map((finding) => [finding, new Set(countedFor(finding))]));
  const counted = new Map([...held.keys()].map((finding) => [finding, ofItsSlot(finding)]));
  return (finding, id) => {
    const row = rowOf.get(id);
    if (row === undefined) return false;
    const of = cut.regionAt(row);
    // What has gone over to another slot of the holder is gone, too.
    return holders.get(finding)!.has(of) && isCounted(counted.get(finding)!, of, cut.unitAt(row), last);
  };
}

/** True if the entries that came before the last snapshot but one, and of which something stays, are what it gains. */
function areGains({ entries }: UnnamedFinding, stay: number): boolean {
  return (
    entries !== null &&
    stay >= LEAST_ENTRIES &&
    differences(entries.counts)
      .slice(-2)
      .every((gained) => isAsMany(stay, gained))
  );
}

function isAsMany(stay: number, gained: number): boolean {
  return stay >= gained / AS_MANY && stay <= gained * AS_MANY;
}

/** What a finding holds in a snapshot: ids of some of the objects, the unit of each, and how many there are. */
interface Held {
  readonly ids: number[];
  readonly units: NodeIndex[];
  count: number;
}

function objectsHeld(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
  snapshot: number,
): Map<UnnamedFinding, Held> {
  const { nodeId } = growth.heaps[snapshot]!.graph;
  const held = new Map<UnnamedFinding, Held>(findings.map((finding) => [finding, { ids: [], units: [], count: 0 }]));
  eachHeld(growth, findings, snapshot, (finding, node, unit) => {
    const one = held.get(finding)!;
    one.count++;
    if (one.ids.length >= MOST_OBJECTS) return;
    one.ids.push(nodeId[node]!);
    one.units.push(unit);
  });
  return held;
}

/** Tells most ids that nobody asks for from the others, at the price of a look. */
class IdFilter {
  readonly #bits = new Uint8Array(1 << 20);

  add(id: number): void {
    this.#bits[(id >>> 1) & (this.#bits.length - 1)] = 1;
  }

  mayHave(id: number): boolean {
    return this.#bits[(id >>> 1) & (this.#bits.length - 1)] === 1;
  }
}
