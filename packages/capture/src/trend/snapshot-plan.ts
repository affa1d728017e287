import type { Forecast } from "./forecast.js";

/** When to take three snapshots so that what grows can be seen in them, and a limit is not reached before the third. */
export interface SnapshotPlan {
  /** How much work or time, in what growth is told by, to let pass between two snapshots. */
  readonly every: number;
  /** Bytes that memory will have grown by in between. */
  readonly growth: number;
}

/** Growth that stands out of what a heap does by itself. */
const LEAST_BYTES = 1e6;
const LEAST_SHARE = 0.03;

/** `whole` for what growth is told by if there are no parts of it, such as requests. */
export function snapshotPlan(level: number, growth: number, whole: boolean, forecast?: Forecast): SnapshotPlan {
  const wanted = Math.max(LEAST_BYTES, LEAST_SHARE * level) / growth;
  // A limit that was passed was not the one that counts.
  const left = forecast !== undefined && forecast.after > 0 ? forecast.after : Infinity;
  const every = Math.max(rounded(Math.min(wanted, left / 3)), whole ? 1 : 0);
  return { every, growth: Math.round(every * growth) };
}

/** Up to 1, 2 or 5 times a power of ten, which people remember. */
function rounded(number: number): number {
  const power = 10 ** Math.floor(Math.log10(number));
  const digit = [1, 2, 5, 10].find((each) => each * power >= number * 0.999) ?? 10;
  return Number((digit * power).toPrecision(1));
}
