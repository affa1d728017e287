import { namedByString } from "./edge-columns.js";
import { encodeStrings } from "./encode-strings.js";
import { LocationRows } from "./location-rows.js";
import type { EdgeIndex, Locations, RawSnapshot } from "./raw-snapshot.js";
import { fault, type ReadingPlace } from "./reading-place.js";
import { type SnapshotHeader, readHeader } from "./snapshot-header.js";
import { EncodedStrings } from "./string-table.js";

/** A node of the npm package `heapsnapshot-parser` (0.1.0): V8's fields, type and name as texts. */
export interface ParsedNode {
  readonly type: string;
  readonly name: string;
  readonly id: number;
  readonly self_size: number;
  readonly edge_count: number;
  readonly detachedness?: number;
}

/** An edge of that package, which takes every `name_or_index` for a string's index, even where it is a number. */
export interface ParsedEdge {
  readonly type: string;
  /** Of an `element` or `hidden` edge: the string that happens to have that number, or undefined if there is none. */
  readonly name_or_index: string | undefined;
  readonly toNodeIndex: number;
}

/** What `require("heapsnapshot-parser").parse(...)` returns. */
export interface ParsedSnapshot {
  readonly nodes: readonly ParsedNode[];
  readonly edges: readonly ParsedEdge[];
}

/** The same file, parsed as JSON. */
export interface SnapshotJson {
  readonly snapshot: object;
  readonly edges: readonly number[];
  readonly locations?: readonly number[];
  readonly strings: readonly string[];
}

export interface FromParserOptions {
  /** Name of the file, for messages. */
  readonly file?: string;
  /**
   * The JSON that was parsed, for what the package drops: the numbers of `element` and `hidden` edges, locations,
   * the numbers of types and strings. With it the columns are those `readSnapshot` makes of the file.
   */
  readonly snapshot?: SnapshotJson;
}

export interface AdaptedSnapshot extends RawSnapshot {
  /**
   * `element` and `hidden` edges whose number is lost: `edgeName` has their place among the edges of their node
   * instead. 0 if the JSON was given.
   *
   * Without it, a number is found again through the string that the package put in its place: V8 numbers strings in
   * the order of their first use, in the nodes and then in the edges. That fails for numbers past the last string
   * (an array of more entries than the file has strings), and for writers with another order it gives wrong numbers.
   */
  readonly lostNumbers: number;
}

/** Turns what `heapsnapshot-parser` returns into the columns that the rest of leakdiff works on. */
export function fromHeapSnapshotParser(parsed: ParsedSnapshot, options: FromParserOptions = {}): AdaptedSnapshot {
  const file = options.file ?? "the snapshot from heapsnapshot-parser";
  const json = options.snapshot;
  const place = { file, chunkStart: 0, textBytes: 0 };
  const header = json === undefined ? undefined : readHeader(JSON.stringify(json.snapshot), place);
  const nodeTypes = new Names(header?.nodeTypeNames ?? []);
  const edgeTypes = new Names(header?.edgeTypeNames ?? []);
  const strings = new Names(json?.strings ?? ["<dummy>"]);
  const nodes = nodeColumns(parsed.nodes, nodeTypes, strings);
  checkEdges(parsed, nodes.firstEdge[parsed.nodes.length]!, place);
  const edges = edgeColumns(parsed, edgeTypes, strings, edgeNumbers(json, header));
  return {
    file,
    textBytes: 0,
    nodeCount: parsed.nodes.length,
    edgeCount: parsed.edges.length,
    extraNativeBytes: header?.extraNativeBytes ?? 0,
    hasAllocationTrace: header?.hasAllocationTrace ?? false,
    nodeTypeNames: nodeTypes.names,
    edgeTypeNames: edgeTypes.names,
    ...nodes,
    ...edges,
    locations: locations(json, header, place, parsed.nodes.length),
    strings: new EncodedStrings(encodeStrings(strings.names, file).data),
  };
}

/** Nobody who works on the columns asks again. @throws SnapshotError for edges that are missing, or lead nowhere */
function checkEdges({ nodes, edges }: ParsedSnapshot, edgeSum: number, { file }: ReadingPlace): void {
  if (nodes.length === 0) throw fault("counts", file, "has no nodes, not even a root");
  if (edgeSum !== edges.length) {
    const counts = `the edge_count of its nodes sums up to ${edgeSum}, there are ${edges.length} edges`;
    throw fault("counts", file, `is damaged: ${counts}`);
  }
  const bad = edges.findIndex(({ toNodeIndex }) => !(toNodeIndex >= 0 && toNodeIndex < nodes.length));
  if (bad < 0) return;
  const where = `edge ${bad} leads to node ${edges[bad]!.toNodeIndex}, there are ${nodes.length}`;
  throw fault("bad-index", file, `is damaged: ${where}`);
}

