import type { TraceMap } from "@jridgewell/trace-mapping";

/** The library that decodes maps; loaded only when sources are asked for. */
export type Tracer = typeof import("@jridgewell/trace-mapping");

/** Where a piece of generated text comes from. Lines and columns are 1-based. */
export interface Origin {
  readonly source: number;
  readonly line: number;
  readonly column: number;
  /** Its name there, if the map has it. */
  readonly name: string | null;
  /** Column of the generated text at which the piece begins. */
  readonly start: number;
}

/** Columns of a piece at most, if another file's is next: each name in a minified line has a piece of its own. */
const LONGEST = 1000;

/** A source map, decoded; also one of sections. */
export class SourceMap {
  readonly #tracer: Tracer;
  readonly #map: TraceMap;

  /** @throws Error for what is no source map */
  constructor(tracer: Tracer, json: string) {
    this.#tracer = tracer;
    const value: unknown = JSON.parse(json.replace(/^\)\]\}'[^\n]*\n/, ""));
    if (typeof value !== "object" || value === null || !("mappings" in value || "sections" in value))
      throw new TypeError("it has no mappings");
    this.#map = new tracer.FlattenMap(value as ConstructorParameters<Tracer["FlattenMap"]>[0]);
    // Some tools leave out all that leads to what they take for a library's file.
    if (!tracer.decodedMappings(this.#map).some((line) => line.length > 0)) throw new TypeError("it has no mappings");
  }

  /**
   * The piece of generated text that a place lies in; null if it comes from no source. Where a file was compiled without a
   * map, it looks like more of the last piece of the file before it.
   */
  origin(line: number, column: number): Origin | null {
    const segment = this.#tracer.traceSegment(this.#map, line - 1, column - 1);
    if (segment === null || segment.length === 1) return null;
    if (column - 1 - segment[0] > LONGEST && this.#isBeforeAnother(line, column, segment[1])) return null;
    const [start, source, sourceLine, sourceColumn, name] = segment;
    if (sourceLine < 0 || sourceColumn < 0) return null;
    return {
      source,
      line: sourceLine + 1,
      column: sourceColumn + 1,
      name: name === undefined ? null : textOf(this.#map.names[name]),
      start: start + 1,
    };
  }

  /** True if the next piece in the line is of another source. */
  #isBeforeAnother(line: number, column: number, source: number): boolean {
    const next = this.#tracer.decodedMappings(this.#map)[line - 1]!.find(([start]) => start >= column);
    return next !== undefined && next[1] !== source;
  }

  /** A source as the map calls it, with the map's `sourceRoot` before it; empty if it has no name. */
  sourceName(source: number): string {
    return textOf(this.#map.resolvedSources[source]) ?? "";
  }

  /** The source's text; null if the map does not have it. */
  sourceText(source: number): string | null {
    return textOf(this.#map.sourcesContent?.[source]);
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
