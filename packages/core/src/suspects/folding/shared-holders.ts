import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR, type SurvivorIndex } from "../../diff/survivors.js";
import { bringEdges } from "../../graph/edges-aside.js";
import { internalField } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { isText } from "../../graph/v8-names.js";
import { EdgeType } from "../../graph/v8-types.js";
import { isWeakCollection } from "../growth/table-entries.js";
import { holdsCallbacks, isConnected } from "./connected.js";
import { byGrowth, type Finding, withGrowthOf } from "../growth/finding.js";
import { differences, sum } from "../growth/growth-verdict.js";
import { isTimersFile } from "../growth/node-timers.js";
import { isRuntimes } from "../naming/library.js";
import { samplesOf } from "../growth/samples.js";
import { isLedByVariable } from "./led-by-variable.js";

/** Share of what is new in it that another holder must hold as well for a holder to be folded into that one. */
const MOST = 0.8;
/** By what Node leads to the store of an AsyncLocalStorage: a property up to Node 22, an object since. */
const STORE = /^(?:\[kResourceStore\]|AsyncContextFrame)$/;
/** Keys of a WeakMap that are looked at. */
const MAX_KEYS = 16;

/**
 * Folds holders of the same objects into one finding: a Map and an Array that every booking is put into are one bug in
 * two places. The one that holds more bytes stands for both and names the other, since cutting one of them frees
 * nothing; but one that the program names comes before a table of Node's, and where both gain alike one that a variable of
 * its leads to does. After that it is up to their names, not to which of them V8 has just given more room.
 */
export function foldSharedHolders(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const kept = new Map<SurvivorIndex, Finding>(); // -> the finding that stands for it
  const result: Finding[] = [];
  for (const finding of [...findings].sort(byGrowth)) {
    const other = finding.tops === null ? kept.get(holderOfMost(growth, finding)) : undefined;
    if (other === undefined || (other.judgement !== finding.judgement && !gainAlike(other, finding))) {
      if (finding.tops === null) kept.set(finding.grown, finding);
      result.push(finding);
      continue;
    }
    const both = standsBefore(growth, finding, other) ? fold(finding, other) : fold(other, finding);
    kept.set(finding.grown, both);
    for (const [survivor, each] of kept) if (each === other) kept.set(survivor, both);
    result[result.indexOf(other)] = both;
  }
  return foldInStep(growth, result);
}

/** Is the smaller of two holders of the same objects the one to stand for both? */
function standsBefore(growth: HolderGrowth, smaller: Finding, larger: Finding): boolean {
  // Timers say what calls, though their list has no name.
  if (isWeakTable(growth, larger) && isTimersFile(smaller.path.file)) return true;
  if (isWeakTable(growth, smaller) && isTimersFile(larger.path.file)) return false;
  if (isUnnamed(smaller) || isUnnamed(larger)) return !isUnnamed(smaller);
  if (isWeakTable(growth, smaller) || isWeakTable(growth, larger)) return !isWeakTable(growth, smaller);
  if (!isInStep(larger, smaller)) return false;
  const hasNamesOnly = keepsNamesOnly(growth, smaller);
  if (hasNamesOnly !== keepsNamesOnly(growth, larger)) return !hasNamesOnly;
  // The one that is made anew each time is a copy of the one that stays.
  if (smaller.isReplaced !== larger.isReplaced) return larger.isReplaced;
  const isLed = isLedByVariable(growth, smaller, [larger, ...larger.alsoHeldBy]);
  if (isLed !== isLedByVariable(growth, larger, [smaller, ...larger.alsoHeldBy])) return isLed;
  // A variable of a call is there as often as that was called, and only who wrote the function knows of it.
  const order =
    Number(isInNobodysCall(smaller)) - Number(isInNobodysCall(larger)) ||
    smaller.path.words.length - larger.path.words.length;
  return order < 0 || (order === 0 && smaller.path.expression < larger.path.expression);
}

function isInNobodysCall({ path: { scope, owner } }: Finding): boolean {
  return scope !== null && scope.kind !== "module" && owner === null;
}

/** True for a list of what objects are called, which have those objects nowhere. */
function keepsNamesOnly(growth: HolderGrowth, finding: Finding): boolean {
  const { graph } = growth.heaps.at(-1)!;
  const samples = samplesOf(growth, finding);
  return samples.length > 0 && samples.every(({ node }) => isText(graph.nodeType[node]!));
}

/** A WeakMap lets its values go with their keys: whatever else knows of them keeps the keys. */
export function isWeakTable({ heaps }: HolderGrowth, { container }: Finding): boolean {
  return isWeakCollection(heaps.at(-1)!.graph, container);
}

