import type { PathStep, RetainersReport, SourceLocation } from "@leakdiff/core";
import { locationText } from "./location-text.js";
import type { Look } from "./look.js";
import { foldPath } from "./path.js";
import { plainText } from "./plain-text.js";
import { prose } from "./prose.js";
import { style } from "./style.js";
import { bytes, count, counted } from "./units.js";
import { shorten, wrap } from "./wrap.js";

const HEAD = 6;
const TAIL = 14;

/** Why one object is alive: the way from a root, one step a line, and who else refers to it. */
export function renderRetainers(report: RetainersReport, look: Look): string {
  const paint = style(look.color);
  const { node } = report;
  const name = shorten(plainText(node.class === "" ? node.name : node.class), 120);
  const title = `@${node.id} ${name}`;
  const sizes = `${bytes(node.selfSize)} itself, keeps ${bytes(node.retainedSize)} alive`;
  const distance = node.distance < 0 ? "" : `, ${counted(node.distance, "reference")} from a root`;
  const blocks = [
    [
      ...wrap([{ text: title, paint: paint.bold }], look.columns),
      ...(node.location ? wrap([{ text: locationText(node.location) }], look.columns, "  ") : []),
      ...wrap([{ text: sizes + distance }], look.columns, "  "),
    ],
    report.warnings.flatMap(({ message }) =>
      wrap([{ text: prose(message) }], look.columns, paint.yellow("note:") + " ", "      "),
    ),
    pathLines(report.path, look.columns, paint.dim),
    directLines(report, look.columns, paint.dim),
  ];
  return (
    blocks
      .filter((block) => block.length > 0)
      .map((block) => block.join("\n"))
      .join("\n\n") + "\n"
  );
}

type Dim = (text: string) => string;

function pathLines(path: readonly PathStep[], columns: number, dim: Dim): string[] {
  if (path.length === 0)
    return ["Nothing keeps it alive: only weak references lead to it, and the next collection may take it."];
  const lines = foldPath(path, HEAD, TAIL).flatMap((shown, index) => {
    const lead = index === 0 ? "  " : "  → ";
    if ("omitted" in shown) return [dim(`${lead}… ${counted(shown.omitted, "more step")} …`)];
    const { step, words } = shown;
    const place = step.location ? placeUnlessSaid(words, step.location) : "";
    return wrap([{ text: words + place }, { text: `@${step.node.id}`, paint: dim }], columns, lead);
  });
  return lines.length > 0 ? [dim("alive because"), ...lines] : ["It is a root: V8 itself keeps it."];
}

function directLines({ retainers, omitted }: RetainersReport, columns: number, dim: Dim): string[] {
  if (retainers.length === 0) return [];
  const words = retainers.map((retainer) => shorten(plainText(retainer.words), Math.max(columns - 30, 20)));
  const lines = retainers.map((retainer, index) => `  ${words[index]!} ${dim(`@${retainer.node.id}`)}`);
  return [dim("referred to by"), ...lines, ...(omitted > 0 ? [dim(`  … ${count(omitted)} more`)] : [])];
}

function placeUnlessSaid(words: string, location: SourceLocation): string {
  const { line, column } = location.original ?? location;
  return words.includes(`:${line}:${column}`) ? "" : ` (${locationText(location)})`;
}
