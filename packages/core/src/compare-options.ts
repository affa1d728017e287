import type { RunOptions } from "./progress.js";

export interface CompareOptions extends RunOptions {
  /** Bytes that a holder must have grown by in all to be a suspect; 4096 if not given. */
  readonly minGrowth?: number;
  /**
   * How many requests, or whatever it is that the process does, lay between the snapshots: one number for all
   * intervals, or one for each. Growth is then judged by the cycle.
   */
  readonly cycles?: readonly number[];
  /**
   * True if the three snapshots were taken before an action, after it and after cleaning up. Suspects are then the
   * holders of what was born between the first two and is still there in the third.
   */
  readonly cleanup?: boolean;
  /**
   * A folder to find the program's sources and source maps in. Names and places are then told as they are in the
   * source as well. Nothing outside of it is read, and without it nothing but the snapshots.
   */
  readonly sourceRoot?: string;
  /**
   * True if suspects may tell `texts`: strings of the heap and keys that look like data. They are secrets of somebody's
   * users, and left out otherwise.
   */
  readonly showStrings?: boolean;
  /**
   * True if it is known that the snapshots were taken one after the other. Two that have the very same objects are then
   * those of a process at rest; otherwise they are taken for one file that was given twice.
   */
  readonly distinct?: boolean;
}

/**
 * Refuses what no caller can have meant.
 * @throws RangeError that says what is allowed
 */
export function checkOptions({ minGrowth = 0, cycles, cleanup }: CompareOptions, snapshots: number): void {
  if (!(Number.isFinite(minGrowth) && minGrowth >= 0))
    throw new RangeError(`minGrowth is a number of bytes, as in 100_000; there is ${minGrowth}`);
  if (cleanup && snapshots !== 3)
    throw new RangeError(
      `cleanup takes three snapshots, before an action, after it and after cleaning up; there are ${snapshots}`,
    );
  if (cycles === undefined) return;
  if (!Array.isArray(cycles) || !cycles.every((count) => Number.isSafeInteger(count) && count > 0))
    throw new RangeError(`cycles are whole numbers from 1, as in [500] or [500, 50]; there is ${String(cycles)}`);
  if (cleanup && cycles.length !== 1)
    throw new RangeError(`with cleanup, cycles are one number, how often the action was done, as in [7]`);
  if (cycles.length !== 1 && cycles.length !== snapshots - 1)
    throw new RangeError(
      `${cycles.length} numbers of cycles for ${snapshots} snapshots; give one for all intervals, as in [50], or one for each`,
    );
}

/** How many cycles each interval has; null if nobody said. */
export function cyclesPerInterval({ cycles, cleanup }: CompareOptions, intervals: number): readonly number[] | null {
  if (cycles === undefined) return null;
  return cycles.length === 1 && !cleanup ? Array.from({ length: intervals }, () => cycles[0]!) : cycles;
}
