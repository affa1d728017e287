import { open, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Heap } from "./program/choose-heap.js";

const NAME = "near-heap-limit.heapsnapshot";

export interface NearLimitFile {
  readonly path: string;
  /** V8 may give up while it writes. */
  readonly isWhole: boolean;
  /** When V8 came to its end, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Gives the snapshot that V8 wrote of this heap when it was nearly full a name that says so; undefined if there is none.
 * Those of other processes and threads stay as they are.
 */
export async function nearLimitFile(
  folder: string,
  { facts }: Pick<Heap, "facts">,
): Promise<NearLimitFile | undefined> {
  // V8 puts date, time, pid, thread and a number into the name.
  const mine = new RegExp(`^Heap\\.\\d+\\.\\d+\\.${facts.pid}\\.${facts.thread}\\.\\d+\\.heapsnapshot$`);
  const [last] = (await readdir(folder))
    .filter((name) => mine.test(name))
    .sort()
    .slice(-1);
  if (last === undefined) return undefined;
  const path = join(folder, NAME);
  await rename(join(folder, last), path);
  return { path, ...(await endOf(path)) };
}

/** It is whole if it ends as V8 ends a snapshot, with its last string. */
async function endOf(path: string): Promise<Pick<NearLimitFile, "isWhole" | "at">> {
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const { buffer, bytesRead } = await file.read({ position: Math.max(0, size - 16), length: Math.min(16, size) });
    return { isWhole: /"\s*\]\s*\}\s*$/.test(buffer.toString("latin1", 0, bytesRead)), at: mtimeMs };
  } finally {
    await file.close();
  }
}
