import type { Declaration, OriginalPlace, RegisterFacts, ScopeFacts, ScriptPlace } from "../graph/originals.js";
import { inlineMap, mapAddress, mapPath } from "./map-address.js";
import { ScopeSearch } from "./scope-search.js";
import { LEAD, declaredName, isDeclaring, isIdentifier, nameOfFunction, wholeWord, wordAt } from "./names-in-text.js";
import { besidePackage, pathParts } from "./script-path.js";
import { type Origin, SourceMap, type Tracer } from "./source-map.js";
import type { SourceRoot } from "./source-root.js";
import { TextLines } from "./text-lines.js";

/** Bytes of a script, and of a map, that are read: larger ones are nobody's. */
export const MOST_SCRIPT: number = 64 << 20;
const MOST_MAP: number = 128 << 20;
/** Maps that are followed one behind the other: a bundle of a bundle. */
const MAX_DEPTH = 5;
const MAX_LINE = 200;
const CONSTRUCTOR = "constructor";

/** What is needed to read files and maps, and whom to tell of those that cannot be read. */
export interface Reading {
  readonly root: SourceRoot;
  readonly tracer: Tracer;
  /** Told once of each file that is of no use, as a sentence for people. */
  readonly onFault: (code: string, message: string) => void;
}

/** A place in a text: a name that stands there, or no name. */
interface Spot {
  readonly offset: number;
  readonly name: string | null;
}

/** Where a place leads by one map: what the map says, and the source with the same spot in it, if there is its text. */
interface Step {
  readonly shown: string;
  readonly file: CompiledFile | null;
  readonly origin: Origin;
  readonly found: Spot;
}

/** A text that ran, or that a bundler made another of: with the map to what it was made from, if it has one. */
export class CompiledFile {
  readonly lines: TextLines;
  readonly #path: string | null;
  readonly #shown: string;
  readonly #reading: Reading;
  #map: SourceMap | null | undefined;
  #search: ScopeSearch | undefined;
  readonly #sources = new Map<number, { shown: string; file: CompiledFile | null }>();

  /** @param path the file it is in; null if only a map has its text */
  constructor(reading: Reading, path: string | null, shown: string, text: string) {
    this.#reading = reading;
    this.#path = path;
    this.#shown = shown;
    this.lines = new TextLines(text);
  }

