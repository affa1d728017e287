import type { FileState } from "./byte-source.js";
import { checkedSnapshot } from "./check-snapshot.js";
import { ColumnMemory } from "./column-memory.js";
import { EdgeColumns } from "./edge-columns.js";
import { LocationRows } from "./location-rows.js";
import { NodeColumns } from "./node-columns.js";
import { NumberArray } from "./number-array.js";
import { TAKE_ONE } from "./other-files.js";
import type { RawSnapshot } from "./raw-snapshot.js";
import { type ReadingPlace, fault } from "./reading-place.js";
import { Sections } from "./sections.js";
import type { RowsDone } from "./split-rows.js";
import { KeptValue, SkippedValue, type ValueReader } from "./skip-value.js";
import { type SnapshotHeader, readHeader } from "./snapshot-header.js";
import { StringSection } from "./string-section.js";

/** Bytes a header may have. V8's has about 2000. */
const HEADER_LIMIT = 1 << 20;

/** Nodes from which a heap gets a memory. An engine sets much of its address space aside for each. */
const MEMORY_FROM = 10_000;
/** Bytes of a memory for each node and each edge: a third more than are in use at a time. What is not used is not there. */
const NODE_ROOM = 80;
const EDGE_ROOM = 24;

/** Rows that the reader has come to. */
export interface RowsAhead {
  readonly columns: NodeColumns | EdgeColumns;
  readonly numbers: NumberArray;
}

/** Reads one snapshot out of chunks that are pushed into it; knows nothing of files. */
export class SnapshotReader {
  readonly #place: ReadingPlace;
  readonly #sections: Sections;
  #header: SnapshotHeader | undefined;
  #nodes: NodeColumns | undefined;
  #edges: EdgeColumns | undefined;
  #locations: LocationRows | undefined;
  #strings: StringSection | undefined;
  /** Sections that stand before the header, as after `jq -S`: without it their rows mean nothing. */
  readonly #early = new Map<string, KeptValue>();

  /** Rows that are about to be read. */
  #ahead: RowsAhead | undefined;

  /** @param stopsBeforeRows whether to stop where `rowsAhead` can be read by others */
  constructor(place: ReadingPlace, stopsBeforeRows = false) {
    this.#place = place;
    this.#sections = new Sections(place, {
      open: (key) => this.#open(key),
      stopsBefore: () => stopsBeforeRows && this.#ahead !== undefined,
      close: (key, reader) => this.#close(key, reader),
    });
  }

  /**
   * Reads on; the bytes may be overwritten afterwards. Returns how many that were: less than all only where rows are
   * ahead.
   */
  take(bytes: Uint8Array): number {
    this.#ahead = undefined;
    return this.#sections.take(bytes);
  }

  /** What begins at the next byte, where `take` stopped early. */
  get rowsAhead(): RowsAhead | undefined {
    return this.#ahead;
  }

  /** Goes on behind rows that others have put into the columns. */
  skipRows({ at, whole }: RowsDone): void {
    this.#ahead!.numbers.skip(whole);
    this.#place.chunkStart = at;
  }

  /**
   * To be called behind the last chunk.
   * @param file that rows were read from by others
   * @throws SnapshotError where it is not whole
   */
  finish(file: FileState | null = null): RawSnapshot {
    this.#sections.end();
    const header = this.#header;
    if (header === undefined) {
      throw fault("not-snapshot", this.#place.file, 'is no heap snapshot: it has no section "snapshot"', TAKE_ONE);
    }
    const nodes = this.#nodes ?? this.#missing("nodes");
    const edges = this.#edges ?? this.#missing("edges");
    const strings = this.#strings ?? this.#missing("strings");
    const locations = this.#locations ?? new LocationRows(header.location, header.node.stride, this.#place);
    return checkedSnapshot({ header, nodes, edges, locations, strings }, this.#place, file);
  }

  #open(key: string): ValueReader {
    if (key === "snapshot") return new KeptValue(this.#place, "a header", HEADER_LIMIT);
    if (key === "strings") return (this.#strings = new StringSection(this.#place));
    if (key !== "nodes" && key !== "edges" && key !== "locations") return new SkippedValue();
    return this.#header === undefined ? this.#openEarly(key) : this.#openNumbers(key, this.#header);
  }

  #openEarly(key: string): ValueReader {
    const value = new KeptValue(this.#place, `a section "${key}"`, Infinity);
    this.#early.set(key, value);
    return value;
  }

  #openNumbers(key: "nodes" | "edges" | "locations", header: SnapshotHeader): ValueReader {
    const place = this.#place;
    if (key === "nodes") return this.#rows(key, (this.#nodes = new NodeColumns(header, place)), header.nodeCount);
    if (key === "edges") return this.#rows(key, (this.#edges = new EdgeColumns(header, place)), header.edgeCount);
    return new NumberArray(
      place,
      key,
      (this.#locations = new LocationRows(header.location, header.node.stride, place)),
    );
  }

  #rows(key: string, columns: NodeColumns | EdgeColumns, claimed: number | null): ValueReader {
    const numbers = new NumberArray(this.#place, key, columns);
    if (claimed !== null && claimed > 0) this.#ahead = { columns, numbers };
    return numbers;
  }

  #close(key: string, reader: ValueReader): void {
    if (key !== "snapshot") return;
    this.#header = readHeader((reader as KeptValue).text(), this.#place);
    this.#place.memory ??= memoryFor(this.#header);
    for (const [early, value] of this.#early) {
      value.replay(this.#open(early));
      this.#early.delete(early);
    }
    this.#ahead = undefined; // those rows are behind
  }

  #missing(section: string): never {
    throw fault("truncated", this.#place.file, `is not whole: it has no section "${section}"`);
  }
}

/** Memory for the columns of nodes and edges, and for what is found out from them. */
function memoryFor({ nodeCount, edgeCount }: SnapshotHeader): ColumnMemory | null {
  if (nodeCount === null || edgeCount === null || nodeCount < MEMORY_FROM) return null;
  return ColumnMemory.withRoomFor(NODE_ROOM * nodeCount + EDGE_ROOM * edgeCount);
}
