import { type AnalysedAside, analyseAside } from "./analysis/analyse-aside.js";
import type { NodeSorter } from "./analysis/belongings.js";
import type { ClassGroups } from "./analysis/class-groups.js";
import { analyseHeap, type HeapAnalysis, type NodeColumns, withDerived } from "./analysis/heap-analysis.js";
import { buildGraph } from "./graph/build-graph.js";
import {
  type Column,
  ColumnAside,
  type ColumnWriter,
  ColumnsGoingAside,
  type PutAside,
} from "./graph/columns-aside.js";
import { type PutEdges, edgesFrom, withEdges } from "./graph/edges-aside.js";
import { type GraphEdgesInText, namesInText } from "./graph/edges-in-text.js";
import type { HeapGraph } from "./graph/heap-graph.js";
import { type IdCensus, idCensus } from "./graph/id-census.js";
import { edgeTypesFrom } from "./graph/v8-types.js";
import { fileState, isSameState } from "./parse/byte-source.js";
import type { Where } from "./parse/columns.js";
import { LocationsAside } from "./graph/locations-aside.js";
import { StringsAside } from "./graph/strings-aside.js";
import { type ReadOptions, readSnapshot } from "./parse/read-snapshot.js";
import { begin } from "./progress.js";
import { EncodedStrings, type StringTableData } from "./parse/string-table.js";

/** Reads and analyses one snapshot in this thread. @throws SnapshotError for a file that cannot be read as one */
export async function loadHeap(file: string, options: ReadOptions = {}): Promise<HeapAnalysis> {
  const graph = await loadGraph(file, options);
  return analyseHeap({ ...graph, census: idCensus(graph) });
}

/** An analysed heap as plain data, which another thread can take over without a copy. */
export interface PortableHeap extends AnalysedAside {
  readonly graph: Pick<HeapGraph, "file" | "nodeCount" | "edgeCount" | "extraNativeBytes" | "locations"> & {
    readonly census: IdCensus;
  };
  readonly strings: StringTableData;
  readonly columns: PutAside<Exclude<keyof NodeColumns, "detached">> & Partial<PutAside<"detached">> & PutEdges;
  /** The edges, if they have to be read from the snapshot again, and that, open. */
  readonly edgesInText: { readonly edges: GraphEdgesInText; readonly fd: number } | null;
  /** The file that columns were put aside in; null if there is none. */
  readonly asideIn: number | null;
}

interface AsideOptions {
  /** Another thread, to find out where nodes belong. */
  readonly sorter?: NodeSorter;
  /** Another thread, to write columns that it sees. */
  readonly writer?: ColumnWriter;
  /** Whether targets of edges stay in memory: this thread's, if there is a `memory`. */
  readonly keepsTargets?: boolean;
  /** The snapshot, open, for edges to be read again. */
  readonly text?: number | null;
}

/**
 * Reads and analyses one snapshot for another thread; its retainers are found where they are asked for.
 * @param asideIn an empty file for the columns; they stay in memory where it has no room for them
 * @throws SnapshotError for a file that cannot be read as one
 */
export async function loadPortableHeap(
  file: string,
  asideIn: number | null,
  options: ReadOptions & AsideOptions = {},
): Promise<PortableHeap> {
  const graph = await loadGraph(file, options);
  const elsewhere = options.sorter?.belongings(graph);
  const census = idCensus(graph);
  const { nodeCount, edgeCount, extraNativeBytes, locations, strings } = graph;
  if (!(strings instanceof EncodedStrings)) throw new TypeError("only strings of a file can be handed over");
  const aside = new ColumnsGoingAside(asideIn, options.writer);
  const edgesInText = readAgain(graph, options.text ?? null);
  const { keepsTargets = false } = options;
  const analysed = await analyseAside(graph, aside, { dropsNames: edgesInText !== null, keepsTargets }, elsewhere);
  await aside.settle();
  return {
    ...analysed,
    graph: { file, nodeCount, edgeCount, extraNativeBytes, locations, census },
    strings: strings.data,
    columns: aside.columns as PortableHeap["columns"],
    edgesInText,
    asideIn,
  };
}

