import { plainJson } from "./plain-text.js";

/** The report and nothing else, as JSON that is safe to look at in a terminal. */
export function renderJson(report: object): string {
  return plainJson(JSON.stringify(report, null, 2)) + "\n";
}
