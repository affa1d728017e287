import { isLeak } from "../suspects/growth/growth-verdict.js";
import type { Suspect } from "./leak-report.js";

/** True for a suspect that may still be growing; false for one that has stopped, is about to, or turns over. */
export function countsAsLeak({ verdict }: Pick<Suspect, "verdict">): boolean {
  return isLeak({ judgement: verdict });
}
