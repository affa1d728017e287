import { mkdir, readdir, rmdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CaptureError } from "./capture-error.js";

/** A folder to put snapshots into. */
export interface SnapshotFolder {
  readonly path: string;
  /** Removes what was made for it, as far as nothing was put into it. */
  readonly removeEmpty: () => Promise<void>;
}

export interface FolderOptions {
  readonly out: string;
  readonly newFolder?: boolean | undefined;
}

/** What a capture calls its snapshots. */
const SNAPSHOT = /^(?:[a-z]|near-heap-limit)\.heapsnapshot(?:\.gz)?$/;
/** So many captures in one second are none of a person's. */
const MOST_NUMBERS = 1000;

/**
 * Makes a folder that only this user can read, with those around it. One that is there already is taken, unless it has
 * snapshots of an earlier capture, which would be overwritten or taken for those of this one.
 * @throws CaptureError
 */
export async function makeFolder({ out, newFolder = false }: FolderOptions): Promise<SnapshotFolder> {
  try {
    const { path, made } = newFolder ? await makeNew(out) : { path: out, made: await makeFolders(resolve(out)) };
    if (made.length === 0) await refuseSnapshots(path);
    const removeEmpty = async () => {
      for (const folder of made) await rmdir(folder).catch(() => {});
    };
    return { path, removeEmpty };
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw new CaptureError("cannot-write", `the folder ${out} cannot be made: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function refuseSnapshots(folder: string): Promise<void> {
  const earlier = (await readdir(folder)).filter((name) => SNAPSHOT.test(name)).sort()[0];
  if (earlier === undefined) return;
  throw new CaptureError(
    "cannot-write",
    `the folder ${folder} has snapshots of an earlier time, such as ${earlier}; name another one, or remove it first`,
  );
}

/** Two that begin in the same second get a folder each: whoever makes it has it. */
async function makeNew(name: string): Promise<{ readonly path: string; readonly made: readonly string[] }> {
  const around = await makeFolders(dirname(resolve(name)));
  for (let number = 1; ; number++) {
    const path = number === 1 ? name : `${name}-${number}`;
    const error = await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => error);
    if (error === undefined) return { path, made: [resolve(path), ...around] };
    if (error.code !== "EEXIST" || number === MOST_NUMBERS) throw error;
  }
}

/**
 * Those that were not there, the innermost first. Not by `recursive`, with which Node up to 24 tries for ever where a
 * folder that is there takes none, as /proc.
 */
async function makeFolders(path: string): Promise<readonly string[]> {
  const make = (): Promise<void> => mkdir(path, { mode: 0o700 });
  const error = await make().catch((error: NodeJS.ErrnoException) => error);
  if (error === undefined) return [path];
  if (error.code === "EEXIST" && (await stat(path)).isDirectory()) return [];
  if (error.code !== "ENOENT") throw error;
  const around = await makeFolders(dirname(path)); // the outermost is always there
  await make();
  return [path, ...around];
}
