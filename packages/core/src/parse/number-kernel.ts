import { instantiated, wasmModule } from "./wasm-module.js";

/** What `wasm/rows.ts` exports for scanning. Places are bytes of its memory. */
export interface ScanExports {
  readonly stoppedAt: WebAssembly.Global;
  scan(at: number, end: number, block: number, most: number): number;
}

/** Bytes before the first that are read with it. */
const BYTES_AT = 16;
/** Numbers that the scan wants room for, or it stops. */
export const SLACK = 32;
const PAGE = 1 << 16;

function rowsModule(): WebAssembly.Module | null {
  return wasmModule(new URL("./rows.wasm", import.meta.url));
}

/**
 * What `make` makes; null where it cannot be run: see `wasmModule`, and where a process may have but little of its
 * address space, of which an engine sets much aside for each memory. Then all is read without it.
 */
export function kernelOrNull<Kernel>(make: (module: WebAssembly.Module) => Kernel): Kernel | null {
  const module = rowsModule();
  if (module === null) return null;
  try {
    return make(module);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Finds numbers in 64 bytes at once by vector instructions, which JavaScript does not have. Bytes and numbers lie in one
 * memory.
 */
export class NumberKernel<Exports extends ScanExports = ScanExports> {
  /** Of a file, to be scanned. */
  readonly bytes: Uint8Array;
  /** The numbers found. */
  readonly block: Uint32Array;
  protected readonly exports: Exports;

  /** @param moreBytes that `moreAt` says where to find */
  constructor(module: WebAssembly.Module, byteCount: number, numberCount: number, moreBytes = 0) {
    const numbers = numberCount + SLACK;
    const blockAt = aligned(BYTES_AT + byteCount);
    const memory = new WebAssembly.Memory({ initial: Math.ceil((aligned(blockAt + 4 * numbers) + moreBytes) / PAGE) });
    this.exports = instantiated<Exports>(module, memory);
    this.bytes = new Uint8Array(memory.buffer, BYTES_AT, byteCount);
    this.block = new Uint32Array(memory.buffer, blockAt, numbers);
  }

  /** Place of what the memory has beside bytes and numbers. */
  protected get moreAt(): number {
    return aligned(this.block.byteOffset + this.block.byteLength);
  }

  /** Scans from `scan.at` as far as it comes before `end`, from the first number of the block on. */
  scan(scan: { at: number; count: number }, end: number, most: number = this.block.length): void {
    const { scan: find, stoppedAt } = this.exports;
    scan.count = find(BYTES_AT + scan.at, BYTES_AT + end, this.block.byteOffset, most);
    scan.at = (stoppedAt.value as number) - BYTES_AT;
  }
}

function aligned(place: number): number {
  return Math.ceil(place / 8) * 8;
}
