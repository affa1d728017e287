import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, extname, isAbsolute, join, relative, sep } from "node:path";
import { SnapshotError } from "../parse/snapshot-error.js";

const MAX_ENTRIES = 200_000;
const MAX_PARTS = 64;
/** Folders of others' code and of tools: what is in them is found by its whole path only. */
const SKIPPED = new Set(["node_modules", ".git", ".hg", ".svn"]);
const CODE = /^\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx?|coffee|civet|res|elm|imba|marko)$/i;

/** The one folder under which files may be read, and the only place in core that opens sources. */
export class SourceRoot {
  /** The folder as it was given. */
  readonly folder: string;
  readonly #real: string;
  #byName: Map<string, string[]> | undefined;

  /** @throws SnapshotError if it is no folder */
  constructor(folder: string) {
    this.folder = folder;
    try {
      this.#real = realpathSync(folder);
      if (statSync(this.#real).isDirectory()) return;
    } catch {
      throw new SnapshotError("not-found", folder, `there is no folder ${folder} to find sources in`);
    }
    throw new SnapshotError("not-found", folder, `${folder} is no folder, so no sources are found in it`);
  }

  /**
   * The files whose paths end most like a name: alike in as many folders as any other. More than one is ambiguous.
   * @param parts folders and file
   */
  locate(parts: readonly string[]): readonly string[] {
    const base = parts[parts.length - 1];
    if (base === undefined || !isCode(base)) return [];
    const anchored = this.#anchored(parts.slice(-MAX_PARTS));
    const found = new Set(anchored === null ? [] : [anchored]);
    for (const path of this.#named(base)) {
      const real = this.#realFile(join(this.#real, path));
      if (real !== null && isCode(basename(real))) found.add(real);
    }
    let best = 0;
    let files: string[] = [];
    for (const file of found) {
      const alike = commonEnd(this.#absoluteParts(file), parts);
      if (alike > best) files = [];
      if (alike >= best) files.push(file);
      best = Math.max(best, alike);
    }
    return files.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  }

  /** A file of code by its path seen from a file of the folder; null if there is none, or it is not in the folder. */
  codeBeside(file: string, path: string): string | null {
    return this.#beside(file, path, isCode);
  }

  /** The same of a source map. */
  mapBeside(file: string, path: string): string | null {
    return this.#beside(file, path, isMap);
  }

  /** A link has the name of what it leads to: whoever can make one must not choose what is read. */
  #beside(file: string, path: string, isWanted: (name: string) => boolean): string | null {
    const target = isAbsolute(path) ? path : join(file, "..", path);
    const real = this.#isInside(target) ? this.#realFile(target) : null;
    return real !== null && isWanted(basename(real)) ? real : null;
  }

  /** Text of a file in the folder; null if it cannot be read, or is larger than `most` bytes. */
  read(file: string, most: number): string | null {
    const real = this.#realFile(file);
    if (real === null || statSync(real).size > most) return null;
    try {
      return readFileSync(real, "utf8").replace(/^\uFEFF/, "");
    } catch {
      return null;
    }
  }

  /** A file of the folder as its user would write it. */
  display(file: string): string {
    const inside = relative(this.#real, file).split(sep).join("/");
    const folder = this.folder.split(sep).join("/").replace(/\/+$/, "");
    return folder === "" || folder === "." ? inside : `${folder}/${inside}`;
  }

  /** By its whole path below the folder: the longest end of `parts` that is there. */
  #anchored(parts: readonly string[]): string | null {
    for (let from = 0; from < parts.length; from++) {
      const real = this.#realFile(join(this.#real, ...parts.slice(from)));
      if (real !== null && isCode(basename(real))) return real;
    }
    return null;
  }

  /** The real path of a file, if it is a file, and in the folder when all links are followed. */
  #realFile(path: string): string | null {
    try {
      const real = realpathSync(path);
      return this.#isInside(real) && statSync(real).isFile() ? real : null;
    } catch {
      return null;
    }
  }

  #isInside(path: string): boolean {
    const inside = relative(this.#real, path);
    return inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  }

  #absoluteParts(file: string): string[] {
    return file.split(sep).filter((part) => part !== "");
  }

  #named(base: string): readonly string[] {
    this.#byName ??= this.#list();
    return this.#byName.get(base) ?? [];
  }

  /** All files of code below the folder, by name; links are not followed. */
  #list(): Map<string, string[]> {
    const byName = new Map<string, string[]>();
    const folders = [""];
    let left = MAX_ENTRIES;
    for (let at = 0; at < folders.length && left > 0; at++) {
      for (const entry of entriesOf(join(this.#real, folders[at]!))) {
        if (--left < 0) break;
        const path = join(folders[at]!, entry.name);
        if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(path);
        else if (entry.isFile() && isCode(entry.name)) {
          const known = byName.get(entry.name);
          if (known === undefined) byName.set(entry.name, [path]);
          else known.push(path);
        }
      }
    }
    return byName;
  }
}

/** Files that hold code: no other is ever read for what a snapshot says, such as one with passwords. */
function isCode(name: string): boolean {
  return CODE.test(extname(name)) && !name.startsWith(".");
}

function isMap(name: string): boolean {
  return extname(name) === ".map" && !name.startsWith(".");
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let alike = 0;
  while (alike < a.length && alike < b.length && a[a.length - 1 - alike] === b[b.length - 1 - alike]) alike++;
  return alike;
}
