import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import { findEdge, internalField, NO_EDGE } from "../../graph/edges-of.js";
import { type EdgeIndex, type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import type { Finding } from "../growth/finding.js";
import { looksLikeData } from "../naming/property-names.js";
import { type Sample, samplesOf } from "../growth/samples.js";

/** A text of the heap, and where it stood: data of somebody's users, for reports that were asked for it. */
export interface HeapText {
  /** `key`, `value`, `.url` or `[0].name` of a leaked object; `[…]` for a key in the holder's own name. */
  readonly of: string;
  /** Its first 200 units; V8 writes 1024 at most. */
  readonly text: string;
}

/** Leaked objects whose texts are told, texts in all and of each, and objects of each that are looked at. */
const MAX_SAMPLES = 3;
const MAX_TEXTS = 12;
const MAX_TEXTS_A_SAMPLE = 3;
const MAX_OBJECTS = 40;
const MAX_UNITS = 200;

/** Texts by which a person may recognise what leaks: keys, and strings of a few of the newest leaked objects. */
export function textsOf(growth: HolderGrowth, finding: Finding): HeapText[] {
  const { graph } = growth.heaps.at(-1)!;
  const found: HeapText[] = [];
  for (const edge of finding.path.edges) {
    if (graph.edgeType[edge] !== EdgeType.property) continue;
    const name = graph.strings.text(graph.edgeName[edge]!);
    if (!name.startsWith("<symbol ") && looksLikeData(name)) found.push({ of: "[…]", text: name.slice(0, MAX_UNITS) });
  }
  for (const sample of samplesOf(growth, finding).slice(0, MAX_SAMPLES)) found.push(...textsIn(growth, sample));
  const seen = new Set<string>();
  return found.filter(({ text }) => text !== "" && !seen.has(text) && seen.add(text)).slice(0, MAX_TEXTS);
}

function textsIn(growth: HolderGrowth, { node, edges }: Sample): HeapText[] {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  const cut = growth.cuts[last]!;
  const texts: HeapText[] = [];
  const key = keyOf(graph, edges);
  if (key !== "") texts.push({ of: "key", text: key });
  const own = textOf(graph, node);
  if (own !== "") texts.push({ of: "value", text: own });
  const words = new Map<NodeIndex, string>([[node, ""]]); // also what has been seen, in order
  for (const [at, way] of words) {
    for (let edge = firstEdgeOf(graph, at); edge < graph.firstEdge[at + 1]!; edge++) {
      const step = stepOf(graph, edge);
      const target = graph.edgeTarget[edge]!;
      if (step === null || words.has(target) || cut.survivorOf(target) !== NO_SURVIVOR) continue;
      if (texts.length >= MAX_TEXTS_A_SAMPLE || words.size >= MAX_OBJECTS) return texts;
      const text = textOf(graph, target);
      if (text !== "") texts.push({ of: way + step, text });
      words.set(target, way + step);
    }
  }
  return texts;
}

/** How a program would write the way over an edge, or null. */
function stepOf(graph: HeapGraph, edge: EdgeIndex): string | null {
  const type = graph.edgeType[edge];
  if (type === EdgeType.element) return `[${graph.edgeName[edge]}]`;
  if (type !== EdgeType.property) return null;
  const name = graph.strings.text(graph.edgeName[edge]!);
  return name === "__proto__" ? null : `.${name}`;
}

/** The key of an entry: a property's name, or what stands before the value in the table of a Map. */
function keyOf(graph: HeapGraph, edges: readonly EdgeIndex[]): string {
  const edge = edges[edges.length - 1];
  if (edge === undefined) return "";
  const name = graph.edgeType[edge] === EdgeType.element ? "" : graph.strings.text(graph.edgeName[edge]!);
  if (graph.edgeType[edge] === EdgeType.property) return name.startsWith("<symbol ") ? "" : name.slice(0, MAX_UNITS);
  if (graph.edgeType[edge] !== EdgeType.internal || !/^\d+$/.test(name) || edges.length < 2) return "";
  const table = graph.edgeTarget[edges[edges.length - 2]!]!;
  const key = findEdge(graph, table, EdgeType.internal, String(Number(name) - 1));
  return key === NO_EDGE || nodeText(graph, table) !== "" ? "" : textOf(graph, graph.edgeTarget[key]!);
}

/** The beginning of a string, put together from its parts; empty for what is none, and for slices, which V8 leaves out. */
function textOf(graph: HeapGraph, node: NodeIndex): string {
  const parts: NodeIndex[] = [node];
  let text = "";
  for (let steps = 0; parts.length > 0 && text.length < MAX_UNITS && steps < MAX_UNITS * 2; steps++) {
    const part = parts.pop()!;
    if (graph.nodeType[part] === NodeType.string) text += nodeText(graph, part);
    if (graph.nodeType[part] !== NodeType.consString) continue;
    for (const half of ["second", "first"]) {
      const at = internalField(graph, part, half);
      if (at !== NO_NODE) parts.push(at);
    }
  }
  return text.slice(0, MAX_UNITS);
}
