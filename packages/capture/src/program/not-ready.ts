import { basename } from "node:path";
import { CaptureError } from "../capture-error.js";
import type { Candidate } from "./choose-server.js";
import type { FindOptions } from "./find-options.js";
import { isAlive } from "./process-group.js";
import type { Program } from "./start-program.js";

/** From so many on it is no build step any more. */
const OFTEN = 3;

/** What is said of a program that was not ready in time: what it did instead, and what to do about it. */
export function notReady(
  all: readonly Candidate[],
  { url, path, readyText, timeout }: FindOptions,
  said: boolean,
  program: Program,
): CaptureError {
  const within = `within ${timeout / 1000} s`;
  const failed = (message: string) => new CaptureError("not-ready", message, { output: program.output.lastLines });
  const crashing = endedOften(program);
  if (all.length === 0 && crashing === undefined) {
    const why = `no Node process with an inspector was started ${within}; is it a Node program?`;
    return new CaptureError("no-inspector", `${why} Deno needs --allow-all`, { output: program.output.lastLines });
  }
  const again = crashing === undefined ? "" : `; ${crashing}`;
  if (readyText !== undefined && !said) return failed(`the program did not print "${readyText}" ${within}${again}`);
  const ports = [...new Set(all.flatMap(({ told }) => told.map(({ port }) => port)))];
  const [socket] = all.flatMap(({ sockets }) => sockets);
  if (url !== undefined) {
    const place = ports.length > 0 ? `port ${ports.join(" and ")}` : socket && `the socket ${socket}`;
    return failed(`nothing answered at ${url.origin} ${within}${again || (place ? `; it listens on ${place}` : "")}`);
  }
  if (again === "" && ports.length === 0 && socket !== undefined) {
    return failed(
      `the program listens on the socket ${socket}, and on no port that could be asked; have it listen on a port, ` +
        "or put load on it with --exec and say with --ready what it prints",
    );
  }
  const silent = `the program did not listen on any port ${within}`;
  if (again !== "") return failed(`${silent}${again}`);
  if (path !== undefined && readyText !== undefined) {
    return failed(`${silent}, so it is not clear where ${path} is; if it does listen, give the whole address`);
  }
  return failed(
    `${silent}; if it does, give the whole address with --url, and if it never will, say with --ready what it prints, ` +
      'or "" for nothing',
  );
}

/** Of a script that something starts over and over, because it ends each time. */
function endedOften(program: Program): string | undefined {
  const times = new Map<string | undefined, number>();
  for (const { pid, words } of program.announcements())
    if (!isAlive(pid)) times.set(words[0], (times.get(words[0]) ?? 0) + 1);
  const [file, most] = [...times].reduce((best, each) => (each[1] > best[1] ? each : best), [undefined, 0]);
  return most < OFTEN
    ? undefined
    : `${file === undefined ? "a Node process" : basename(file)} was started over and over, and ended ${most} times`;
}
