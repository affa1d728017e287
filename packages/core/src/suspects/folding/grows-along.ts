import type { HolderGrowth } from "../../diff/holder-growth.js";
import { firstEdgeOf } from "../../graph/edges-aside.js";
import { sourceOf } from "../../graph/edges-of.js";
import { classPosition, generatedPosition } from "../../graph/source-locations.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { holdsCallbacks } from "./connected.js";
import { byGrowth, type Finding, withGrowthOf } from "../growth/finding.js";
import { differences, sum } from "../growth/growth-verdict.js";
import { ANY_ELEMENT, ANY_ENTRY } from "../naming/access-words.js";
import { libraryOf } from "../naming/library.js";
import { isMadeElsewhere } from "./scope-owner.js";
import { weakMapHome } from "./weak-map-home.js";
import { gainAlike, isInStep, isWeakTable } from "./shared-holders.js";
import { isRoom } from "../growth/container-entries.js";

/** Steps from a variable down in which the object of a library's class is looked for: a module's cell may come first. */
const MAX_STEPS = 3;
/** Words of a name that tell which part of a library's object something is in: `client.cache`. */
const PART = 2;
/** By how much of an interval's bytes a pace may differ: tables double. */
const SAME_PACE = 0.25;

/**
 * Folds tables of one library's that gain as many entries in every interval: who compiles a schema with Ajv adds to three
 * of its tables, and that is one bug. The largest stands for all. Tables of the program's own that gain alike may be
 * bugs of their own. Of one object that the program has of a library, such as a client with a cache of entities, tables
 * that keep pace are one finding as well, in whatever file they are; there the one that the program can name stands. So
 * does a table of the program's before what a library keeps of each of its entries, and a container before what it has in
 * a property.
 */
export function foldGrowingAlong(growth: HolderGrowth, findings: readonly Finding[]): Finding[] {
  const kept = new Map<Finding, Finding>(); // finding -> it with all that is folded into it
  // What has an owner is in a scope of somebody else's file.
  const isLibrarys = (each: Finding): number => Number(libraryOf(each.path.file) !== "" || isMadeElsewhere(each));
  const inOrder = [...findings].sort((a, b) => isLibrarys(a) - isLibrarys(b) || byGrowth(a, b));
  for (const finding of inOrder) {
    const other = [...kept.keys()].find(
      (each) =>
        (isInStep(each, finding) &&
          (isOneLibrarys(growth, each, finding) || isForIt(each, finding) || isPropertyOf(each, finding))) ||
        (keepsPace(each, finding) && (isOneObjects(growth, each, finding) || areFields(growth, each, finding))),
    );
    if (other === undefined) kept.set(finding, finding);
    else kept.set(other, along(kept.get(other)!, finding));
  }
  return [...kept.values()];
}

/** The one finding that stands for both, and names the other as what grows with it. */
export function along(finding: Finding, other: Finding): Finding {
  return {
    ...withGrowthOf(finding, other),
    alsoHeldBy: [...finding.alsoHeldBy, ...other.alsoHeldBy],
    growAlong: [...finding.growAlong, other, ...other.growAlong],
  };
}

/** True if one library's tables are for one object, as far as the program names it. */
function isOneLibrarys(growth: HolderGrowth, one: Finding, other: Finding): boolean {
  if (one.tops !== null || other.tops !== null) return false;
  const library = libraryAt(growth, one);
  if (library !== libraryAt(growth, other)) return false;
  // What Node calls back is a bug of the program's, whatever other table of Node's grows.
  if (library === "node:")
    return folderOf(one) === folderOf(other) && ![one, other].some((each) => holdsCallbacks(growth, each));
  if (library !== "") return isSameOwner(one, other);
  const [variable] = one.path.words;
  if (variable !== other.path.words[0] || one.path.file !== other.path.file) return false;
  const ofClass = libraryOfObject(growth, one);
  if (ofClass !== "" && ofClass === libraryOfObject(growth, other)) return true;
  return areByWeakMaps(growth, one, other);
}

/** True if one library made both WeakMaps that have something for a key of the program's, and for the same of its objects. */
function areByWeakMaps(growth: HolderGrowth, one: Finding, other: Finding): boolean {
  const [a, b] = [one, other].map((each) => weakMapHome(growth, each));
  if (!a || !b) return false;
  const library = libraryOf(a.file);
  if (library === "" || library === "node:" || library !== libraryOf(b.file)) return false;
  return a.owner?.expression === b.owner?.expression;
}

/** The library in whose file something is; of a global, the one whose class its object is of. */
function libraryAt(growth: HolderGrowth, finding: Finding): string {
  if (finding.path.anchor !== "global") return libraryOf(finding.path.file);
  const library = libraryOfObject(growth, finding);
  return library === "node:" ? "" : library;
}

/** True if a library made the scope of one for the very object that the other is, as for each object behind a proxy. */
function isForIt({ path: { owner, ...one } }: Finding, { path: other }: Finding): boolean {
  const [made, object] = owner === null ? [other.owner, one] : [owner, other];
  if (made === null || object.expression === "") return false;
  return made.anchor === object.anchor && made.file === object.file && made.expression === object.expression;
}

/** True for what an Array, a Map or a Set has of its entries in a property, as a store has who asked for which. */
function isPropertyOf({ path: { words, anchor, file }, entries }: Finding, { path }: Finding): boolean {
  if (words.length === 0 || !/^(?:elements|entries)$/.test(entries?.word ?? "")) return false;
  if (anchor !== path.anchor || file !== path.file || path.words.length !== words.length + 1) return false;
  const property = path.words[words.length]!;
  return property !== ANY_ELEMENT && property !== ANY_ENTRY && words.every((word, i) => path.words[i] === word);
}

