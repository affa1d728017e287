import type {
  Declaration,
  OriginalPlace,
  Originals,
  RegisterFacts,
  ScopeFacts,
  ScriptFacts,
  ScriptPlace,
} from "../graph/originals.js";
import { CompiledFile, MOST_SCRIPT, type Reading } from "./compiled-file.js";
import { mayBeginFunction } from "./scope-search.js";
import { pathParts } from "./script-path.js";
import type { Tracer } from "./source-map.js";
import { SourceRoot } from "./source-root.js";

/** Why the files of a script are of no use, or only of little. */
export interface SourceFault {
  /** The script, as the snapshot calls it. */
  readonly script: string;
  readonly code: string;
  readonly message: string;
}

/** Of the functions of a script so many must begin in the file where V8 says. */
const ALIKE = 0.95;

/**
 * The sources below one folder. Nothing is read before it is asked for, and nothing outside of the folder.
 * @throws SnapshotError if it is no folder
 */
export async function openSources(folder: string): Promise<SourceFiles> {
  const root = new SourceRoot(folder);
  return new SourceFiles(root, await import("@jridgewell/trace-mapping"));
}

/** Finds the file of each script, makes sure that it is the same text, and asks it. */
export class SourceFiles implements Originals {
  readonly faults: SourceFault[] = [];
  readonly #root: SourceRoot;
  readonly #tracer: Tracer;
  readonly #files = new Map<string, CompiledFile | null>();

  constructor(root: SourceRoot, tracer: Tracer) {
    this.#root = root;
    this.#tracer = tracer;
  }

  place(script: ScriptFacts, at: ScriptPlace, name: string): OriginalPlace | null {
    return this.#fileOf(script)?.original(at, name) ?? null;
  }

  isBundlers(script: ScriptFacts, at: ScriptPlace): boolean {
    return this.#fileOf(script)?.isUnmapped(at) ?? false;
  }

  privateField(script: ScriptFacts, at: ScriptPlace, name: string): string | null {
    return this.#fileOf(script)?.privateField(at, name) ?? null;
  }

  declaration(script: ScriptFacts, variable: string, scope: ScopeFacts): Declaration | null {
    return this.#fileOf(script)?.declaration(variable, scope) ?? null;
  }

  inRegister(script: ScriptFacts, register: number, facts: RegisterFacts): Declaration | null {
    return this.#fileOf(script)?.inRegister(register, facts) ?? null;
  }

  #fileOf(script: ScriptFacts): CompiledFile | null {
    const known = this.#files.get(script.name);
    if (known !== undefined) return known;
    const file = this.#open(script);
    this.#files.set(script.name, file);
    return file;
  }

  #open(script: ScriptFacts): CompiledFile | null {
    const parts = pathParts(script.name);
    if (parts.length === 0) return null;
    const fault = (code: string, message: string): null => {
      this.faults.push({ script: script.name, code, message });
      return null;
    };
    const { folder } = this.#root;
    const candidates = this.#root.locate(parts);
    if (candidates.length === 0) return fault("no-source", `no file in ${folder} is called like ${script.name}`);
    const read = candidates.map((path) => ({ path, text: this.#root.read(path, MOST_SCRIPT) }));
    const texts = new Set(read.map(({ text }) => text));
    const shown = this.#root.display(candidates[0]!);
    if (texts.size > 1)
      return fault(
        "ambiguous-source",
        `${script.name} may be ${shown} or ${this.#root.display(read.find(({ text }) => text !== read[0]!.text)!.path)}; name a folder in which there is only one`,
      );
    const [{ path, text }] = read as [(typeof read)[number]];
    if (text === null) return fault("no-source", `${shown} is too large, or cannot be read`);
    const reading: Reading = {
      root: this.#root,
      tracer: this.#tracer,
      onFault: (code, message) => void fault(code, message),
    };
    const file = new CompiledFile(reading, path, shown, text);
    const isText = beginsWith(text, script.head) || (isTypeScript(path) && beginsBlanked(text, script.head));
    if (!isText || !isWhereFunctionsBegin(file, script))
      return fault(
        "changed-source",
        `${shown} is not the text that ran, so names and places are those of the snapshot`,
      );
    return file;
  }
}

/** Whether a text begins as the snapshot has it, which loses and replaces what is not ASCII. */
function beginsWith(text: string, head: string): boolean {
  const plain = (part: string): string => part.replace(/[^!->@-~]/g, "");
  return plain(text.slice(0, 4 * head.length)).startsWith(plain(head));
}

function isTypeScript(path: string): boolean {
  return /\.[cm]?ts$/.test(path);
}

/** The same where Node put blanks in place of types, and its own line behind: all else keeps its place. */
function beginsBlanked(text: string, head: string): boolean {
  return head
    .slice(0, text.length)
    .split("")
    .every((sign, at) => sign === text[at] || sign === " " || sign === ";");
}

/** Bundles begin alike from one build to the next; their functions do not begin at the same places. */
function isWhereFunctionsBegin(file: CompiledFile, { functions }: ScriptFacts): boolean {
  const found = functions.filter((place) => mayBeginFunction(file.lines, place)).length;
  return found >= functions.length * ALIKE;
}
