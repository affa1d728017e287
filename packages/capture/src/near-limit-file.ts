import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Heap } from "./program/choose-heap.js";

const NAME = "near-heap-limit.heapsnapshot";

/**
 * Gives the snapshot that V8 wrote of this heap when it was nearly full a name that says so, and returns its path;
 * undefined if there is none. Those of other processes and threads stay as they are.
 */
export async function nearLimitFile(folder: string, { facts }: Heap): Promise<string | undefined> {
  // V8 puts date, time, pid, thread and a number into the name.
  const mine = new RegExp(`^Heap\\.\\d+\\.\\d+\\.${facts.pid}\\.${facts.thread}\\.\\d+\\.heapsnapshot$`);
  const [last] = (await readdir(folder))
    .filter((name) => mine.test(name))
    .sort()
    .slice(-1);
  if (last === undefined) return undefined;
  const file = join(folder, NAME);
  await rename(join(folder, last), file);
  return file;
}