/** True if both grow at paces that keep the same ratio in every interval: by entries, or by bytes about so. */
export function keepsPace(one: Finding, other: Finding): boolean {
  if (one.judgement !== other.judgement) return false;
  const areCounted = isCounted(one) && isCounted(other);
  // Where entries are counted they tell the pace, and of the other its bytes do.
  const [a, b] = [one, other].map((each) => (isCounted(each) ? differences(each.entries!.counts) : each.bytes));
  const [all, others] = [sum(a!), sum(b!)];
  if (others <= 0) return false;
  // Products of whole numbers are exact, and a quotient of them is not: 49 times 1 / 49 is less than 1.
  return a!.every((gained, i) => {
    const apart = Math.abs(gained * others - b![i]! * all);
    return apart <= gained * others * (areCounted ? 0 : SAME_PACE);
  });
}

/** Of an array that was given its room once there are no entries to count. */
function isCounted({ entries }: Finding): boolean {
  return entries !== null && !isRoom(entries);
}

/** True if both are in one object of a library's that the program has, one of them in a scope of the library's. */
function isOneObjects(growth: HolderGrowth, one: Finding, other: Finding): boolean {
  if (one.tops !== null || other.tops !== null || (one.path.owner === null && other.path.owner === null)) return false;
  const [a, b] = [one, other].map(({ path }) => path.owner ?? path);
  if (a!.file !== b!.file || a!.anchor !== "variable" || b!.anchor !== "variable") return false;
  // Its parts may be bugs of their own: `client.cache` and `client.link`.
  const shared = Math.min(a!.words.length, b!.words.length, PART + 1) - 1;
  if (a!.words.slice(0, Math.max(1, shared)).join() !== b!.words.slice(0, Math.max(1, shared)).join()) return false;
  if ([a, b].some((path) => libraryOf(path!.file) !== "")) return false;
  // What has methods in a scope of a library's is an object of that library's, of whatever class.
  const isMade = [one, other].some(({ path }) => path.owner?.words.length === 1 && libraryOf(path.file) !== "");
  return isMade || [a, b].every((path) => libraryOfObject(growth, { path: path! }) !== "");
}

/**
 * True if both are fields of the very same object of a library's, such as the keys and the values of its cache; or the
 * other is a WeakMap somewhere in it, whose keys something else keeps.
 */
function areFields(growth: HolderGrowth, one: Finding, other: Finding): boolean {
  // In files of a library's, Node's timers among them, objects of one name may serve different parts of the program.
  const library = libraryOf(one.path.file);
  if (library === "node:" || (library !== "" && !isOneObject(growth, one, other))) return false;
  if (one.path.words.length < 2 || one.path.words[0] !== other.path.words[0]) return false;
  const isWeak = isWeakTable(growth, other);
  if (!isWeak && parentOf(one) !== parentOf(other)) return false;
  if (one.path.file !== other.path.file || one.path.anchor !== "variable" || other.path.anchor !== "variable")
    return false;
  // Listeners of two events are bugs of the program's, whose emitter ever it is.
  const ofClass = libraryOfObject(growth, one);
  const isOfClass = ofClass !== "" && ofClass !== "node:" && ofClass === libraryOfObject(growth, other);
  if (!isOfClass && (isWeak || !gainAlike(one, other) || !isMadeByLibrary(growth, one))) return false;
  return isWeak || ![one, other].some((each) => holdsCallbacks(growth, each));
}

/** True if both are properties of the very same object. */
function isOneObject({ heaps }: HolderGrowth, one: Finding, other: Finding): boolean {
  const { graph } = heaps.at(-1)!;
  const [a, b] = [one, other].map(({ path, slotWords }) => (slotWords.length > 0 ? undefined : path.edges.at(-1)));
  return a !== undefined && b !== undefined && sourceOf(graph, a) === sourceOf(graph, b);
}

/** True if what a finding is a field of has nothing but methods of one library's: that made it, though it is of no class. */
function isMadeByLibrary({ heaps }: HolderGrowth, { path }: Finding): boolean {
  const { graph } = heaps.at(-1)!;
  const field = path.edges.at(-1);
  if (field === undefined) return false;
  const object = sourceOf(graph, field);
  if (classPosition(graph, object) !== null) return false;
  const libraries = new Set<string>();
  for (let edge = firstEdgeOf(graph, object); edge < graph.firstEdge[object + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (graph.edgeType[edge] === EdgeType.property && graph.nodeType[target] === NodeType.closure)
      libraries.add(libraryOf(generatedPosition(graph, target)?.file ?? ""));
  }
  return libraries.size === 1 && !libraries.has("") && !libraries.has("node:");
}

function parentOf({ path: { words } }: Finding): string {
  return words.slice(0, -1).join();
}

function isSameOwner({ path: { owner: one } }: Finding, { path: { owner: other } }: Finding): boolean {
  return one === null || other === null || one.expression === other.expression;
}

function folderOf({ path: { file } }: Finding): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

/** The library whose class the object behind a variable is of; empty if it is the program's own, or unknown. */
function libraryOfObject({ heaps }: HolderGrowth, { path }: Pick<Finding, "path">): string {
  const { graph } = heaps.at(-1)!;
  for (const edge of path.edges.slice(0, MAX_STEPS)) {
    const position = classPosition(graph, graph.edgeTarget[edge]!);
    if (position !== null) return libraryOf(position.file);
  }
  return "";
}
