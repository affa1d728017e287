import { openSync, closeSync, readSync, statSync, type Stats } from "node:fs";
import { freemem, platform, totalmem } from "node:os";
import { SnapshotError } from "./parse/snapshot-error.js";
import { threadsFor } from "./threads-for.js";

/** How large a heap is, as far as the beginning of its file tells. */
interface HeapSize {
  readonly fileBytes: number;
  readonly nodeCount: number;
  readonly edgeCount: number;
}

// Measured on heaps of 0.2 to 30 million nodes, with a tenth more for what the allocator keeps; see bench/RESULTS.md.
const BASE = 85e6; // a process of Node's
const THREAD = 12e6;
const MARGIN = 1.1;
// One heap by itself, all in memory.
const ALONE = { node: 58, edge: 12.3 };
// One of several, whose columns go aside: while it is loaded, and afterwards.
const LOADED = { node: 22, edge: 9 };
const HELD = { node: 4, edge: 0.2 }; // places in the source, which edges retain
const HELD_LOW = { node: 1, edge: 0.2 }; // of low memory, which has places aside
// All of them, while they are matched and summed up one after the other, and the one at hand.
const SUMMED_UP = { node: 16 };
const SUMMED_UP_LOW = { node: 9 };
const AT_HAND = { node: 26 };
// All of them, while suspects are looked for.
const LOOKED_AT = { node: 12 };
const LOOKED_AT_LOW = { node: 9 };
const LAST_LOOKED_AT = { node: 37, edge: 13.2 }; // brought back, edges too if all are asked for, with its retainers
const EARLIER_LOOKED_AT = { node: 17 }; // one at a time

/** Bytes of text that a row of the file has, on average: what is left are the strings. */
const NODE_TEXT = 28;
const EDGE_TEXT = 6; // besides the digits of the place that it leads to
const NODE_FIELDS = 6;

/** Less than this is always tried. */
const WORTH_ASKING = 150e6;
const HEADER_BYTES = 1 << 16;

export interface MemoryOptions {
  /** "low": one file after the other, for less memory. */
  readonly memory?: "low" | undefined;
  /** True to try whether or not there seems to be enough memory. */
  readonly force?: boolean;
}

/**
 * Refuses to begin what there is not enough memory for, rather than die of it half-way. Files that do not tell their
 * size before they are read, such as pipes and gzipped ones, are let through.
 * @param available bytes that this process may take
 * @param threads how many files are loaded at a time
 * @throws SnapshotError that names what is needed
 */
export function checkMemory(
  files: readonly string[],
  { memory, force = false }: MemoryOptions = {},
  available: number = availableMemory(),
  threads: number = threadsFor(files.length),
): void {
  if (force) return;
  const sizes = files.map(sizeOf);
  if (sizes.some((size) => size === null)) return;
  const heaps = sizes as HeapSize[];
  const need = memoryNeed(heaps, memory, threads);
  if (need <= Math.max(available, WORTH_ASKING)) return;
  const total = heaps.reduce((bytes, { fileBytes }) => bytes + fileBytes, 0);
  const low = memoryNeed(heaps, "low");
  const what =
    files.length === 1 ? `${files[0]!} (${gigabytes(total)})` : `these ${files.length} snapshots (${gigabytes(total)})`;
  const remedy =
    memory !== "low" && files.length > 1 && low <= available
      ? `--memory low does with ${gigabytes(low)}, or`
      : "run leakdiff where more is free, or";
  throw new SnapshotError(
    "too-large",
    files[0]!,
    `${what} would need about ${gigabytes(need)} of memory, and ${gigabytes(available)} are free; ${remedy} try it all the same with --force`,
  );
}

