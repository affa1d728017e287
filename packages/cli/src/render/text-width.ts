let stringWidth: ((text: string) => number) | undefined;

/** What nearly all text is of: a character is a grapheme. To look at any other takes tables that take 50 ms. */
const ONE_COLUMN_EACH = /^[ -~\u00a0·…→]*$/;

/** More characters than any terminal has columns, whatever they are. */
const ENDLESS = 2048;

/** True of text in which each character takes one column. */
export function isPlain(text: string): boolean {
  return ONE_COLUMN_EACH.test(text);
}

/**
 * Loads what measures text that is not plain, if some is in what `width` is going to be asked about.
 * @param about texts, or what has them; by default nobody knows
 */
export async function prepareWidths(about?: unknown): Promise<void> {
  if (about !== undefined && isPlain(JSON.stringify(about))) return;
  stringWidth ??= (await import("string-width")).default;
}

/**
 * Columns that a terminal needs for it; of what has room on none, some number that is as large. Before `prepareWidths`
 * each character has one.
 */
export function width(text: string): number {
  return stringWidth === undefined || isPlain(text) || text.length > ENDLESS ? text.length : stringWidth(text);
}
