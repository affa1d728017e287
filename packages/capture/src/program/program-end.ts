import type { Program, ProgramEnd } from "./start-program.js";

/** Why there is nothing more to look at, as far as a sentence that goes on with "after 30 requests". */
export interface Ending {
  readonly ended: "exited" | "out-of-memory";
  readonly reason: string;
  /** What is said behind that. */
  readonly more: string;
  /** The system ended it for what it did, as it does when V8 gives up. */
  readonly crashed: boolean;
}

/** Signals that end what is not at its end. */
const FROM_OTHERS: ReadonlySet<string> = new Set(["SIGHUP", "SIGINT", "SIGKILL", "SIGQUIT", "SIGTERM"]);

/** What a shell makes of a signal for a wrong instruction, a trap, an abort, or a wrong address. */
const CRASH_CODES: ReadonlySet<number> = new Set([132, 133, 134, 135, 136, 139]);

/** How the first process of a program ended; `pid` is that of the process that is looked at, once there is one. */
export function endingOf(end: ProgramEnd, program: Program, pid: number | undefined): Ending {
  const isOwnEnd = end.code !== 0 && !FROM_OTHERS.has(end.signal ?? "");
  const { fullHeap, fullHeapOf } = program.output;
  // A shell or a supervisor around it may end well all the same.
  if (fullHeap && (isOwnEnd || (pid !== undefined && fullHeapOf === pid))) return outOfMemory("the program");
  return { ended: "exited", reason: how(end), more: leftBehind(end, program), crashed: hasCrashed(end) };
}

function hasCrashed({ code, signal }: ProgramEnd): boolean {
  return signal === null ? CRASH_CODES.has(code ?? 0) : !FROM_OTHERS.has(signal);
}

/** How a part of a program ended that goes on without it. */
export function endingOfPart(name: string, program: Program): Ending {
  if (program.output.fullHeap) return outOfMemory(name);
  return { ended: "exited", reason: `${name} ended`, more: ", and the program went on without it", crashed: false };
}

function outOfMemory(who: string): Ending {
  return { ended: "out-of-memory", reason: `${who} ran out of heap memory and died`, more: "", crashed: true };
}

function how({ code, signal }: ProgramEnd): string {
  if (signal === "SIGKILL" || code === 137) {
    return "the program was killed (SIGKILL), as happens when a machine or its container is out of memory,";
  }
  return signal === null ? `the program exited with code ${code}` : `the program was ended by ${signal}`;
}

/** Of a program that only started another, that one is what was meant. */
function leftBehind({ code }: ProgramEnd, program: Program): string {
  const left = code === 0 ? program.left() : [];
  if (left.length === 0) return "";
  const which = `${left.length === 1 ? "process" : "processes"} ${left.join(", ")}`;
  return `, and left ${which} behind in the background; run that in the foreground instead`;
}