/** Edge -> the number in its `name_or_index`, as it stands in the file. */
type EdgeNumbers = (edge: EdgeIndex) => number | undefined;

function edgeNumbers(json: SnapshotJson | undefined, header: SnapshotHeader | undefined): EdgeNumbers | undefined {
  if (json === undefined || header === undefined) return undefined;
  const { stride, nameOrIndex } = header.edge;
  return (edge) => json.edges[stride * edge + nameOrIndex];
}

function locations(
  json: SnapshotJson | undefined,
  header: SnapshotHeader | undefined,
  place: ReadingPlace,
  nodeCount: number,
): Locations {
  const rows = new LocationRows(header?.location ?? null, header?.node.stride ?? 1, place);
  const numbers = json?.locations ?? [];
  const stride = header?.location?.stride ?? 1;
  for (let at = 0; at < numbers.length; at += stride) {
    rows.takeBlock(Float64Array.from(numbers.slice(at, at + stride)), Math.min(stride, numbers.length - at), false);
  }
  return rows.sorted(nodeCount);
}

type NodePart = Pick<RawSnapshot, "nodeType" | "nodeName" | "nodeId" | "selfSize" | "firstEdge" | "detachedness">;

function nodeColumns(nodes: readonly ParsedNode[], types: Names, strings: Names): NodePart {
  const count = nodes.length;
  const columns = {
    nodeType: new Uint8Array(count),
    nodeName: new Uint32Array(count),
    nodeId: new Uint32Array(count),
    selfSize: nodes.every((node) => node.self_size < 2 ** 32) ? new Uint32Array(count) : new Float64Array(count),
    firstEdge: new Uint32Array(count + 1),
    detachedness: nodes[0]?.detachedness === undefined ? null : new Uint8Array(count),
  };
  let edges = 0;
  for (let row = 0; row < count; row++) {
    const node = nodes[row]!;
    columns.nodeType[row] = types.index(node.type);
    columns.nodeName[row] = strings.index(node.name);
    columns.nodeId[row] = node.id;
    columns.selfSize[row] = node.self_size;
    columns.firstEdge[row] = edges;
    edges += node.edge_count;
    if (columns.detachedness !== null) columns.detachedness[row] = node.detachedness ?? 0;
  }
  columns.firstEdge[count] = edges;
  return columns;
}

type EdgePart = Pick<AdaptedSnapshot, "edgeType" | "edgeName" | "edgeTarget" | "lostNumbers">;

function edgeColumns(
  { nodes, edges }: ParsedSnapshot,
  types: Names,
  strings: Names,
  numberOf: EdgeNumbers | undefined,
): EdgePart {
  const edgeType = new Uint8Array(edges.length);
  const edgeName = new Uint32Array(edges.length);
  const edgeTarget = new Uint32Array(edges.length);
  let named = namedByString(types.names);
  // Names first: the strings must all have their number before numbers can be told from them.
  for (let row = 0; row < edges.length; row++) {
    const edge = edges[row]!;
    edgeType[row] = types.index(edge.type);
    edgeTarget[row] = edge.toNodeIndex;
    if (types.names.length > named.length) named = namedByString(types.names);
    if (named[edgeType[row]!] === 1) edgeName[row] = strings.index(edge.name_or_index ?? "");
  }
  let lostNumbers = 0;
  for (let node = 0, row = 0; node < nodes.length; node++) {
    for (let place = 0; place < nodes[node]!.edge_count; place++, row++) {
      if (named[edgeType[row]!] === 1) continue;
      const number = numberOf === undefined ? strings.known(edges[row]!.name_or_index) : numberOf(row);
      if (number === undefined) lostNumbers++;
      edgeName[row] = (number ?? place) >>> 0;
    }
  }
  return { edgeType, edgeName, edgeTarget, lostNumbers };
}

/** Texts with the numbers they got in the order of their first use. */
class Names {
  readonly names: string[];
  readonly #index = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.names = [...names];
    for (const [index, name] of names.entries()) if (!this.#index.has(name)) this.#index.set(name, index);
  }

  index(name: string): number {
    const known = this.#index.get(name);
    if (known !== undefined) return known;
    const index = this.names.push(name) - 1;
    this.#index.set(name, index);
    return index;
  }

  known(name: string | undefined): number | undefined {
    return name === undefined ? undefined : this.#index.get(name);
  }
}
