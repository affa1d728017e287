import { CaptureError } from "../capture-error.js";

/** Something an inspector can look into, as its HTTP side lists it. */
export interface DebugTarget {
  /** `node`, `page`, `worker` ... */
  readonly type: string;
  readonly title: string;
  readonly url: string;
  readonly webSocketDebuggerUrl?: string;
}

/** What the inspector at a host and port offers; undefined if there is none. */
export async function debugTargets(place: string, timeout = 3000): Promise<readonly DebugTarget[] | undefined> {
  try {
    const response = await fetch(`http://${place}/json/list`, { signal: AbortSignal.timeout(timeout) });
    const targets: unknown = await response.json();
    // Any server may be asked, such as the program's own: its lists are of something else.
    return Array.isArray(targets) && targets.every(isTarget) ? targets : undefined;
  } catch {
    return undefined;
  }
}

function isTarget(value: unknown): value is DebugTarget {
  if (typeof value !== "object" || value === null) return false;
  const { type, title, url, webSocketDebuggerUrl = "" } = value as Partial<Record<keyof DebugTarget, unknown>>;
  return [type, title, url, webSocketDebuggerUrl].every((word) => typeof word === "string");
}

const MOST_LISTED = 10;

/**
 * The one that was meant: the only one, or the one whose title or address contains `page`.
 * @throws CaptureError that lists what there is
 */
export function chooseTarget(targets: readonly DebugTarget[], page: string | undefined): DebugTarget {
  const open = targets.filter(({ webSocketDebuggerUrl }) => webSocketDebuggerUrl !== undefined);
  if (open.length === 0) throw new CaptureError("not-found", "no tab or process is open there that could be looked at");
  const main = open.filter(({ type }) => type === "page" || type === "node" || type === "deno");
  const likely = page === undefined && main.length > 0 ? main : open;
  const found = likely.filter(({ title, url }) => page === undefined || title.includes(page) || url.includes(page));
  if (found.length === 1) return found[0]!;
  const listed = (found.length > 0 ? found : open).slice(0, MOST_LISTED);
  const list = listed.map(({ type, title, url }) => `\n  ${type}: ${title} (${url})`).join("");
  const what = found.length > 0 ? `there are ${found.length} targets to choose from` : "there is no such target";
  throw new CaptureError("not-found", `${what}; name one by a part of its title or address, with --page:${list}`);
}
