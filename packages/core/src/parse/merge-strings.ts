import { uint32Column, whereKept } from "./columns.js";
import { BACKSLASH, QUOTE } from "./json-bytes.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import { decodeString } from "./string-bytes.js";
import { type StringTableData, pageOf } from "./string-table.js";

export interface MergedStrings {
  readonly data: StringTableData;
  /** StringIndex -> the first index with the same text; null if all texts differ, as in most files. */
  readonly firstIndex: Uint32Array | null;
}

/**
 * Steps of the search for each string, on average: chance needs two or three. More are only needed by texts made for
 * it, whose hashes agree; a comparison of two such texts counts as so many steps.
 */
const STEPS = 64;

/** Enters all strings into slots by their hash, and finds equal texts on the way. */
export function mergeStrings(strings: Omit<StringTableData, "slots">, place: ReadingPlace): MergedStrings {
  const { hash } = strings;
  const count = hash.length;
  const slots = uint32Column(slotCount(count), whereKept(place));
  const mask = slots.length - 1;
  let firstIndex: Uint32Array | null = null;
  let stepsLeft = STEPS * (count + STEPS);
  for (let index = 0; index < count; index++) {
    const wanted = hash[index]!;
    let slot = wanted & mask;
    let other = slots[slot]!;
    while (other !== 0) {
      if (hash[other - 1] === wanted) {
        if (sameText(strings, other - 1, index)) break;
        stepsLeft -= STEPS;
      }
      if (--stepsLeft < 0) throw tooManyAlike(place, index);
      slot = (slot + 1) & mask;
      other = slots[slot]!;
    }
    if (other === 0) {
      slots[slot] = index + 1;
    } else {
      firstIndex ??= Uint32Array.from(hash, (_hash, same) => same);
      firstIndex[index] = other - 1;
    }
  }
  return { data: { ...strings, slots }, firstIndex };
}

function tooManyAlike(place: ReadingPlace, index: number): Error {
  const what = `has too many strings of one hash, the last of them string ${index}`;
  return fault("bad-string", place.file, what, "it was made to slow its readers down, check where it comes from");
}

/** A power of two of which the strings fill at most three quarters. */
function slotCount(strings: number): number {
  let slots = 2;
  while (slots * 0.75 < strings) slots *= 2;
  return slots;
}

function sameText(strings: Omit<StringTableData, "slots">, one: number, other: number): boolean {
  const onePage = strings.pages[pageOf(strings.pageFirst, one)]!;
  const otherPage = strings.pages[pageOf(strings.pageFirst, other)]!;
  const oneStart = strings.start[one]!;
  const otherStart = strings.start[other]!;
  for (let i = 0; ; i++) {
    const byte = onePage[oneStart + i];
    // Different bytes are different texts, unless one of them is written with an escape that the other has not.
    if (byte !== otherPage[otherStart + i])
      return decodeString(onePage, oneStart) === decodeString(otherPage, otherStart);
    if (byte === QUOTE) return true;
    if (byte === BACKSLASH && onePage[oneStart + ++i] !== otherPage[otherStart + i]) {
      return decodeString(onePage, oneStart) === decodeString(otherPage, otherStart);
    }
  }
}
