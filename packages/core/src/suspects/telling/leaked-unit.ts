import type { HolderGrowth } from "../../diff/holder-growth.js";
import { type ClassTable, classOf } from "../../analysis/classes.js";
import { plainObjects } from "../../analysis/plain-object-layouts.js";
import { type HeapGraph, locationRow, type NodeIndex } from "../../graph/heap-graph.js";
import { EngineNodes } from "../../graph/v8-engine-nodes.js";
import { nodeLabel } from "../../graph/v8-names.js";
import { NodeType } from "../../graph/v8-types.js";
import { isPlumbing } from "../naming/browser-nodes.js";
import { type Finding, isCounted } from "../growth/finding.js";
import { differences, sum } from "../growth/growth-verdict.js";
import { eachMember } from "../growth/held-objects.js";
import { keptEntries } from "../growth/kept.js";
import { className } from "../naming/original-words.js";
import { printableClass } from "../naming/property-names.js";
import { bytesInWords, countInWords } from "../naming/quantities.js";
import { isRoom } from "../growth/container-entries.js";

/** A class of objects that a finding holds more and more of. */
export interface GainedClass {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
}

interface Gain {
  count: number;
  bytes: number;
}

/** What each finding gained between the first and the last snapshot, most bytes first; V8's bookkeeping left out. */
export function gainedClasses(
  growth: HolderGrowth,
  findings: readonly Finding[],
  tables: readonly ClassTable[],
): GainedClass[][] {
  const gains = new Map(findings.map((finding) => [finding, new Map<string, Gain>()]));
  for (const [snapshot, sign] of [
    [growth.heaps.length - 1, 1],
    [0, -1],
  ] as const) {
    if (growth.left !== null && snapshot === 0) continue; // there are only those that were born since
    const heap = growth.heaps[snapshot]!;
    heap.putBack(); // of what was looked at so far little is needed here
    addUp(growth, gains, snapshot, sign, labels(heap.graph, tables[snapshot]!));
    heap.putBack();
  }
  return findings.map((finding) =>
    [...gains.get(finding)!]
      .map(([name, { count, bytes }]) => ({ name, count, bytes }))
      .filter(({ count, bytes }) => count > 0 || bytes > 0)
      .sort((a, b) => b.bytes - a.bytes || b.count - a.count || (a.name < b.name ? -1 : 1)),
  );
}

function addUp(
  growth: HolderGrowth,
  gains: ReadonlyMap<Finding, Map<string, Gain>>,
  snapshot: number,
  sign: 1 | -1,
  labelOf: (node: NodeIndex) => string,
): void {
  const { owner, ownedSize } = growth.heaps[snapshot]!;
  const cut = growth.cuts[snapshot]!;
  const isLeft = growth.left?.isLeft;
  const engineNodes = new EngineNodes(growth.heaps[snapshot]!);
  const { members } = cut;
  eachMember(growth, [...gains.keys()], snapshot, (row, of) => {
    const node = members[row]!;
    if (ownedSize[node] === 0 || owner[node] !== node) return;
    if (isLeft?.[node] === 0 || engineNodes.has(node)) return;
    const label = labelOf(node);
    const [survivor, unit] = [cut.regionAt(row), cut.unitAt(row)];
    for (const finding of of) {
      const { only } = finding;
      if (!isCounted(finding, survivor, unit, snapshot)) continue;
      if (only !== null && !(sign === 1 && only.has(unit))) continue;
      const gained = gains.get(finding)!;
      const gain = gained.get(label) ?? { count: 0, bytes: 0 };
      gain.count += sign;
      gain.bytes += sign * ownedSize[node]!;
      gained.set(label, gain);
    }
  });
}

/** Labels by type and name, so that each is made once; plain objects go by their shape, DOM nodes are asked one by one. */
function labels(graph: HeapGraph, table: ClassTable): (node: NodeIndex) => string {
  const known = new Map<number, string>();
  const ofShapes: string[] = []; // class -> its label
  const inSource = labelsInSource(graph);
  const isPlain = plainObjects(graph);
  return (node) => {
    if (isPlain(node)) {
      const shape = classOf(table, node);
      return (ofShapes[shape] ??= printableClass(table.names[shape]!));
    }
    if (graph.nodeType[node] === NodeType.native) return isPlumbing(graph, node) ? PLUMBING : nodeLabel(graph, node);
    const key = graph.nodeName[node]! * 16 + graph.nodeType[node]!;
    // Of a minified program many classes have one name, and different places.
    if (graph.originals !== undefined && graph.nodeType[node] === NodeType.object) return inSource(node);
    let label = known.get(key);
    if (label === undefined) known.set(key, (label = nodeLabel(graph, node)));
    return label;
  };
}

function labelsInSource(graph: HeapGraph): (node: NodeIndex) => string {
  const { scriptId, line, column } = graph.locations;
  const known = new Map<string, string>();
  return (node) => {
    const row = locationRow(graph, node);
    if (row < 0) return nodeLabel(graph, node);
    const key = `${graph.nodeName[node]}:${scriptId[row]}:${line[row]}:${column[row]}`;
    let name = known.get(key);
    if (name === undefined) known.set(key, (name = className(graph, node)));
    return name;
  };
}

/** Classes that are told of one unit: more nobody reads. */
const MAX_CLASSES = 5;
/** What Blink has between a page's objects: their bytes count, their classes say nothing to its author. */
const PLUMBING = "(browser)";

/** The leaked unit in words: what one entry keeps where that comes out even, else what was gained in all. */
export function unitInWords(
  { left }: Pick<HolderGrowth, "left">,
  classes: readonly GainedClass[],
  finding: Finding,
  entryWord: string,
): string {
  const gained = classes.filter(({ count, name }) => count > 0 && name !== PLUMBING);
  if (gained.length === 0) {
    return finding.entries !== null && isRoom(finding.entries)
      ? "numbers: no new objects, a larger backing store"
      : "no new objects, more bytes in those there are";
  }
  const gains = differences(finding.entries?.counts ?? []);
  const entries = left === null || gains.length === 0 ? sum(gains) : keptEntries(gains);
  const bytes = classes.reduce((total, each) => total + each.bytes, 0);
  if (entries > 0 && finding.entries !== null && !isRoom(finding.entries)) {
    const perEntry = gained
      .map(({ name, count }) => ({ name, count: count / entries }))
      .filter(({ count }) => count >= 0.5);
    if (perEntry.length > 0) {
      const parts = perEntry.slice(0, MAX_CLASSES).map(({ name, count }) => `${countInWords(count)} ${name}`);
      const more = perEntry.length > MAX_CLASSES ? " …" : "";
      return `each of ${countInWords(entries)} new ${entryWord} keeps ${parts.join(", ")}${more}: ${bytesInWords(bytes / entries)}`;
    }
  }
  const parts = gained.slice(0, MAX_CLASSES).map(({ name, count }) => `${countInWords(count)} ${name}`);
  return `${parts.join(", ")}${gained.length > MAX_CLASSES ? " …" : ""}: ${bytesInWords(bytes)}`;
}
