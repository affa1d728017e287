/** The other side said no to a command. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** The connection is gone, or was never there. */
export class Disconnected extends Error {
  override readonly name = "Disconnected";
}

const OVER = "the inspector's session has ended";

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string } | null;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(reason: unknown): void;
}

/**
 * A session of the Chrome DevTools Protocol, whatever carries its messages. V8 forgets the ids of all objects when it
 * ends, so snapshots that are to be compared are taken through one and the same.
 */
export abstract class Channel {
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(params: never) => void>>();
  #lastId = 0;
  /** Once it is aborted nobody waits for an answer any more; the session goes on until it is closed. */
  readonly signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.signal = signal;
  }

  /** For whoever makes a channel, when it has a session: heeds `signal` until that is over. */
  protected heedSignal(): void {
    const { signal } = this;
    if (signal === undefined) return;
    const giveUp = () => this.#rejectAll(signal.reason);
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    void this.closed.then(() => signal.removeEventListener("abort", giveUp));
  }

  /** Resolves when there is no session any more, whoever ended it. */
  abstract readonly closed: Promise<void>;
  abstract get isOpen(): boolean;
  /** Reads nothing more until `resume`: the other side has to wait. */
  abstract pause(): void;
  abstract resume(): void;
  /** Ends the session. */
  abstract close(): Promise<void>;
  protected abstract transmit(text: string): Promise<void>;

  /** @throws ProtocolError, Disconnected if the session ends before there is an answer, or the signal's reason */
  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    if (this.signal?.aborted) return Promise.reject(this.signal.reason);
    if (!this.isOpen) return Promise.reject(new Disconnected(OVER));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.transmit(JSON.stringify({ id, method, params })).catch((error: Error) => {
        if (this.#waiting.delete(id)) reject(new Disconnected(error.message));
      });
    });
  }

  /** Tells the other side something whose answer nobody waits for, also when the signal is aborted. */
  async tell(method: string, params: object): Promise<void> {
    if (this.isOpen) await this.transmit(JSON.stringify({ id: ++this.#lastId, method, params })).catch(() => {});
  }

  /** Calls `listener` at each event of that name; returns what ends it. */
  on<Params>(event: string, listener: (params: Params) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Takes a message of the other side. */
  protected take(text: string): void {
    const answer = answerIn(text);
    if (answer.id === undefined) {
      for (const listener of this.#listeners.get(answer.method!) ?? []) listener((answer.params ?? {}) as never);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error) waiting?.reject(new ProtocolError(answer.error.message));
    else waiting?.resolve(answer.result ?? {});
  }

  /** The session is over: nobody is answered any more. */
  protected dropAll(): void {
    this.#rejectAll(new Disconnected(OVER));
  }

  #rejectAll(reason: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}

/** What a message says; nothing where it is none of the protocol's, as from a server that is no inspector. */
function answerIn(text: string): Answer {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null ? answer : {};
  } catch {
    return {};
  }
}
