import { judge, sum, type Terms } from "../suspects/growth/growth-verdict.js";
import type { Totals } from "./leak-report.js";

/** Growth without a holder that stands in the way of an all-clear: bytes ... */
const WORTH_TELLING = 100_000;
/** ... and its share of all growth. Measured on healthy programs whose heap grows steadily: 56 kB, 0.08 of that. */
const MUCH = 0.4;

/**
 * Bytes without a holder, if the heap grows steadily and they are much of that; else 0. Then nobody can say that nothing
 * leaks.
 * @param burst what grew in the last interval only, per interval: that has a holder, and was no steady growth
 */
export function bytesWithoutHolder(
  { growth, unexplained }: Totals,
  burst: readonly number[],
  { floor, cycles }: Terms,
): number {
  if (growth.length < 2) return 0;
  const steady = growth.map((bytes, i) => bytes - burst[i]!);
  const series = { bytes: steady, before: 0, entries: null, enlargedBy: null };
  const bytes = sum(unexplained) - sum(burst);
  const isMuch = bytes >= Math.max(WORTH_TELLING, floor) && bytes >= sum(steady) * MUCH;
  return isMuch && judge(series, { floor, cycles }) === "growing" ? bytes : 0;
}
