import { kernelOrNull } from "./number-kernel.js";
import { instantiated } from "./wasm-module.js";

/** What `wasm/strings.ts` exports. Places are bytes of its memory. */
interface Exports {
  readonly inString: WebAssembly.Global;
  readonly stringStart: WebAssembly.Global;
  readonly runningHash: WebAssembly.Global;
  readonly isCoded: WebAssembly.Global;
  readonly codedCount: WebAssembly.Global;
  readonly scannedTo: WebAssembly.Global;
  scanStrings(
    ...order: [at: number, end: number, base: number, starts: number, hashes: number, codedRows: number, most: number]
  ): number;
}

/** The string that is being read: where it starts, its hash so far, and whether its bytes are not just its text. */
export interface OpenString {
  start: number;
  running: number;
  coded: boolean;
}

/** What a scan found. */
export interface ScannedStrings {
  /** Places of the strings that have ended, and their hashes. */
  readonly starts: Uint32Array;
  readonly hashes: Uint32Array;
  /** How far it came. */
  readonly at: number;
  /** False if the scan stopped behind a string, and not in one. */
  readonly inString: boolean;
  /** Those of them, by their place in these columns, whose hash is not known. */
  readonly coded: Uint32Array;
}

/** Bytes that are scanned at a time, and strings that they may have, of three bytes at least. */
const SLICE = 64 << 10;
const MOST = Math.ceil(SLICE / 3);
const COLUMN = 4 * MOST;
const PAGE = 1 << 16;

/**
 * The hot loop over strings in WebAssembly: over those of a small server an engine that has just started takes 28 ms in
 * JavaScript, which it has to compile first, and 5 in this. A slice of a page and what is found in it lie in one memory.
 */
export class StringKernel {
  readonly #exports: Exports;
  readonly #slice: Uint8Array;
  readonly #found: Uint32Array; // places, hashes, and which are coded

  /** @throws RangeError where there is no room for its memory */
  constructor(module: WebAssembly.Module) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil((SLICE + 3 * COLUMN) / PAGE) });
    this.#exports = instantiated<Exports>(module, memory);
    this.#slice = new Uint8Array(memory.buffer, 0, SLICE);
    this.#found = new Uint32Array(memory.buffer, SLICE, 3 * MOST);
  }

  /**
   * Scans on from `at`, which is in the string that is open, and says in it which one is open then.
   * @param most strings there is room for
   */
  scan(page: Uint8Array, at: number, end: number, most: number, open: OpenString): ScannedStrings {
    const exports = this.#exports;
    const length = Math.min(end - at, SLICE);
    this.#slice.set(page.subarray(at, at + length));
    exports.stringStart.value = open.start;
    exports.runningHash.value = open.running;
    exports.isCoded.value = Number(open.coded);
    const columns = [SLICE, SLICE + COLUMN, SLICE + 2 * COLUMN] as const;
    const count = exports.scanStrings(0, length, at, ...columns, Math.min(most, MOST));
    open.start = (exports.stringStart.value as number) >>> 0;
    open.running = exports.runningHash.value as number;
    open.coded = exports.isCoded.value === 1;
    return {
      starts: this.#found.subarray(0, count),
      hashes: this.#found.subarray(MOST, MOST + count),
      at: at + (exports.scannedTo.value as number),
      inString: exports.inString.value === 1,
      coded: this.#found.subarray(2 * MOST, 2 * MOST + (exports.codedCount.value as number)),
    };
  }
}

/** The loop; null where it cannot be run. */
export function stringKernel(): StringKernel | null {
  return kernelOrNull((module) => new StringKernel(module));
}
