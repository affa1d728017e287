import { join } from "node:path";
import { CaptureError } from "../capture-error.js";
import { isWhole, type Plan } from "../capture-options.js";
import type { Target } from "../program/find-target.js";
import { commandLoad } from "./command-load.js";
import type { Load, Scenario } from "./load.js";
import { requestLoad } from "./request-load.js";
import { loadScenario, scenarioLoad } from "./scenario-load.js";

/** The function that a plan puts load on its program with, if it is one; of a file, what that exports. @throws CaptureError */
export async function scenarioOf({ load }: Plan): Promise<Scenario | undefined> {
  if (!("scenario" in load)) return undefined;
  return typeof load.scenario === "string" ? loadScenario(load.scenario) : load.scenario;
}

/** What puts work on a program that is ready. @throws CaptureError */
export function loadOf({ load, out, cwd }: Plan, scenario: Scenario | undefined, { origin, ports }: Target): Load {
  if ("urls" in load) {
    const urls = load.urls.map((url) => {
      if (isWhole(url)) return url;
      if (origin !== undefined) return new URL(url, origin).href;
      throw new CaptureError(
        "bad-option",
        `the program listens on ports ${ports.join(" and ")}, so it is not clear where ${url} is; give the whole address`,
      );
    });
    return requestLoad(urls, load);
  }
  if ("command" in load) return commandLoad(load.command, origin, join(out, "load.log"), cwd);
  return scenarioLoad(scenario!, origin);
}

/**
 * The same run with so little load that the program lives: seven tenths of what it died of.
 * Undefined if that would be none.
 * @param survived cycles
 */
export function lighter(plan: Plan, survived: number): Plan | undefined {
  const intervals = plan.snapshots - 1;
  if ("urls" in plan.load) {
    const size = plan.load.requests ?? 100;
    const bearable = 0.7 * Math.max(survived, 0.5) * size;
    const warmup = Math.min(plan.warmup, 1);
    const cycles = Math.max(1, Math.min(plan.cycles, Math.floor((bearable - warmup) / intervals)));
    const requests = Math.floor(bearable / (warmup + cycles * intervals));
    return requests < 1
      ? undefined
      : { ...plan, warmup, cycles, load: { ...plan.load, requests: Math.min(size, requests) } };
  }
  const bearable = Math.floor(0.7 * survived);
  if (bearable < intervals) return undefined;
  const cycles = Math.min(plan.cycles, Math.floor(bearable / intervals));
  return { ...plan, warmup: Math.min(plan.warmup, bearable - cycles * intervals), cycles };
}
