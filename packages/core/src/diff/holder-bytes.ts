import { beside, discard, newBytes } from "../parse/columns.js";
import type { ByteColumn } from "../graph/heap-graph.js";
import { rowOf } from "../parse/row-of.js";
import { markApart, markedRows } from "./marks.js";
import type { SurvivorIndex } from "./survivors.js";

/**
 * Bytes that survivors are counted for. Nearly all of them are counted for the same in all snapshots, and are of no
 * interest: nothing is kept of those.
 */
export class HolderBytes {
  /** The survivors whose bytes change, ascending. All columns have a row for each. */
  readonly changed: Uint32Array;
  readonly program: readonly ByteColumn[]; // snapshot -> row -> bytes of the program's objects
  readonly engine: readonly ByteColumn[]; // snapshot -> row -> bytes of V8's bookkeeping

  /** Takes columns over that have a row for each survivor. */
  constructor(program: readonly ByteColumn[], engine: readonly ByteColumn[]) {
    const changed = changedRows([program, engine]);
    this.changed = changed;
    this.program = program.map((column) => picked(column, changed));
    this.engine = engine.map((column) => picked(column, changed));
    discard(...program, ...engine);
  }

  /** Bytes of the program's objects in each snapshot; zeros if they are the same in all. */
  programOf(survivor: SurvivorIndex): number[] {
    return this.#rowOf(this.program, survivor);
  }

  /** Bytes of V8's bookkeeping in each snapshot; zeros if they are the same in all, and so are those of the program. */
  engineOf(survivor: SurvivorIndex): number[] {
    return this.#rowOf(this.engine, survivor);
  }

  /** Counts what was the program's for the engine. */
  giveToEngine(survivor: SurvivorIndex): void {
    const row = rowOf(this.changed, survivor);
    if (row < 0) return;
    for (const [snapshot, column] of this.program.entries()) {
      this.engine[snapshot]![row]! += column[row]!;
      column[row] = 0;
    }
  }

  /** Exchanges what two survivors are counted for in one snapshot; the bytes of both must change. */
  exchange(snapshot: number, one: SurvivorIndex, other: SurvivorIndex): void {
    const [a, b] = [rowOf(this.changed, one), rowOf(this.changed, other)];
    for (const column of [this.program[snapshot]!, this.engine[snapshot]!])
      [column[a], column[b]] = [column[b]!, column[a]!];
  }

  #rowOf(columns: readonly ByteColumn[], survivor: SurvivorIndex): number[] {
    const row = rowOf(this.changed, survivor);
    return columns.map((column) => (row < 0 ? 0 : column[row]!));
  }
}

/** The rows in which a column of some series is not as its first, ascending. */
function changedRows(series: readonly (readonly ByteColumn[])[]): Uint32Array {
  const count = series[0]![0]!.length;
  const marks = newBytes(count, beside(series[0]![0]!));
  for (const [first, ...others] of series) for (const other of others) markApart(first!, other, 1, marks);
  const rows = markedRows(marks);
  discard(marks);
  return rows;
}

function picked(column: ByteColumn, rows: Uint32Array): ByteColumn {
  return column instanceof Float64Array
    ? Float64Array.from(rows, (row) => column[row]!)
    : Uint32Array.from(rows, (row) => column[row]!);
}
