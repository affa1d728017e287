/**
 * - `mountain`: grows all the time, and would until the process dies
 * - `plateau`: does not grow
 * - `sawtooth`: rises and falls as garbage comes and goes, and its lows do not rise
 * - `warming-up`: grew, but less and less
 * - `too-short`: no telling; `reason` says why
 */
export type TrendVerdict = "mountain" | "plateau" | "sawtooth" | "warming-up" | "too-short";

/**
 * Why there is no telling:
 *
 * - `few-samples`: five points are needed behind the warm-up
 * - `maybe-garbage`: it rises, but V8 may not have collected the garbage yet
 * - `uncertain`: a leak as large as the heap itself could hide in the ups and downs
 */
export type TrendReason = "few-samples" | "maybe-garbage" | "uncertain";

/** Growth of what is left after garbage collection, bytes for one request, cycle, hour or sample. */
export interface Growth {
  readonly bytes: number;
  /** With 99 % confidence it is no less than `low` and no more than `high`. */
  readonly low: number;
  readonly high: number;
}