/** Bytes that comparing heaps, or reading one, takes at its peak. */
export function memoryNeed(
  heaps: readonly HeapSize[],
  memory?: "low",
  threads: number = threadsFor(heaps.length),
): number {
  const last = heaps.at(-1)!;
  if (heaps.length === 1) return BASE + MARGIN * (bytesOf(last, ALONE) + stringBytes(last));
  const isLow = memory === "low";
  const atOnce = isLow ? 1 : Math.min(threads, heaps.length);
  const loading = heaps.map((heap) => bytesOf(heap, LOADED)).sort((a, b) => b - a);
  const all = (each: Each): number => sum(heaps.map((heap) => bytesOf(heap, each)));
  const largest = (of: readonly HeapSize[], each: Each): number => Math.max(...of.map((heap) => bytesOf(heap, each)));
  // With low memory only the heap that is loaded, or named, has its strings in memory.
  const strings = isLow ? Math.max(...heaps.map(stringBytes)) : sum(heaps.map(stringBytes));
  const held = strings + all(isLow ? HELD_LOW : HELD);
  const most = Math.max(
    held + sum(loading.slice(0, atOnce)),
    held + all(isLow ? SUMMED_UP_LOW : SUMMED_UP) + largest(heaps, AT_HAND),
    held +
      all(isLow ? LOOKED_AT_LOW : LOOKED_AT) +
      bytesOf(last, LAST_LOOKED_AT) +
      largest(heaps.slice(0, -1), EARLIER_LOOKED_AT),
  );
  return BASE + atOnce * THREAD + MARGIN * most;
}

/** Bytes a node and an edge. */
interface Each {
  readonly node: number;
  readonly edge?: number;
}

function bytesOf({ nodeCount, edgeCount }: HeapSize, { node, edge = 0 }: Each): number {
  return node * nodeCount + edge * edgeCount;
}

function stringBytes({ fileBytes, nodeCount, edgeCount }: HeapSize): number {
  const edgeText = EDGE_TEXT + String(NODE_FIELDS * nodeCount).length;
  return Math.max(0.05 * fileBytes, fileBytes - NODE_TEXT * nodeCount - edgeText * edgeCount);
}

/**
 * Bytes that this process may take, as far as the system tells: what is free, and no more than a container allows. Of
 * macOS, which says next to nothing is free, most of what there is.
 */
export function availableMemory(): number {
  const free = platform() === "darwin" ? 0.8 * totalmem() : freemem();
  const limit = process.constrainedMemory?.() ?? 0;
  const isLimited = limit > 0 && limit < totalmem();
  return isLimited ? Math.min(free, limit - process.memoryUsage.rss()) : free;
}

/** What the beginning of a file says; null if it says nothing, or is not there, which whoever reads it will say. */
function sizeOf(file: string): HeapSize | null {
  if (file === "-") return null;
  try {
    // A pipe that is opened and closed again has lost its writer.
    const stat = statSync(file);
    return stat.isFile() ? sizeOfFile(file, stat) : null;
  } catch {
    return null;
  }
}

function sizeOfFile(file: string, { size: fileBytes }: Stats): HeapSize | null {
  const descriptor = openSync(file, "r");
  try {
    const bytes = new Uint8Array(Math.min(HEADER_BYTES, fileBytes));
    const text = new TextDecoder("latin1").decode(bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0)));
    const count = (key: string): number | null => {
      const found = new RegExp(`"${key}":\\s*(\\d{1,15})\\b`).exec(text);
      return found === null ? null : Number(found[1]);
    };
    const [nodeCount, edgeCount] = [count("node_count"), count("edge_count")];
    if (nodeCount === null || edgeCount === null) return null;
    // A header may claim anything, but no row has fewer bytes than numbers and commas.
    return {
      fileBytes,
      nodeCount: Math.min(nodeCount, Math.ceil(fileBytes / 12)),
      edgeCount: Math.min(edgeCount, Math.ceil(fileBytes / 6)),
    };
  } finally {
    closeSync(descriptor);
  }
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(Math.ceil(bytes / 1e8) / 10).toFixed(1)} GB`;
}

function sum(column: readonly number[]): number {
  return column.reduce((total, value) => total + value, 0);
}
