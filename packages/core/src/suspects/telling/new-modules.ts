import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { modulePlaces } from "../../diff/named-places.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { libraryOf } from "../naming/library.js";
import { variableName } from "../naming/original-words.js";
import { bytesInWords } from "../naming/quantities.js";
import { shortFile } from "../naming/short-file.js";

/** A file of the program's that only the last of several processes has loaded. */
export interface NewModule {
  readonly file: string;
  /** What its scope keeps alive. */
  readonly bytes: number;
  /** The variable that keeps most of it; null if none has half of it, or its name is not in the snapshot. */
  readonly variable: string | null;
}

/** Modules that are told: more are another program. */
const MAX_MODULES = 3;
/** Share of what a module keeps from which one variable is worth its name. */
const MOST = 0.5;

/**
 * Modules that the program has only in the last snapshot, where objects were paired by name: nothing can have been paired
 * with what they hold, so no growth of theirs is found. Those that keep most come first.
 * @param floor least bytes that a module must keep
 */
export function newModules({ heaps, cuts }: HolderGrowth, floor: number): NewModule[] {
  const last = heaps.length - 1;
  const heap = heaps[last]!;
  const known = new Set(heaps.slice(0, last).flatMap((each) => modulePlaces(each).map(({ file }) => shortFile(file))));
  return modulePlaces(heap)
    .filter(({ node, file }) => cuts[last]!.survivorOf(node) === NO_SURVIVOR && isNew(file, known))
    .map(({ node, file }) => ({ file, bytes: heap.retainedSize[node]!, variable: heaviestVariable(heap, node) }))
    .filter(({ bytes }) => bytes >= floor)
    .sort((a, b) => b.bytes - a.bytes || (a.file < b.file ? -1 : 1))
    .slice(0, MAX_MODULES);
}

/** What a person has to be told of one. */
export function inWords({ file, bytes, variable }: NewModule): { readonly code: string; readonly message: string } {
  const most = variable === null ? "" : `, most of it by its variable \`${variable}\``;
  const message = `${shortFile(file)} is a module of the last snapshot only; its scope keeps ${bytesInWords(bytes)}${most}`;
  return { code: "new-module", message };
}

function isNew(file: string, known: ReadonlySet<string>): boolean {
  return file !== "" && libraryOf(file) !== "node:" && !known.has(shortFile(file));
}

function heaviestVariable(heap: HeapAnalysis, scope: NodeIndex): string | null {
  const { graph, dominator, retainedSize } = heap;
  for (let edge = graph.firstEdge[scope]!; edge < graph.firstEdge[scope + 1]!; edge++) {
    const target = graph.edgeTarget[edge]!;
    if (dominator[target] !== scope || retainedSize[target]! < retainedSize[scope]! * MOST) continue;
    const name = variableName(heap, scope, edge);
    if (name !== null) return name;
  }
  return null;
}
