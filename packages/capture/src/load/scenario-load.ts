import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CaptureError } from "../capture-error.js";
import type { Load, LoadResult, Scenario } from "./load.js";

/** Reads the default export of a module, or its export `scenario`. */
export async function loadScenario(file: string): Promise<Scenario> {
  const path = resolve(file);
  let found: { default?: unknown; scenario?: unknown };
  try {
    found = (await import(pathToFileURL(path).href)) as typeof found;
  } catch (error) {
    throw new CaptureError("load-failed", `the scenario ${file} cannot be loaded: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const scenario = found.default ?? found.scenario;
  if (typeof scenario === "function") return scenario as Scenario;
  throw new CaptureError(
    "load-failed",
    `the scenario ${file} exports no function: export default async ({ url }) => …`,
  );
}

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

  return { size: 1, unit: "run", run };
}
