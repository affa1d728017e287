import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CaptureError } from "../capture-error.js";
import type { Load, LoadResult, Scenario } from "./load.js";

/** Reads the default export of a module, or its export `scenario`. @throws CaptureError */
export async function loadScenario(file: string): Promise<Scenario> {
  const path = resolve(file);
  const failed = (why: string, cause?: unknown) =>
    new CaptureError("load-failed", `the scenario ${file} ${why}`, { cause });
  if (!existsSync(path)) throw failed("is not there; check the name");
  let found: Exports;
  try {
    found = (await import(pathToFileURL(path).href)) as Exports;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION") throw failed(unreadable(path), error);
    throw failed(`cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  // Of CommonJS the default is all that it exports, and so it is of what was compiled to that.
  const { default: whole } = found;
  const candidates = [whole, found.scenario, (whole as Exports)?.scenario, (whole as Exports)?.default];
  const scenario = candidates.find((each) => typeof each === "function");
  if (scenario !== undefined) return scenario as Scenario;
  throw failed("exports no function: export default async ({ url }) => …");
}

interface Exports {
  readonly default?: unknown;
  readonly scenario?: unknown;
}

function unreadable(path: string): string {
  if (!/\.[cm]?tsx?$/.test(path)) return "is no module; its name should end in .mjs, .js or .cjs";
  return `is TypeScript, which Node ${process.versions.node} does not run; run leakdiff by Node 22.18 or newer, or compile it`;
}

/** A function of the user's, called once a cycle; what it throws ends the run. */
export function scenarioLoad(scenario: Scenario, url: string | undefined): Load {
  async function run(cycle: number, signal: AbortSignal): Promise<LoadResult> {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
    aborted.catch(() => {});
    try {
      await Promise.race([Promise.resolve().then(() => scenario({ url, cycle, signal })), aborted]);
    } catch (error) {
      signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      throw new CaptureError("load-failed", `the scenario failed in cycle ${cycle}: ${message}`, { cause: error });
    }
    return { failed: 0, failure: undefined };
  }

  return { size: 1, run };
}
