import type { StringIndex } from "./raw-snapshot.js";

/**
 * The strings of one snapshot, kept as the file's bytes and decoded one at a time when asked for. One text has one
 * index: whoever compares indexes of one table compares texts.
 */
export interface StringTable {
  readonly length: number;
  /** The decoded text. */
  text(index: StringIndex): string;
  /** Index of a text, or -1. */
  indexOf(text: string): StringIndex;
  /** 32 bits of the text, the same in every snapshot: for comparing names across files. */
  hash(index: StringIndex): number;
}
