import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Snapshots of a fixture program, and what is known to leak in it. */
export interface RealSnapshots {
  /** In order of time, one per phase. */
  readonly files: readonly string[];
  readonly truth: Truth;
}

export interface Truth {
  readonly verdict: "leak" | "no-leak";
  /** File name of the program. */
  readonly file: string;
  /** One for each leak. */
  readonly leaks: readonly Leak[];
}

export interface Leak {
  /** Matches the title of the suspect that names the true holder. */
  readonly holder: RegExp;
  /** Ids of the holder kinds that are right for it. */
  readonly kinds: readonly string[];
}

interface Program {
  readonly name: string;
  readonly file: string;
  readonly leaks: readonly { readonly kinds: string[]; readonly names: string[] }[];
  readonly phases: readonly number[];
}

interface Work {
  readonly phases: readonly number[];
  readonly requests: readonly string[] | undefined;
}

interface Driver {
  programNamed(name: string): Program;
  allPrograms(): Program[];
  holderPattern(names: readonly string[]): RegExp;
  plainEnvironment(): Record<string, string | undefined>;
  takeSnapshots(program: Program, folder: string, options: Partial<Work> & { execPath?: string }): Promise<string[]>;
}

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const fixtures = join(root, "fixtures");
const driver = (await import(pathToFileURL(join(fixtures, "drive.mjs")).href)) as Driver;

/** The environment for programs that write snapshots of themselves: without what a test runner adds to it. */
export const plainEnvironment = (): Record<string, string | undefined> => driver.plainEnvironment();

const taken = new Map<string, Promise<RealSnapshots>>();

/** Names of all programs in fixtures/programs. */
export function programNames(): string[] {
  return driver.allPrograms().map((program) => program.name);
}

/**
 * Runs a program of fixtures/programs on this Node and returns its snapshots. `phases`: units of work before each
 * snapshot; `requests`: what a server is sent; the program's own unless given. They are kept under build/ and taken
 * again when the program changes.
 */
export function snapshotsOf(name: string, options: Partial<Work> = {}): Promise<RealSnapshots> {
  const program = driver.programNamed(name);
  const work: Work = { phases: options.phases ?? program.phases, requests: options.requests };
  const run = [program.name, process.version, ...work.phases, ...(work.requests ?? [])].join("-");
  const folder = join(root, "build", "snapshots", run.replaceAll("/", ""));
  const known = taken.get(folder);
  if (known !== undefined) return known;
  const result = takeOnce(program, work, folder).then((files) => ({ files, truth: truthOf(program) }));
  taken.set(folder, result);
  return result;
}

/** Runs a program on another Node and writes its snapshots into a new folder. */
export function snapshotsBy(execPath: string, name: string, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  return driver.takeSnapshots(driver.programNamed(name), folder, { execPath });
}

/** What a program of fixtures/programs leaks, without running it. */
export function truthOfProgram(name: string): Truth {
  return truthOf(driver.programNamed(name));
}

function truthOf(program: Program): Truth {
  return {
    verdict: program.leaks.length === 0 ? "no-leak" : "leak",
    file: program.file.slice(dirname(program.file).length + 1),
    leaks: program.leaks.map(({ kinds, names }) => ({ kinds, holder: driver.holderPattern(names) })),
  };
}

// The folder gets its name only when all is in it: what is there is complete, whoever else takes snapshots meanwhile.
async function takeOnce(program: Program, work: Work, folder: string): Promise<string[]> {
  const keyFile = join(folder, "key");
  const key = contentKey(program.file);
  if (!existsSync(keyFile) || readFileSync(keyFile, "utf8") !== key) {
    const unfinished = `${folder}.${randomUUID()}`;
    mkdirSync(unfinished, { recursive: true });
    try {
      await driver.takeSnapshots(program, unfinished, work);
      writeFileSync(join(unfinished, "key"), key);
      rmSync(folder, { recursive: true, force: true });
      renameSync(unfinished, folder);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      throw error;
    }
  }
  return readdirSync(folder)
    .filter((file) => file.endsWith(".heapsnapshot"))
    .sort()
    .map((file) => join(folder, file));
}

// Of all that decides what is in the snapshots.
function contentKey(file: string): string {
  const hash = createHash("sha256");
  for (const part of [file, "drive.mjs", "harness.cjs", "run-program.cjs", "traffic.mjs"]) {
    hash.update(readFileSync(part === file ? file : join(fixtures, part)));
  }
  return hash.digest("hex");
}
