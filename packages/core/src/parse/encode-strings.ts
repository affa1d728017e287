import { type MergedStrings, mergeStrings } from "./merge-strings.js";
import type { ReadingPlace } from "./reading-place.js";
import { StringSection } from "./string-section.js";

/** Texts that are in memory already, in the form in which a file's strings are kept. */
export function encodeStrings(texts: readonly string[], file: string): MergedStrings {
  const place: ReadingPlace = { file, chunkStart: 0, textBytes: 0 };
  const section = new StringSection(place);
  const take = (json: string) => {
    const bytes = Buffer.from(json);
    section.take(bytes, 0, bytes.length);
  };
  for (let index = 0; index < texts.length; index++) take((index === 0 ? "[" : ",") + JSON.stringify(texts[index]));
  take(texts.length === 0 ? "[]" : "]");
  return mergeStrings(section.data(), place);
}
