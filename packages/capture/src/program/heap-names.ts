import { basename } from "node:path";
import type { WorkerThread } from "../inspector/worker-threads.js";
import type { Announcement } from "./start-program.js";

/** How one of several processes or worker threads is told apart from the others, by people and in options. */
export interface HeapName {
  /** As in "worker thread 3 (render.js)". */
  readonly text: string;
  /** What an option may say to mean it; those of a pool or a cluster have the same. */
  readonly word: string;
}

/** @param all the processes of the program */
export function processName({ pid, words: [file] }: Announcement, all: readonly Announcement[]): HeapName {
  const script = file === undefined ? "node" : basename(file);
  const children = all.filter(({ parent }) => parent === pid).length;
  const role = children === 0 ? "" : `, parent of ${children}`;
  return { text: `process ${pid} (${script}${role})`, word: children === 0 ? script : "parent" };
}

/** The name that the program gave a thread, else that of its file. */
export function threadName({ id, name, file }: WorkerThread): HeapName {
  const script = file.startsWith("data:") ? "data:" : basename(file.replace(/[?#].*$/, ""));
  const word = name === "" ? script : name;
  return { text: `worker thread ${id} (${word})`, word };
}

/** True if a user may have meant this process: its pid, a part of its words, or "parent" for one that started others. */
export function isProcess(asked: string, each: Announcement, all: readonly Announcement[]): boolean {
  if (/^\d+$/.test(asked)) return each.pid === Number(asked);
  const { text } = processName(each, all);
  return `${text} ${each.words.join(" ")}`.toLowerCase().includes(asked.toLowerCase());
}

/** True if a user may have meant this thread: its number, or a part of its name or file. */
export function isThread(asked: string, { id, name, file }: WorkerThread): boolean {
  if (/^\d+$/.test(asked)) return id === Number(asked);
  return `${name} ${file}`.toLowerCase().includes(asked.toLowerCase());
}
