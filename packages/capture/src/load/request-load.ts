import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Load, LoadResult, RequestOptions } from "./load.js";
import { otherProtocol } from "./other-protocol.js";

/** GET requests; each cycle opens its own connections and leaves none, since they would be in the snapshots. */
export function requestLoad(urls: readonly string[], options: RequestOptions): Load {
  const { requests = 100, rate = Infinity, connections = 10, timeout = 30_000 } = options;
  let sent = 0;

  async function run(_cycle: number, signal: AbortSignal): Promise<LoadResult> {
    const agent = new Agent({
      connections,
      pipelining: 1,
      connect: { timeout, rejectUnauthorized: !urls.every(isOwn) },
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
    const started = performance.now();
    let next = 0;
    let failed = 0;
    let first: Trouble | undefined;

    async function sender(): Promise<void> {
      while (next < requests) {
        const wait = (next++ * 1000) / rate - (performance.now() - started);
        if (wait > 0) await sleep(wait, undefined, { signal });
        const url = urls[sent++ % urls.length]!;
        const trouble = await get(url, agent, signal);
        if (trouble === undefined) continue;
        failed++;
        first ??= trouble;
      }
    }

    try {
      await Promise.all(Array.from({ length: Math.min(connections, requests) }, sender));
      // The last one belongs to the cycle until its time is over, as the first of the next would come then.
      const rest = (requests * 1000) / rate - (performance.now() - started);
      if (rest > 0) await sleep(rest, undefined, { signal });
      await agent.close();
    } finally {
      await agent.destroy();
    }
    const spoken =
      failed === requests && first?.unanswered !== undefined ? await otherProtocol(first.unanswered) : undefined;
    return { failed, failure: spoken ?? first?.message };
  }

  return { size: requests, unit: "request", run };
}

/** On this machine: nobody certifies a server under test. */
function isOwn(url: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

interface Trouble {
  readonly message: string;
  /** The address, if nothing came back from it. */
  readonly unanswered?: string;
}

async function get(url: string, dispatcher: Agent, signal: AbortSignal): Promise<Trouble | undefined> {
  try {
    const { statusCode, body } = await request(url, { dispatcher, signal, headers: { "user-agent": "leakdiff" } });
    for await (const _ of body);
    return statusCode < 400 ? undefined : { message: `${url} answers ${statusCode}` };
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === undefined || message.includes(code) ? message : `${message} (${code})`;
    return { message: `${url} does not answer: ${why}`, unanswered: url };
  }
}
