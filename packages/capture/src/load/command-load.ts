import { once } from "node:events";
import { CaptureError } from "../capture-error.js";
import { endGroup, spawnGroup } from "../program/process-group.js";
import { ProgramOutput } from "../program/program-output.js";
import type { Load, LoadResult } from "./load.js";

/** A shell command, run once a cycle; it finds LEAKDIFF_URL and LEAKDIFF_CYCLE in its environment. */
export function commandLoad(command: string, url: string | undefined, log: string, cwd: string | undefined): Load {
  async function run(cycle: number, signal: AbortSignal): Promise<LoadResult> {
    signal.throwIfAborted();
    const output = new ProgramOutput(log);
    const child = spawnGroup(command, [], {
      shell: true,
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LEAKDIFF_CYCLE: String(cycle), ...(url !== undefined && { LEAKDIFF_URL: url }) },
    });
    output.drain(child.stdout!);
    output.drain(child.stderr!);
    const abort = () => void endGroup(child);
    signal.addEventListener("abort", abort, { once: true });
    try {
      const [code, killed] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
      signal.throwIfAborted();
      if (code !== 0) {
        const how = code === null ? `was ended by ${killed}` : `failed with exit code ${code}`;
        const { lastLines } = output;
        const more = lastLines.length === 0 ? {} : ({ output: lastLines, printedBy: "load" } as const);
        throw new CaptureError("load-failed", `the load \`${command}\` ${how}`, more);
      }
    } finally {
      signal.removeEventListener("abort", abort);
      await endGroup(child);
      await output.end();
    }
    return { failed: 0, failure: undefined };
  }

  return { size: 1, run };
}
