import type { Growth } from "./verdict.js";

/** When a limit is reached if growth goes on as it does, in what growth is told by, counted from the last sample. */
export interface Forecast {
  /** Bytes. */
  readonly limit: number;
  readonly after: number;
  /** No sooner than this, as sure as the growth is. */
  readonly earliest: number;
  /** No later; absent if growth might be so slow that it never is. */
  readonly latest?: number;
}

/** `level` is what the process holds on to now. A limit that was passed already is reached after 0. */
export function forecastOf(level: number, growth: Growth, limit: number): Forecast {
  const left = Math.max(limit - level, 0);
  return {
    limit,
    after: left / growth.bytes,
    earliest: left / growth.high,
    ...(growth.low > 0 && { latest: left / growth.low }),
  };
}

/** The forecast for a limit that was passed already. */
export function passedLimit(limit: number): Forecast {
  return { limit, after: 0, earliest: 0, latest: 0 };
}
