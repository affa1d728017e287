import type { LeakReport, PathStep, Suspect } from "@leakdiff/core";
import { cycle, growthWords } from "./growth-words.js";
import { foldPath, pathSpans } from "./path.js";
import { locationText } from "./location-text.js";
import type { Look } from "./look.js";
import { plainText } from "./plain-text.js";
import { prose } from "./prose.js";
import { shortenNames } from "./shorten-names.js";
import type { Style } from "./style.js";
import { texts } from "./texts.js";
import { count, signedBytes, sum } from "./units.js";
import { width } from "./text-width.js";
import { NO_BREAK_SPACE, shorten, shortenEnd, shortenPath, type Span, wrap } from "./wrap.js";

const TITLE_COLUMNS = 240;
const PLACE_COLUMNS = 400;
const OTHERS = 3;
const OTHER_COLUMNS = 90;
const LEAKED_COLUMNS = 400;
const LABEL = "held by".length;

/** The blocks of the first suspects, aligned with each other. */
export function suspects(
  shown: readonly Suspect[],
  { comparison }: LeakReport,
  { columns, unit }: Look,
  paint: Style,
): string[][] {
  const gained = comparison === "by-id" ? "leaks" : "gained";
  const each = eachWord(unit);
  const sizes = shown.map((suspect) =>
    signedBytes(suspect.growth.kept ?? sum(suspect.growth.bytes)).replaceAll(NO_BREAK_SPACE, " "),
  );
  const rankWidth = String(shown.length).length + 2;
  const isCounted = shown.some(({ growth }) => growth.perCycle !== null);
  const sizeWidth = Math.max(isCounted ? each.length : LABEL, LABEL, ...sizes.map(width));
  return shown.map((suspect, index) => {
    const rank = paint.dim(String(index + 1).padStart(rankWidth));
    const size = paint.bold(sizes[index]!.padStart(sizeWidth));
    const left = " ".repeat(rankWidth + 2);
    const right = " ".repeat(rankWidth + 2 + sizeWidth + 3);
    const labelled = (label: string, spans: readonly Span[], most = columns) =>
      spans.length === 0 ? [] : wrap(spans, most, `${left}${paint.dim(label.padEnd(sizeWidth))}   `, right);
    const holderAt = suspect.path.findIndex((step) => step.holder);
    const fingerprint = plainText(suspect.fingerprint);
    const toHolder = suspect.path.slice(0, holderAt + 1);
    return [
      ...wrap([{ text: title(suspect), paint: paint.bold }], columns, `${rank}  ${size}   `, right),
      ...wrap([{ text: growthWords(suspect) }], columns, right),
      ...place(suspect).map((path) => `${left}${paint.dim("at".padEnd(sizeWidth))}   ${path}`),
      ...sourceLine(suspect, columns - width(right)).map((line) => right + paint.dim(line)),
      ...labelled(each, cycle(suspect)),
      ...labelled("held by", pathSpans(foldPath(toHolder, 2, 4), paint)),
      ...labelled("also by", others(suspect.alsoHeldBy, ["nothing is freed before all of them let go"])),
      ...labelled("with it", others(suspect.growAlong, ["grows at the same pace", "grow at the same pace"])),
      ...labelled(gained, [{ text: shorten(prose(suspect.leaked.words), LEAKED_COLUMNS) }]),
      ...labelled("such as", sample(sampleOf(suspect))),
      ...labelled("strings", texts(suspect)),
      ...labelled("fix", [{ text: prose(suspect.advice) }]),
      // To be copied, so the fingerprint is not broken into lines either.
      ...labelled(
        "id",
        [
          { text: `@${suspect.holder.nodeId} ·`, paint: paint.dim },
          { text: fingerprint, paint: paint.dim },
        ],
        Math.max(columns, width(right) + width(fingerprint)),
      ),
    ];
  });
}

/** A cycle of requests has many of them; of other load it is one run, and of files whatever the user counted. */
function eachWord(unit: Look["unit"]): string {
  return unit === "request" ? "a request" : "a cycle";
}

/** Titles of other holders, and what is true of one of them, or of several. */
function others(titles: readonly string[], [ofOne, ofSeveral = ofOne]: readonly [string, string?]): Span[] {
  if (titles.length === 0) return [];
  const times = new Map<string, number>();
  for (const each of titles) {
    const short = shortenNames(plainText(each), OTHER_COLUMNS);
    times.set(short, (times.get(short) ?? 0) + 1);
  }
  const shown = [...times].slice(0, OTHERS);
  const omitted = titles.length - shown.reduce((all, [, alike]) => all + alike, 0);
  const list = shown.map(([text, alike]) => (alike === 1 ? text : `${text} (${count(alike)} of them)`)).join("; ");
  const more = omitted > 0 ? ` and ${count(omitted)} more` : "";
  return [{ text: `${list}${more}: ${titles.length === 1 ? ofOne : ofSeveral}` }];
}

/** One of the leaked objects. Its key is not told: keys of caches are often data of somebody's users. */
export function sampleOf({ path }: Suspect): PathStep | undefined {
  if (!path.some((step) => step.holder)) return undefined;
  const behind = path.slice(path.findIndex((step) => step.holder) + 1);
  return behind.findLast((step) => !step.internal) ?? behind.at(-1);
}

/** Of a function also where it is: of listeners and other callbacks it is that which somebody looks for. */
function sample(step: PathStep | undefined): Span[] {
  if (step === undefined) return [];
  const name = `${shorten(plainText(step.node.name), OTHER_COLUMNS)}${NO_BREAK_SPACE}@${step.node.id}`;
  const at = step.location === null ? "" : shortenPath(locationText(step.location), PLACE_COLUMNS);
  return [{ text: at === "" ? name : `${name} ${at}` }];
}

/** The line a person reads first, safe to print. */
export function title(suspect: Suspect): string {
  return shortenNames(plainText(suspect.title), TITLE_COLUMNS);
}

/** Where to click: the whole path of the file, which the title has no room for. Broken into lines it would not work. */
function place({ holder: { location, module } }: Suspect): string[] {
  const at = location ? locationText(location) : (module ?? "");
  return at === "" ? [] : [shortenPath(plainText(at), PLACE_COLUMNS)];
}

/** The line of source, as wide as there is room, with its number. */
function sourceLine({ holder: { location } }: Suspect, columns: number): string[] {
  const { text = null, line, column } = location?.original ?? {};
  if (text === null || text.trim() === "") return [];
  const number = `${line} | `;
  // Of a long line core has the part around the place, of which the beginning is near enough.
  const at = text.startsWith("…") ? 0 : column! - 1;
  return [number + excerpt(text, at, Math.max(columns - number.length, 20))];
}

/** A line with a place in it, cut where that is not. */
function excerpt(text: string, at: number, columns: number): string {
  const before = plainText(text.slice(0, at).trimStart());
  const after = plainText(text.slice(at).trim());
  if (width(before) + width(after) <= columns) return before + after;
  const lead = shortenPath(before, Math.floor(columns / 3));
  return lead + shortenEnd(after, columns - width(lead));
}
