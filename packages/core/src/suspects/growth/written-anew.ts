import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NodeType } from "../../graph/v8-types.js";
import { rowOf } from "../../parse/row-of.js";
import type { UnnamedFinding } from "./finding.js";
import { eachHeld } from "./held-objects.js";

/** Fewer texts tell nothing. */
const LEAST_TEXTS = 16;
/** Share of them that must be found again. */
const FOUND_AGAIN = 0.95;

/**
 * Of holders of which no object stays those that nevertheless keep what they had: texts that were there once, one snapshot
 * before the last, are all there again, in other objects. So does state that is cloned as a whole for each change, and a
 * table whose rows are all read anew; a batch or a generation that is begun anew is about something else.
 */
export function writtenAnew(growth: HolderGrowth, findings: readonly UnnamedFinding[]): UnnamedFinding[] {
  const last = growth.heaps.length - 1;
  if (findings.length === 0 || last < 2) return [];
  const before = textsHeld(growth, findings, last - 1);
  growth.heaps[last - 1]!.putBack();
  const asked = findings.filter((finding) => onceIn(before.get(finding)!).length >= LEAST_TEXTS);
  if (asked.length === 0) return [];
  const now = textsHeld(growth, asked, last);
  return asked.filter((finding) => {
    const texts = onceIn(before.get(finding)!);
    const there = now.get(finding)!;
    return texts.filter((text) => rowOf(there, text) >= 0).length >= texts.length * FOUND_AGAIN;
  });
}

/** Hashes of the texts that each finding held in a snapshot, ascending. */
function textsHeld(
  growth: HolderGrowth,
  findings: readonly UnnamedFinding[],
  snapshot: number,
): Map<UnnamedFinding, Uint32Array> {
  const { graph } = growth.heaps[snapshot]!;
  const held = new Map<UnnamedFinding, number[]>(findings.map((finding) => [finding, []]));
  eachHeld(growth, findings, snapshot, (finding, node) => {
    if (graph.nodeType[node] === NodeType.string) held.get(finding)!.push(graph.strings.hash(graph.nodeName[node]!));
  });
  return new Map([...held].map(([finding, texts]) => [finding, Uint32Array.from(texts).sort()]));
}

function onceIn(ascending: Uint32Array): Uint32Array {
  return ascending.filter((each, i) => each !== ascending[i - 1] && each !== ascending[i + 1]);
}
