import { setTimeout as sleep } from "node:timers/promises";
import { Agent, buildConnector, type Dispatcher, errors, request } from "undici";
import type { Load, LoadResult, RequestOptions } from "./load.js";
import { noAnswer } from "./no-answer.js";
import { otherProtocol, type Protocol } from "./other-protocol.js";
import { type RequestWords, requestWords } from "./request-words.js";

/** Milliseconds for a server to say what it speaks. */
const PROBE = 5000;

/** Requests; each cycle opens its own connections and leaves none, since they would be in the snapshots. */
export function requestLoad(urls: readonly string[], options: RequestOptions): Load {
  const { requests = 100, rate = Infinity, connections = 10, timeout = 30_000 } = options;
  // More than all that are under way at one time: from then on it is no hiccup.
  const hopeless = Math.max(3, connections + 1);
  const words = requestWords(options);
  const moved = new Moved();
  let protocol: Protocol = "http/1.1";
  let sentence: string | undefined;
  let isProbed = false;
  let sent = 0;

  /** All requests, or the first few if nobody answers those. */
  async function once(signal: AbortSignal): Promise<CycleResult> {
    const agent = agentFor(protocol, { connections, timeout, anyCertificate: urls.every(isOwn) });
    const started = performance.now();
    let next = 0;
    let answered = 0;
    let unanswered = 0;
    let failed = 0;
    let first: Trouble | undefined;
    const isHopeless = () => answered === 0 && unanswered >= hopeless;

    async function sender(): Promise<void> {
      while (next < requests && !isHopeless()) {
        const wait = (next++ * 1000) / rate - (performance.now() - started);
        if (wait > 0) await sleep(wait, undefined, { signal });
        const url = urls[sent++ % urls.length]!;
        const trouble = await ask(url, words, { agent, timeout, signal, moved });
        if (trouble?.unanswered === undefined) answered++;
        else unanswered++;
        if (trouble === undefined) continue;
        failed++;
        first ??= trouble;
      }
    }

    try {
      await Promise.all(Array.from({ length: Math.min(connections, requests) }, sender));
      if (isHopeless()) return { failed: requests, first };
      // The last one belongs to the cycle until its time is over, as the first of the next would come then.
      const rest = (requests * 1000) / rate - (performance.now() - started);
      if (rest > 0) await sleep(rest, undefined, { signal });
      await agent.close();
    } finally {
      await agent.destroy();
    }
    return { failed, first };
  }

  /** A cycle; if nobody answers, once more in the protocol that the server is found to speak. */
  async function send(signal: AbortSignal): Promise<LoadResult> {
    const { failed, first } = await once(signal);
    const unanswered = failed === requests ? first?.unanswered : undefined;
    if (unanswered === undefined)
      return { failed, failure: failureOf(first, failed === requests), notes: moved.take() };
    if (!isProbed) {
      isProbed = true;
      const spoken = await otherProtocol(unanswered, Math.min(timeout, PROBE));
      if (spoken !== undefined && "protocol" in spoken) {
        protocol = spoken.protocol;
        return send(signal);
      }
      sentence = spoken?.sentence;
    }
    return { failed, failure: sentence ?? failureOf(first, true) };
  }

  return { size: requests, run: (_, signal) => send(signal) };
}

interface CycleResult {
  readonly failed: number;
  readonly first: Trouble | undefined;
}

interface AgentOptions {
  readonly connections: number;
  readonly timeout: number;
  readonly anyCertificate: boolean;
}

function agentFor(protocol: Protocol, { connections, timeout, anyCertificate }: AgentOptions): Agent {
  const connect = { timeout, rejectUnauthorized: !anyCertificate };
  // Its types do not know `useH2c` here, which its own H2CClient is made with; that one cannot be one of several.
  const cleartext = { timeout, allowH2: true, useH2c: true } as buildConnector.BuildOptions;
  return new Agent({
    connections,
    pipelining: 1,
    allowH2: protocol !== "http/1.1",
    connect: protocol === "h2c" ? buildConnector(cleartext) : connect,
    headersTimeout: timeout,
    bodyTimeout: 0, // one that only says how long nothing may come: see `drained`
  });
}

/** On this machine: nobody certifies a server under test. */
function isOwn(url: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

interface Trouble {
  readonly message: string;
  /** What to do if it is the same with all; empty where that is plain. */
  readonly advice: string;
  /** The address, if nothing came back from it. */
  readonly unanswered?: string;
}

function failureOf(trouble: Trouble | undefined, isAll: boolean): string | undefined {
  if (trouble === undefined || !isAll || trouble.advice === "") return trouble?.message;
  return `${trouble.message}; ${trouble.advice}`;
}

interface Asking {
  readonly agent: Agent;
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly moved: Moved;
}

async function ask(url: string, words: RequestWords, asking: Asking): Promise<Trouble | undefined> {
  const { agent, timeout, signal, moved } = asking;
  try {
    const { method, headers, body: sent = null } = words;
    const options = { dispatcher: agent, signal, method: method as Dispatcher.HttpMethod, headers, body: sent };
    const { statusCode, headers: answer, body } = await request(url, options);
    await drained(body, timeout);
    if (statusCode >= 400) return { message: `${url} answers ${statusCode}`, advice: ADVICE[statusCode] ?? "" };
    if (method === "GET" && statusCode >= 300 && answer.location !== undefined)
      moved.add(url, statusCode, String(answer.location));
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const { why, advice } = noAnswer(error, timeout);
    return { message: `${url} does not answer: ${why}`, advice, unanswered: url };
  }
}

/** Reads an answer to its end, which one that is a stream of events does not have. */
async function drained(body: Dispatcher.ResponseData["body"], timeout: number): Promise<void> {
  const timer = setTimeout(() => body.destroy(new errors.BodyTimeoutError()), timeout);
  try {
    for await (const _ of body);
  } finally {
    clearTimeout(timer);
  }
}

const LOGIN = 'say who asks with --header, as in --header "Authorization: Bearer ...", or log in with --scenario';
const ADVICE: Readonly<Record<number, string>> = {
  401: LOGIN,
  403: LOGIN,
  404: "check the path",
  405: "--method says how else to ask, and --body with what",
};

/** Addresses that send on to others, where no request goes: then the load may be another than was meant. */
class Moved {
  readonly #told = new Set<string>();
  #notes: string[] = [];

  add(url: string, status: number, to: string): void {
    if (this.#told.has(url)) return;
    this.#told.add(url);
    const there = URL.canParse(to, url) ? new URL(to, url).href : to;
    this.#notes.push(
      `${url} answers ${status} and sends on to ${there}, which is not asked; give that address if it is meant`,
    );
  }

  /** A sentence for each of them, once. */
  take(): readonly string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }
}
