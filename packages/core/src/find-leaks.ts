import { closeSync, openSync, statSync } from "node:fs";
import { openSourcesOf } from "./open-sources.js";
import { checkOptions, type CompareOptions } from "./compare-options.js";
import { startAhead } from "./load-threads.js";
import { checkMemory, type MemoryOptions } from "./memory-need.js";
import { SnapshotError } from "./parse/snapshot-error.js";
import { type TemporaryFile, temporaryFile } from "./temporary-file.js";
import type { LeakReport } from "./report/leak-report.js";

export interface FindLeaksOptions extends CompareOptions, MemoryOptions {}

/**
 * Compares two or more snapshots of one process and names the holders that grow.
 * @throws SnapshotError for a file that cannot be read as a snapshot, or more of them than there is memory for; RangeError for options that make no sense
 */
export async function findLeaks(files: readonly string[], options: FindLeaksOptions = {}): Promise<LeakReport> {
  if (!Array.isArray(files) || files.some((file) => typeof file !== "string"))
    throw new TypeError('files are a list of paths, as in ["a.heapsnapshot", "b.heapsnapshot"]');
  if (files.length < 2)
    throw new SnapshotError(
      "too-few",
      files[0] ?? "",
      "two or more snapshots are needed to compare; take another one later",
    );
  checkOptions(options, files.length);
  refusePipeTwice(files);
  checkMemory(files, options);
  await openSourcesOf(options); // what is wrong with the folder is said before minutes of work
  if (options.memory !== "low") startAhead(files);
  const temporary: TemporaryFile[] = [];
  const texts: number[] = [];
  const aside = (): number | null => {
    const file = temporaryFile();
    if (file !== null) temporary.push(file);
    return file === null ? null : file.descriptor;
  };
  const openText = (file: string): number | null => {
    const text = opened(file);
    if (text !== null) texts.push(text);
    return text;
  };
  try {
    const { loadHeaps } = await import("./load-heaps.js");
    // What compares is loaded meanwhile: it is a hundred files, and large snapshots are read by other threads.
    const [heaps, { compareHeaps }] = await Promise.all([
      loadHeaps(files, { aside, openText, ...options }),
      import("./compare-heaps.js"),
    ]);
    return await compareHeaps(heaps, options);
  } finally {
    for (const file of temporary) file.remove();
    for (const text of texts) closeSync(text);
  }
}

/** The second reader of a pipe would wait for ever. @throws SnapshotError */
function refusePipeTwice(files: readonly string[]): void {
  const pipes = files.map(pipeOf).filter((pipe) => pipe !== null);
  const twice = files.find((file) => pipes.filter((pipe) => pipe === pipeOf(file)).length > 1);
  if (twice === undefined) return;
  throw new SnapshotError(
    "unreadable",
    twice,
    `${twice} is a pipe, which can be read only once; give the other snapshot as a file`,
  );
}

/** What tells a pipe from others; null of what is none. */
function pipeOf(file: string): string | null {
  try {
    const stat = statSync(file);
    return stat.isFIFO() ? `${stat.dev} ${stat.ino}` : null;
  } catch {
    return null; // also of standard input, which is given once
  }
}

/** A descriptor of a file; null where it cannot be opened, which whoever reads it has words for. */
function opened(file: string): number | null {
  try {
    return openSync(file, "r");
  } catch {
    return null;
  }
}
