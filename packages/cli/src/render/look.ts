import type { Capture } from "@leakdiff/capture";
import type { Asked } from "./handed-on.js";

/** What a rendered text may depend on besides its report. */
export interface Look {
  /** Columns of the terminal. */
  readonly columns: number;
  readonly color: boolean;
  /** True where drawings are to be of plain letters. */
  readonly ascii?: boolean;
  /** How many suspects or classes to show. */
  readonly top: number;
  /** What the request said of the report. */
  readonly asked?: Asked;
  /** What growth is told by, if leakdiff itself put the load on the program. */
  readonly unit?: Capture["unit"];
}
