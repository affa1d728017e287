import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import type { EdgeIndex, NodeIndex } from "../../graph/heap-graph.js";
import type { AccessPath } from "../naming/access-words.js";
import type { Chain } from "./chains.js";
import { type Judgement, sum } from "./growth-verdict.js";
import type { Slot } from "./slots.js";
import type { Tops } from "./unit-growth.js";

/** A holder that grew, as the analysis knows it: the raw material of a suspect. */
export interface Finding {
  readonly survivor: SurvivorIndex;
  /** The survivor whose growth it is: the holder, or the link of a list below it. */
  readonly grown: SurvivorIndex;
  /** Other survivors whose growth is counted here, as a consequence of this one's. */
  readonly folded: readonly SurvivorIndex[];
  /** How many alike containers this one stands for, itself included. */
  readonly members: number;
  /** Other holders of the same objects, folded into this one. */
  readonly alsoHeldBy: readonly Finding[];
  /** What grows at the same pace as a consequence, such as other tables of the same library, folded into this one. */
  readonly growAlong: readonly Finding[];
  /** Roots of the holder's units that count, per snapshot, if it has other slots that grew as well; else null. */
  readonly tops: Tops | null;
  /** Entries that count, in the last snapshot, if the container has others that are another finding's; else null. */
  readonly only: ReadonlySet<NodeIndex> | null;
  /** V8's edges to the objects that Node keeps running and that it stands for, in the last snapshot; null if it is not of such. */
  readonly running: readonly EdgeIndex[] | null;
  /** True if what it gained between two snapshots belongs to requests that are not answered yet. */
  readonly isInFlight: boolean;
  /** True for timers that go off once, and if each of its entries has such a timer. */
  readonly isTimed: boolean;
  /** What the object around it has by the name of a bound; empty if it has nothing. */
  readonly bound: string;
  /** The holder in the last snapshot. */
  readonly holder: NodeIndex;
  /** The container that grew, in the last snapshot: the holder, or what a slot of it refers to. */
  readonly container: NodeIndex;
  /** The container in each snapshot; NO_NODE where it was not there yet. */
  readonly containers: readonly NodeIndex[];
  /** True if the holder's slot refers to another object each time. */
  readonly isReplaced: boolean;
  /** Set if the slot is the head of a linked list. */
  readonly chain: Chain | null;
  /** Class of the objects it is made of, if it is a tree or another structure of alike objects; else null. */
  readonly linkedClass: string | null;
  readonly path: AccessPath;
  /** Names of the edges from the holder to the container; empty if they are one. */
  readonly slotWords: readonly string[];
  /** Growth in bytes per interval: the program's objects, and V8's where they hang on a leaked object. */
  readonly bytes: readonly number[];
  /** Entries in each snapshot, and what to call them; null where they cannot be counted. */
  readonly entries: { readonly counts: readonly number[]; readonly word: string } | null;
  readonly judgement: Judgement;
}

/** What is true of one holder by itself, before others are looked at. */
export const BY_ITSELF: Pick<
  Finding,
  | "folded"
  | "members"
  | "alsoHeldBy"
  | "growAlong"
  | "tops"
  | "only"
  | "running"
  | "isInFlight"
  | "isTimed"
  | "bound"
  | "linkedClass"
> = {
  folded: [],
  members: 1,
  alsoHeldBy: [],
  growAlong: [],
  tops: null,
  only: null,
  running: null,
  isInFlight: false,
  isTimed: false,
  bound: "",
  linkedClass: null,
};

/** Most growth first, of what grew alike the one whose name comes first: which of them the heap has first is chance. */
export function byGrowth(a: Finding, b: Finding): number {
  const name = ({ path }: Finding): string => `${path.expression} ${path.file}`;
  return sum(b.bytes) - sum(a.bytes) || Number(name(a) > name(b)) - Number(name(a) < name(b));
}

/** A finding with what another one grew by counted in it, as a consequence of it. */
export function withGrowthOf(finding: Finding, consequence: Finding): Finding {
  return {
    ...finding,
    bytes: finding.bytes.map((bytes, i) => bytes + consequence.bytes[i]!),
    folded: [...finding.folded, consequence.grown, ...consequence.folded],
  };
}

/** Counts what a finding grew by for the engine; one of several slots of a holder has no bytes of its own to be counted. */
export function giveToEngine({ bytes }: HolderGrowth, { grown, folded, tops }: Finding): void {
  for (const survivor of tops === null ? [grown, ...folded] : []) bytes.giveToEngine(survivor);
}

/** The survivors of which all growth counts; of a holder with `tops`, only what those say. */
export function countedWhole({ survivor, grown, folded, tops }: Counted): SurvivorIndex[] {
  return [grown, ...folded].filter((each) => tops === null || each !== survivor);
}

/** The survivors of which growth counts, the holder of `tops` among them. */
export function countedFor(finding: Counted): SurvivorIndex[] {
  const whole = countedWhole(finding);
  return finding.tops === null ? whole : [finding.survivor, ...whole];
}

/** True if what is in a unit of one of these survivors counts. */
export function isCounted({ survivor, tops }: Counted, of: SurvivorIndex, unit: NodeIndex, snapshot: number): boolean {
  return tops === null || of !== survivor || tops[snapshot]!.has(unit);
}

/** What of a finding says whose growth it is. */
export type Counted = Pick<Finding, "survivor" | "grown" | "folded" | "tops">;

/** A finding of which nobody has asked yet what the program calls it. */
export interface UnnamedFinding extends Omit<Finding, "path"> {
  /** What the holder grew through, if that is known. */
  readonly slot: Slot | null;
}