interface LoadedGraph extends HeapGraph {
  readonly edgesInText: GraphEdgesInText | null;
}

async function loadGraph(file: string, options: ReadOptions): Promise<LoadedGraph> {
  const raw = await readSnapshot(file, options);
  const graph = buildGraph(raw);
  await begin("dominators", file, options);
  const { edgesInText: edges, edgeTypeNames } = raw;
  const edgesInText = edges ? { ...edges, name: file, types: edgeTypesFrom(edgeTypeNames) } : null;
  return { ...graph, edgesInText };
}

/** The edges as they can be read again; null if they cannot, or not from this file. */
function readAgain({ edgesInText: edges }: LoadedGraph, fd: number | null): PortableHeap["edgesInText"] {
  return edges !== null && fd !== null && isSameState(fileState(fd), edges.file) ? { edges, fd } : null;
}

/**
 * The heap that another thread has loaded. Its columns are brought from the file when they are asked for.
 * @param where those of nodes lie then
 * @param isShort whether memory is short: strings and places go into the file as well, and what others make of the heap
 */
export function unpacked(heap: PortableHeap, where: Where, isShort = false): HeapAnalysis {
  const { graph, strings, asideIn, retaining, layouts, groups, columns, edgesInText } = heap;
  const aside = <Name extends keyof NodeColumns>(name: Name) =>
    [name, new ColumnAside<NodeColumns[Name]>(asideIn, columns[name]!, where)] as const;
  const known = columns.detached === undefined ? [] : [aside("detached")];
  const ofGraph = [...known, ...(["nodeType", "nodeName", "nodeId", "selfSize", "firstEdge"] as const).map(aside)];
  const ofAnalysis = [aside("owner"), aside("ownedSize"), aside("dominator"), aside("retainedSize")];
  const groupOf = aside("groupOf");
  const names = edgesInText && namesInText(edgesInText.edges, edgesInText.fd);
  const edges = edgesFrom(asideIn, columns, graph.edgeCount, where, names);
  const more = isShort && asideIn !== null ? new ColumnsGoingAside(asideIn) : null;
  const locations = more === null ? graph.locations : new LocationsAside(graph.locations, asideIn!, more, where);
  let texts = more === null ? new EncodedStrings(strings) : StringsAside.put(strings, asideIn!, more, where);
  const eager = {
    ...graph,
    detached: null,
    locations,
    get strings() {
      return texts;
    },
  };
  const others: ColumnAside[] = [];
  const found = {
    graph: broughtWhenAsked(withEdges(eager, edges), ofGraph) as HeapGraph,
    retaining,
    putBack(...names: (keyof NodeColumns)[]) {
      for (const [name, column] of [...ofGraph, ...ofAnalysis, groupOf])
        if (names.length === 0 || names.includes(name)) column.putBack();
      if (names.length > 0) return;
      for (const column of others) column.putBack();
      if (locations instanceof LocationsAside) locations.putBack();
      if (texts instanceof StringsAside) texts.putBack();
    },
    adopt<T extends Column>(column: T) {
      const adopted = more === null ? new ColumnAside<T>(null, column) : more.asideAsWell(column, where);
      others.push(adopted);
      return adopted;
    },
    bringTexts() {
      if (texts instanceof StringsAside) texts = texts.brought();
    },
  };
  return withDerived(broughtWhenAsked(found, ofAnalysis) as HeapAnalysis, {
    layouts,
    groups: broughtWhenAsked({ ...groups }, [["of", groupOf[1]]]) as ClassGroups,
  });
}

/** Gives an object columns as properties that bring themselves. */
function broughtWhenAsked(object: object, columns: readonly (readonly [string, ColumnAside])[]): object {
  for (const [name, column] of columns)
    Object.defineProperty(object, name, { get: () => column.rows, enumerable: true });
  return object;
}

/** The buffers of all columns: what a message with the heap has to hand over. */
export function buffersOf(heap: PortableHeap): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const work: unknown[] = [heap];
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
    else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) work.push(part);
  }
  return [...buffers];
}
