const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  byte: 1,
  bytes: 1,
  k: 1e3,
  kb: 1e3,
  kib: 1024,
  m: 1e6,
  mb: 1e6,
  mib: 1024 ** 2,
  g: 1e9,
  gb: 1e9,
  gib: 1024 ** 3,
  t: 1e12,
  tb: 1e12,
  tib: 1024 ** 4,
};

const UNIT = "(?:bytes?|[kmgt]i?b|[kmgt]|b)(?![a-z0-9_/])";
/** A number as people and programs write it: `33.2`, `1,234,567`, `4_635_344`, `1.2e7`. */
const NUMBER = String.raw`(?:\d{1,3}(?:[,_]\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?`;

/** A number and perhaps a unit. `bytes` is what it means with that unit, `undefined` without one. */
export interface Amount {
  readonly number: number;
  readonly bytes: number | undefined;
}

const AMOUNT = new RegExp(String.raw`^[\s"':=~(\[]*(${NUMBER})\s*(${UNIT})?`, "i");
const WHOLE = new RegExp(String.raw`^(${NUMBER})\s*(${UNIT})?$`, "i");
const WITH_UNIT = new RegExp(String.raw`(?<![\w.,+-])(${NUMBER})\s*(${UNIT})(?!\s*(?:\/\s*s|per|ps)\b)`, "gi");

/** The amount at the start of `text`, behind quotes and colons. */
export function amountAt(text: string): Amount | undefined {
  return toAmount(AMOUNT.exec(text));
}

/** `text` as one amount: "33.2 MB", "34812345". */
export function wholeAmount(text: string): Amount | undefined {
  return toAmount(WHOLE.exec(text.trim()));
}

/** All numbers with a unit of memory in a line; `used / limit` is two of them. */
export function amountsWithUnit(
  line: string,
): { readonly bytes: number; readonly index: number; readonly end: number }[] {
  return [...line.matchAll(WITH_UNIT)].map((match) => ({
    bytes: toAmount(match)!.bytes!,
    index: match.index,
    end: match.index + match[0].length,
  }));
}

function toAmount(match: RegExpExecArray | RegExpMatchArray | null): Amount | undefined {
  if (match === null) return undefined;
  const number = Number(match[1]!.replaceAll(/[,_]/g, ""));
  if (!Number.isFinite(number)) return undefined;
  const unit = match[2]?.toLowerCase();
  return { number, bytes: unit === undefined ? undefined : Math.round(number * UNITS[unit]!) };
}

/** The unit that a name ends with, in bytes: `heapUsedMB`, `heap_used_kb`, "Memory (MiB)". */
export function unitInName(name: string): number | undefined {
  const match = /[\s_.([-](bytes|[kmgt]i?b)[)\]]?$/i.exec(name.trim()) ?? /[a-z](Bytes|[kKMGT]i?B)$/.exec(name.trim());
  return match === null ? undefined : UNITS[match[1]!.toLowerCase()];
}