  /** What a place was; where `name` stands beside it as the name of a function or class, what that one was. */
  original(at: ScriptPlace, name: string): OriginalPlace | null {
    const offset = this.lines.offset(at.line, at.column);
    if (offset < 0) return null;
    const named = name === "" ? -1 : this.#nameOf(offset, name);
    let class_: string | null = null;
    const place = this.#trace(named < 0 ? { offset, name: null } : { offset: named, name }, MAX_DEPTH, (file, end) => {
      class_ = file.#classOfConstructor(end);
    });
    // A compiler made a function of the class, which has its name and begins where the source has its constructor; or a
    // minifier left the class no name, and V8 calls it by what its instance is assigned to.
    const isConstructor = place.name === CONSTRUCTOR ? name !== CONSTRUCTOR : named < 0 && this.#isClassAt(offset);
    return isConstructor && (class_ ?? place.name) !== null ? { ...place, name: class_ ?? name } : place;
  }

  /** True where a class begins, or its constructor has its parameters: what V8 says of where a class is. */
  #isClassAt(offset: number): boolean {
    const { text } = this.lines;
    return wordAt(text, offset) === "class" || /\bconstructor\s*$/.test(text.slice(Math.max(0, offset - 20), offset));
  }

  /** True for a place that its map says nothing of. */
  isUnmapped(at: ScriptPlace): boolean {
    const map = this.#sourceMap();
    return map !== null && map.origin(at.line, at.column) === null;
  }

  /** What a private field is called in the source, of the class that begins at a place, or whose constructor does. */
  privateField(at: ScriptPlace, name: string): string | null {
    const offset = this.lines.offset(at.line, at.column);
    return offset < 0 ? null : this.#privateField(offset, name, MAX_DEPTH);
  }

  #privateField(offset: number, name: string, depth: number): string | null {
    const field = this.#scopes().privateField(offset, name);
    if (field >= 0) return this.#trace({ offset: field, name }, depth).name;
    // A compiler may have made something else of it: then a text that this one was made from has the name.
    const step = depth > 0 ? this.#step({ offset, name: null }) : null;
    if (step === null || step.file === null || step.found.offset < 0) return null;
    return step.file.#privateField(step.found.offset, name, depth - 1);
  }

  /** Where a variable is declared, here and in the source. */
  declaration(variable: string, scope: ScopeFacts): Declaration | null {
    const offset = this.#scopes().declaration(variable, scope);
    return offset < 0 ? null : this.#declared(offset, scope.functionName);
  }

  /** The same of the variable that a register of a call has. */
  inRegister(register: number, facts: RegisterFacts): Declaration | null {
    const offset = this.#scopes().inRegister(register, facts);
    return offset < 0 ? null : this.#declared(offset, facts.functionName);
  }

  /** @param functionName what V8 calls the function that it is declared in */
  #declared(offset: number, functionName: string): Declaration {
    const around = this.#scopes().functionAround(offset);
    const function_ = around < 0 ? null : this.lines.place(around);
    const within = function_ === null ? null : this.original(function_, functionName);
    let level: Declaration["level"] = null;
    let isThis = false;
    const original = this.#trace({ offset, name: this.#scopes().nameAt(offset) }, MAX_DEPTH, (file, at) => {
      level = file.#levelOf(at);
      // Where classes are compiled to functions, their constructor begins with a variable for `this`.
      isThis = /^constructor\s*\(/.test(file.lines.text.slice(at, at + LEAD));
    });
    return {
      ...this.lines.place(offset),
      original: isThis ? { ...original, name: "this" } : original,
      level,
      within: function_ === null || within === null ? null : { ...function_, original: within },
      isBorrowed: this.#scopes().isBorrowed(offset),
    };
  }

  /** Where the name of a function or class stands that begins at a place; -1 if it does not. */
  #nameOf(offset: number, name: string): number {
    const { text } = this.lines;
    const found = nameOfFunction(text, offset, name);
    if (found >= 0 || !this.#isClassAt(offset)) return found;
    const start = this.#scopes().classOf(offset);
    return start < 0 ? -1 : nameOfFunction(text, start, name);
  }

  /** Of a file of another language a compiler may have put into a function what stands at the top. */
  #levelOf(offset: number): Declaration["level"] {
    return /^[^?]*\.[cm]?[jt]sx?$/i.test(this.#shown) ? this.#scopes().levelOf(offset) : null;
  }

  /** What the class is called that begins at a place, or whose constructor's name stands there; null if none does. */
  #classOfConstructor(offset: number): string | null {
    const { text } = this.lines;
    const parameters = text.startsWith(CONSTRUCTOR, offset) ? text.indexOf("(", offset) : -1;
    const begin = wordAt(text, offset) === "class" ? offset : -1;
    const start = parameters < 0 ? begin : this.#scopes().classOf(parameters);
    const name = start < 0 ? "" : wordAt(text, start + "class ".length);
    return name === "" || name === "extends" ? null : name;
  }

  #scopes(): ScopeSearch {
    return (this.#search ??= new ScopeSearch(this.lines));
  }

  /** @param atEnd told of the text that a place leads to in the end, and where in it */
  #trace(spot: Spot, depth: number, atEnd?: (file: CompiledFile, offset: number) => void): OriginalPlace {
    const step = depth > 0 ? this.#step(spot) : null;
    if (step === null) {
      const place = this.lines.place(spot.offset);
      atEnd?.(this, spot.offset);
      return {
        file: this.#shown,
        ...place,
        name: spot.name,
        text: this.lines.line(place.line, MAX_LINE, place.column),
      };
    }
    const { file, shown, origin, found } = step;
    if (file === null || found.offset < 0)
      return { file: shown, line: origin.line, column: origin.column, name: found.name, text: null };
    return file.#trace(found, depth - 1, atEnd);
  }

  /** Where a place leads, one map further; null if no map knows it. */
  #step(spot: Spot): Step | null {
    const place = this.lines.place(spot.offset);
    const origin = this.#sourceMap()?.origin(place.line, place.column) ?? null;
    const source = origin === null ? null : this.#source(origin.source);
    if (origin === null || source === null) return null;
    return { ...source, origin, found: this.#spotIn(source.file, spot, place, origin) };
  }

  /**
   * The same spot in a source. Its name is what the map says; else what stands in the source where the map leads; else
   * the same, where text from the map's point on to the name is the same here and there.
   */
  #spotIn(file: CompiledFile | null, { offset, name }: Spot, { column }: ScriptPlace, origin: Origin): Spot {
    const isExact = origin.start === column;
    const mapped = isExact && origin.name !== null && isIdentifier(origin.name) ? origin.name : null;
    const at = file === null ? -1 : file.lines.offset(origin.line, origin.column);
    if (file === null || at < 0) return { offset: -1, name: name === null ? null : (mapped ?? name) };
    if (name === null) return { offset: at, name: null };
    const { text } = file.lines;
    if (isExact) {
      const first = declaredName(text, at);
      // The map may lead to the expression that a name was made for: then only the map knows the name.
      if (mapped !== null && first?.name !== mapped && !isMadeOf(mapped, first?.name))
        return { offset: at, name: mapped };
      return first ?? { offset: at, name };
    }
    const from = offset - (column - origin.start);
    const lead = this.lines.text.slice(from, offset);
    if (text.startsWith(lead, at) && wordAt(text, at + lead.length) === name) return { offset: at + lead.length, name };
    if (isDeclaring(lead)) return declaredName(text, at) ?? { offset: at, name };
    const line = /^[^\r\n]*/.exec(text.slice(at, at + 4 * MAX_LINE))![0];
    const same = wholeWord(line, name);
    return same < 0 ? { offset: at, name } : { offset: at + same, name };
  }

  #sourceMap(): SourceMap | null {
    if (this.#map === undefined) this.#map = this.#readMap();
    return this.#map;
  }

  #readMap(): SourceMap | null {
    const { root, tracer, onFault } = this.#reading;
    const address = mapAddress(this.lines.text);
    const isInline = address?.startsWith("data:") === true;
    const path = this.#path === null || isInline ? null : mapBeside(root, this.#path, address);
    const json = isInline ? inlineMap(address) : path === null ? null : root.read(path, MOST_MAP);
    const shown = path === null ? `the map in ${this.#shown}` : root.display(path);
    try {
      if (json !== null) return new SourceMap(tracer, json);
      if (isInline) onFault("bad-source-map", `${shown} is no source map`);
      else if (path !== null) onFault("bad-source-map", `${shown} is too large, or cannot be read`);
      else if (address !== null && this.#path !== null)
        onFault("no-source-map", `the source map of ${this.#shown} is not in ${root.folder}`);
    } catch (error) {
      const reason = error instanceof SyntaxError ? "it is not JSON" : error instanceof Error ? error.message : "";
      onFault("bad-source-map", `${shown} is no source map that can be read: ${reason.slice(0, 200)}`);
    }
    return null;
  }

  /** A source of the map: its name, and its text from the map or else from the disk. */
  #source(source: number): { shown: string; file: CompiledFile | null } | null {
    const known = this.#sources.get(source);
    if (known !== undefined) return known;
    const map = this.#sourceMap()!;
    const { root } = this.#reading;
    const name = map.sourceName(source);
    if (name === "") return null;
    const parts = pathParts(name);
    const isPath = !/^[a-z][a-z0-9+.-]+:/i.test(name);
    const beside = isPath && this.#path !== null ? root.codeBeside(this.#path, decoded(name)) : null;
    const candidates = beside === null ? root.locate(parts) : [beside];
    const path = candidates.length === 1 && candidates[0] !== this.#path ? candidates[0]! : null;
    const shown = path === null ? besidePackage(this.#shown, parts) || name : root.display(path);
    const text = map.sourceText(source) ?? (path === null ? null : root.read(path, MOST_SCRIPT));
    const found = { shown, file: text === null ? null : new CompiledFile(this.#reading, path, shown, text) };
    this.#sources.set(source, found);
    return found;
  }
}

/** The map that an address names, else the one called like the file. */
function mapBeside(root: SourceRoot, file: string, address: string | null): string | null {
  const path = address === null ? null : mapPath(address);
  return (path === null ? null : root.mapBeside(file, path)) ?? root.mapBeside(file, `${file}.map`);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Whether a compiler made a name of another: of a class with statics that refer to it there is `_Store` beside it. */
function isMadeOf(name: string, source: string | undefined): boolean {
  return source !== undefined && name.replace(/^_+/, "") === source;
}
