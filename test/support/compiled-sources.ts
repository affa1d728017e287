// A small compiled file, its source, and what must be told of them.
import assert from "node:assert/strict";
import { addMapping, GenMapping, setSourceContent, toEncodedMap } from "@jridgewell/gen-mapping";
import type { ScriptFacts } from "#core/graph/originals.js";
import { openSources } from "#core/sources/source-files.js";
import { TextLines } from "#core/sources/text-lines.js";
import { withFolder } from "./folder.js";

/** A piece of compiled text, and what it was: `@file` of the source it is in, and the text there. */
export interface Piece {
  readonly from: string;
  readonly in: string;
  readonly at: string;
  readonly name?: string;
}

export interface MapOptions {
  readonly sourceRoot?: string;
  readonly withTexts?: boolean;
  readonly call?: (source: string) => string;
}

/** A map that leads from each piece of the text to where it stands in its source. */
export function mapOf(
  text: string,
  sources: Readonly<Record<string, string>>,
  pieces: readonly Piece[],
  options: MapOptions = {},
) {
  const { sourceRoot, withTexts = true, call = (source: string) => source } = options;
  const map = new GenMapping({ file: "out.js", ...(sourceRoot !== undefined && { sourceRoot }) });
  const place = (lines: TextLines, what: string) => {
    const { line, column } = lines.place(lines.text.indexOf(what));
    return { line, column: column - 1 };
  };
  for (const { from, in: source, at, name } of pieces) {
    const original = place(new TextLines(sources[source]!), at);
    const generated = place(new TextLines(text), from);
    if (name === undefined) addMapping(map, { generated, source: call(source), original });
    else addMapping(map, { generated, source: call(source), original, name });
    if (withTexts) setSourceContent(map, call(source), sources[source]!);
  }
  return toEncodedMap(map);
}

export function script(name: string, more: Partial<ScriptFacts> = {}): ScriptFacts {
  return { name, head: "", functions: [], ...more };
}

export const SOURCE = "type A = 1;\nexport const sessions = new Map();\nexport function remember(user: A) {}\n";
export const OUT = "var s=new Map;function r(e){}f(()=>s);";
export const PIECES: Piece[] = [
  { from: "s=new", in: "src/store.ts", at: "sessions", name: "sessions" },
  { from: "r(e)", in: "src/store.ts", at: "remember", name: "remember" },
];
export const SOURCES = { "src/store.ts": SOURCE };
export const scope = { isTop: true, begins: null, made: [], variables: ["s"], functionName: "" };

/** What is told of variable `s` and function `r`: "file:line:column name | text". */
export async function told(
  files: Readonly<Record<string, string>>,
  facts: ScriptFacts = script("/srv/dist/out.js"),
  expected: { faults?: RegExp } = {},
): Promise<string[]> {
  return withFolder(files, async (folder) => {
    const sources = await openSources(folder);
    const variable = sources.declaration(facts, "s", scope)?.original ?? null;
    const call = sources.place(facts, { line: 1, column: OUT.indexOf("(e)") + 1 }, "r");
    const faults = sources.faults.map(({ code, message }) => `${code}: ${message.replaceAll(folder, "DIR")}`);
    if (expected.faults === undefined) assert.deepEqual(faults, []);
    else assert.match(faults.join("\n"), expected.faults);
    assert.ok(faults.length <= 1);
    return [variable, call].map((found) =>
      found === null
        ? "unknown"
        : `${found.file.replace(folder, "DIR")}:${found.line}:${found.column} ${found.name} | ${found.text}`,
    );
  });
}

export const TOLD = [
  "DIR/src/store.ts:2:14 sessions | export const sessions = new Map();",
  "DIR/src/store.ts:3:17 remember | export function remember(user: A) {}",
];
export const withMap = (text: string, map = "out.js.map"): string => `${text}\n//# sourceMappingURL=${map}\n`;
export const json = (options: MapOptions = {}, pieces = PIECES): string =>
  JSON.stringify(mapOf(OUT, SOURCES, pieces, { call: (source) => `../${source}`, ...options }));