/** True for what Node registers for the day that an object goes: it goes with that. */
export function isNodesRegistry(finding: Finding): boolean {
  return finding.entries?.word === "registrations" && isUnnamed(finding);
}

/** Folds tables of Node's into the holder of the program's that gains as many entries in every interval. */
function foldInStep(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const named = findings.filter((finding) => !isUnnamed(finding));
  const result = new Map(named.map((finding) => [finding, finding]));
  const alone: Finding[] = [];
  for (const finding of findings.filter(isUnnamed)) {
    const other = isNodes(finding) ? named.find((each) => follows(growth, finding, each)) : undefined;
    if (other === undefined) alone.push(finding);
    else result.set(other, fold(result.get(other)!, finding));
  }
  return [...result.values(), ...alone];
}

/** The one finding that stands for both. */
export function fold(named: Finding, also: Finding): Finding {
  return { ...withGrowthOf(named, also), alsoHeldBy: [...named.alsoHeldBy, also, ...also.alsoHeldBy] };
}

/**
 * A table with callbacks of the program's is a bug of its own, unless it knows of what the other holds. So is what the
 * program has in the store of an AsyncLocalStorage, though only what Node made leads there.
 */
function follows(growth: HolderGrowth, table: Finding, other: Finding): boolean {
  const isApart = (): boolean => isInStore(table) || holdsCallbacks(growth, table);
  return isInStep(other, table) && (!isApart() || isConnected(growth, other, table));
}

function isInStore({ path: { words } }: Finding): boolean {
  return words.slice(0, -1).some((word) => STORE.test(word));
}

/** True if both are judged alike, and gain as many entries in every interval. */
export function isInStep(one: Finding, other: Finding): boolean {
  return one.judgement === other.judgement && gainAlike(one, other);
}

/** True if both gain entries, and as many of them in every interval. */
export function gainAlike(one: Finding, other: Finding): boolean {
  if (one.entries === null || other.entries === null) return false;
  const gained = differences(one.entries.counts);
  return sum(gained) > 0 && differences(other.entries.counts).every((each, i) => each === gained[i]);
}

/** True for what nothing of the program's names: a table of Node's, or of nobody's. */
export function isUnnamed({ path }: Finding): boolean {
  if (path.file !== "") return isRuntimes(path.file);
  return !["global", "variable", "page", "component"].includes(path.anchor);
}

/** True for tables in Node's own files, and properties of objects whose class no file of the program's has. */
function isNodes({ path }: Finding): boolean {
  return isRuntimes(path.file) || (path.anchor === "instance" && path.file === "");
}

/** The survivor that by bytes most of what is new in a finding is counted for, if it is another one; else NO_SURVIVOR. */
function holderOfMost(growth: HolderGrowth, finding: Finding): SurvivorIndex {
  const last = growth.heaps.length - 1;
  const cut = growth.cuts[last]!;
  const { retainedSize } = growth.heaps[last]!;
  const bytes = new Map<SurvivorIndex, number>();
  let all = 0; // the keys of a Map are its own, whoever else holds the values
  const known = isWeakTable(growth, finding) ? newKeys(growth, finding) : [];
  for (const node of [...newHeld(growth, finding), ...known]) {
    all += retainedSize[node]!;
    const survivor = cut.regionOf(node);
    bytes.set(survivor, (bytes.get(survivor) ?? 0) + retainedSize[node]!);
  }
  for (const [holder, each] of bytes) if (holder !== finding.grown && each >= all * MOST) return holder;
  return NO_SURVIVOR;
}

function newHeld(growth: HolderGrowth, finding: Finding): NodeIndex[] {
  return samplesOf(growth, finding)
    .filter(({ edges }) => edges.length > 0)
    .map(({ node }) => node);
}

/** A WeakMap or WeakSet holds none of its keys, and yet it is as long as somebody else does. */
function newKeys(growth: HolderGrowth, { container }: Finding): NodeIndex[] {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const table = internalField(graph, container, "table");
  const keys: NodeIndex[] = [];
  if (table === NO_NODE) return keys;
  bringEdges(graph, table);
  for (let edge = graph.firstEdge[table + 1]! - 1; edge >= graph.firstEdge[table]! && keys.length < MAX_KEYS; edge--) {
    const target = graph.edgeTarget[edge]!;
    if (graph.edgeType[edge] === EdgeType.weak && cut.unitOf(target) !== NO_NODE) keys.push(target);
  }
  return keys;
}
