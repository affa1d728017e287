import type { Capture } from "@leakdiff/capture";
import type { Look } from "./look.js";
import { plainText } from "./plain-text.js";
import { prose } from "./prose.js";
import { style } from "./style.js";
import { wrap } from "./wrap.js";

/** What stands above the report on the snapshots of a run: why there are no more of them, and what else was noticed. */
export function renderCapture({ ended, reason, notes, files }: Capture, { columns, color }: Look): string {
  const paint = style(color);
  const blocks: string[][] = [];
  if (ended !== "complete") {
    const text = `${plainText(reason ?? "")}: this is about the ${files.length} snapshots taken before`;
    blocks.push(wrap([{ text, paint: paint.bold }], columns));
  }
  if (notes.length > 0) {
    blocks.push(notes.flatMap((note) => wrap([{ text: prose(note) }], columns, `${paint.yellow("note:")} `, "      ")));
  }
  return blocks.map((block) => `${block.join("\n")}\n\n`).join("");
}
