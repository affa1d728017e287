const NO_BREAK_SPACE = "\u00a0";
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** `1234567` as "1.2 MB", decimal like DevTools. The space does not break; `wrap` makes it a plain one. */
export function bytes(size: number): string {
  let value = Math.abs(size);
  let unit = 0;
  // 999,950 would print as "1000.0 kB".
  while (unit < UNITS.length - 1 && value >= (unit === 0 ? 999.5 : 999.95)) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 ? String(Math.round(value)) : value.toFixed(1);
  return `${size < 0 && Number(digits) !== 0 ? "-" : ""}${digits}${NO_BREAK_SPACE}${UNITS[unit]}`;
}

/** `bytes` with a plus sign where it is more than nothing. */
export function signedBytes(size: number): string {
  return size > 0 ? `+${bytes(size)}` : bytes(size);
}

/** `1234567` as "1,234,567", whatever the locale. */
export function count(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

export function signedCount(number: number): string {
  return number > 0 ? `+${count(number)}` : count(number);
}

/** "1 object", "2 objects". */
export function counted(number: number, singular: string, plural = `${singular}s`): string {
  return `${count(number)} ${number === 1 ? singular : plural}`;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const SIZE = /^(\d+(?:\.\d+)?|\.\d+)\s*(?:([kmgt])(i?)b?|b)?$/i;

/** Reads "512", "10kB", "1.5 MB" or "64KiB" as bytes; undefined if it is no size, or one that no memory has. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text.trim());
  if (!match) return undefined;
  const power = match[2] === undefined ? 0 : "kmgt".indexOf(match[2].toLowerCase()) + 1;
  const size = Math.round(Number(match[1]) * (match[3] ? 1024 : 1000) ** power);
  return Number.isSafeInteger(size) ? size : undefined;
}
