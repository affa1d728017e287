import { join } from "../naming/access-words.js";
import { type HolderKind, usualTitle, whereabouts } from "./holder-kind.js";

const STATES = ["_writableState", "_readableState"];

/** Chunks queued in a stream that nobody reads, or that is written to faster than it drains. */
export const streamBuffer: HolderKind = {
  id: "stream-buffer",
  advice:
    "Respect backpressure: stop writing when write() returns false until 'drain', read or destroy what nobody consumes.",
  entryWord: "chunks",
  // What a stream is piped to is in its state as well, and no chunk.
  recognise: ({ finding: { path } }) =>
    path.words.some((word) => STATES.includes(word)) && !path.words.includes("pipes"),
  title(facts) {
    const { words } = facts.finding.path;
    const at = words.findIndex((word) => STATES.includes(word));
    if (at < 1) return usualTitle(facts, "chunks queued in");
    const where = whereabouts(facts);
    return `chunks queued in stream \`${join(words.slice(0, at))}\`${where === "" ? "" : `, ${where}`}`;
  },
  // What Node calls the parts of a stream's state has changed between its versions.
  names({ finding }) {
    const { words } = finding.path;
    return words.slice(
      0,
      words.findIndex((word) => STATES.includes(word)),
    );
  },
};
