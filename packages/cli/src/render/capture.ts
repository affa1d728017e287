import type { Capture, Trend } from "@leakdiff/capture";
import type { LeakReport } from "@leakdiff/core";
import type { GraphLook } from "./graph.js";
import { renderMemory } from "./memory.js";
import { prose } from "./prose.js";
import { style } from "./style.js";
import { wrap } from "./wrap.js";

/** What stands above the report on the snapshots: how memory went, why there are no more of them, what was noticed. */
export function renderCapture(capture: Capture, trend: Trend, report: LeakReport, look: GraphLook): string {
  const { ended, reason, notes, files } = capture;
  const paint = style(look.color);
  const blocks: string[][] = [];
  if (ended !== "complete") {
    const text = `${prose(reason ?? "")}: what follows is about the ${files.length} snapshots taken before`;
    blocks.push(wrap([{ text, paint: paint.bold }], look.columns));
  }
  if (notes.length > 0) {
    const lines = notes.flatMap((note) =>
      wrap([{ text: prose(note) }], look.columns, `${paint.yellow("note:")} `, "      "),
    );
    blocks.push(lines);
  }
  return renderMemory(capture, trend, report, look) + blocks.map((block) => `${block.join("\n")}\n\n`).join("");
}
