import type { MemorySample, Trend } from "@leakdiff/capture";
import type { GraphLook } from "../render/graph.js";
import { memoryGraph, verdictLines } from "../render/memory.js";
import { NO_BREAK_SPACE, shorten } from "../render/wrap.js";
import type { Output } from "../surroundings.js";

const GRAPH_ROWS = 6;

/** The last lines of a terminal, drawn over and over: memory as it is measured, what that shows, what is being done. */
export interface LiveRegion {
  /** Writes a line that stays. */
  above(line: string): void;
  add(sample: MemorySample): void;
  /** A snapshot was taken beside the last sample. */
  mark(): void;
  /** What is being done. */
  now(words: string): void;
  /** Nothing more will come: moves on to the next line, and leaves all as it stands until `clear`. */
  rest(): void;
  /** Wipes it, and begins afresh. */
  clear(): void;
}

/** @param judge says what samples show */
export function liveRegion(
  terminal: Output,
  look: GraphLook,
  judge: (samples: readonly MemorySample[]) => Trend,
): LiveRegion {
  const samples: MemorySample[] = [];
  const marks: number[] = [];
  let trend: Trend | undefined;
  let words = "";
  let height = 0;
  let rests = false;
  // The cursor stays in the last line, so that nothing scrolls.
  const wipe = () => {
    const up = height - (rests ? 0 : 1);
    return height === 0 ? "" : `\r${up > 0 ? `\u001b[${up}A` : ""}\u001b[J`;
  };
  const memory = (columns: number) => {
    if (trend === undefined) return [];
    const at = { ...look, columns, rows: GRAPH_ROWS };
    return [...memoryGraph(samples, marks, trend, at), ...verdictLines(trend, at)];
  };
  const draw = (above = "") => {
    const columns = Math.max(20, (terminal.columns ?? 80) - 1);
    const now = rests ? [] : [shorten(words.replaceAll(NO_BREAK_SPACE, " "), columns)];
    const lines = [...memory(columns), ...now];
    terminal.write(`${wipe()}${above}${lines.join("\n")}`);
    height = lines.length;
  };
  return {
    above: (line) => draw(`${line}\n`),
    add(sample) {
      samples.push(sample);
      if (samples.length >= 2) trend = judge(samples);
      draw();
    },
    mark: () => void marks.push(samples.length - 1),
    now(text) {
      words = text;
      draw();
    },
    rest() {
      terminal.write(wipe());
      [height, rests] = [0, true];
      draw();
      if (height > 0) terminal.write("\n");
    },
    clear() {
      terminal.write(wipe());
      [samples.length, marks.length, trend, words, height, rests] = [0, 0, undefined, "", 0, false];
    },
  };
}
