import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { someRetainer } from "../../graph/incoming.js";
import { scopeOf } from "../../graph/scopes.js";
import { classPosition } from "../../graph/source-locations.js";
import { isContext } from "../../graph/v8-names.js";
import { isRuntimes } from "../naming/library.js";
import { elementSlots, elementsOf } from "./array-entries.js";
import { sum, differences } from "./growth-verdict.js";

/** Where Node has its queues: of rings, of which it makes another when one is full. */
const QUEUES = "node:internal/fixed_queue";
/** Of what knows a ring: the object or scope that has it is among the first. */
const MAX_RETAINERS = 20;
/** Elements for which V8 makes room at least, whenever an array needs more. */
const LEAST_ROOM = 16;

/** What is in places that an array had from the start. */
export interface FilledPlaces {
  /** Elements in them, in each snapshot. */
  readonly counts: number[];
  /** False if what no longer fits is kept elsewhere. */
  readonly isBound: boolean;
}

/**
 * Elements of an array in each snapshot, if it only fills places that the program gave it at first: there are as many
 * places each time, and what came into them took those of null and undefined, or there is more room than V8 makes by
 * itself, which is half as much again. So do rings, and the lists of a cache of which the size was said. Else null.
 */
export function filledPlaces(heaps: readonly HeapAnalysis[], containers: readonly NodeIndex[]): FilledPlaces | null {
  if (containers.includes(NO_NODE)) return null;
  const places = containers.map((node, i) => elementSlots(heaps[i]!, node));
  if (places[0] === 0 || places.some((count) => count !== places[0])) return null;
  const elements = containers.map((node, i) => elementsOf(heaps[i]!, node));
  const filled = elements.map(({ count, empty }) => count - empty);
  const gained = sum(differences(filled));
  const isFreed = elements[0]!.empty - elements[elements.length - 1]!.empty >= gained;
  const isGiven =
    elements.every(({ highest }) => highest < places[0]!) && 2 * (elements[0]!.highest + LEAST_ROOM) < places[0]!;
  if (gained <= 0 || !(isFreed || isGiven)) return null;
  const [heap, array] = [heaps.at(-1)!, containers[containers.length - 1]!];
  return isOfQueue(heap, array) ? null : { counts: filled, isBound: !isRuntimesOwn(heap, array) };
}

function isOfQueue({ graph, retainers }: HeapAnalysis, ring: NodeIndex): boolean {
  return someRetainer(graph, retainers, ring, (from) => classPosition(graph, from)?.file === QUEUES, MAX_RETAINERS);
}

/** True for a variable of the runtime's own files: Deno has promises in a ring, and in a Map those that are in its way. */
function isRuntimesOwn(heap: HeapAnalysis, ring: NodeIndex): boolean {
  const { graph, retainers } = heap;
  const isOwn = (from: NodeIndex): boolean => isContext(graph, from) && isRuntimes(scopeOf(heap, from)?.file ?? "");
  return someRetainer(graph, retainers, ring, isOwn, MAX_RETAINERS);
}
