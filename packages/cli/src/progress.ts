import type { Progress } from "@leakdiff/core";
import { SingleBar } from "cli-progress";
import type { Output } from "./surroundings.js";
import { plainText } from "./render/plain-text.js";
import { bytes } from "./render/units.js";
import { NO_BREAK_SPACE, shortenPath } from "./render/wrap.js";

/** A line on a terminal that says what is being done, and goes when it is done. */
export interface ProgressLine {
  readonly show: (progress: Progress) => void;
  /** Wipes the line. */
  readonly stop: () => void;
}

const BAR = 24;
const NAME_COLUMNS = 32;
const STAGE_WORDS: Record<Progress["stage"], string> = {
  read: "reading",
  graph: "linking",
  dominators: "finding owners in",
  classes: "grouping objects of",
  compare: "comparing with",
  suspects: "naming suspects in",
};

/** Draws on `terminal`, which must be one; with `ascii` of plain letters. */
export function progressLine(terminal: Output, ascii = false): ProgressLine {
  const [full, empty] = ascii ? ["#", "-"] : ["━", "╌"];
  const bar = new SingleBar({
    stream: terminal as unknown as NodeJS.WritableStream,
    format: (_options, params, payload: { text: string; measured: boolean }) => {
      if (!payload.measured) return payload.text;
      const columns = Math.round(params.progress * BAR);
      return `${payload.text}  ${full.repeat(columns)}${empty.repeat(BAR - columns)}  ${amount(params.value, params.total)}`;
    },
    clearOnComplete: true,
    gracefulExit: false,
    // Neither touches what a terminal keeps when Ctrl-C ends the process in the middle of a line.
    hideCursor: false,
    linewrap: true,
    fps: 8,
  });
  let drawn = "";
  return {
    show({ file, stage, done, total }) {
      const payload = {
        text: `${STAGE_WORDS[stage]} ${shortenPath(plainText(file), NAME_COLUMNS)}`,
        measured: stage === "read" && total > 0,
      };
      if (drawn === "") bar.start(total, done, payload);
      bar.setTotal(total);
      bar.update(done, payload);
      // Stages run without giving the bar's timer a turn, so each draws itself as it begins.
      if (drawn !== payload.text) (bar as unknown as { render(): void }).render();
      drawn = payload.text;
    },
    stop() {
      if (drawn !== "") bar.stop();
    },
  };
}

function amount(done: number, total: number): string {
  return `${bytes(done)} of ${bytes(total)}`.replaceAll(NO_BREAK_SPACE, " ");
}
