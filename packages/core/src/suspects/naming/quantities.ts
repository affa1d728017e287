const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes for people, decimal units, two or three figures: "1.9 kB", "240 kB". */
export function bytesInWords(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const figures = unit === 0 ? Math.round(value) : value < 10 ? value.toFixed(1) : Math.round(value);
  return `${bytes < 0 ? "-" : ""}${figures} ${UNITS[unit]}`;
}

/** A count for people, grouped by thousands; "about" where it is an average that does not come out even. */
export function countInWords(count: number): string {
  const whole = Math.round(count);
  const words = String(whole).replace(/\B(?=(?:\d{3})+$)/g, ","); // not by Intl, whose tables take 40 ms to load
  return Math.abs(count - whole) > 0.2 ? `about ${words}` : words;
}
