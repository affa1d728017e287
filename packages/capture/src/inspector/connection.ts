import WebSocket from "ws";

/** The other side said no to a command. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** The connection is gone, or was never there. */
export class Disconnected extends Error {
  override readonly name = "Disconnected";
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * A session of the Chrome DevTools Protocol. V8 forgets the ids of all objects when it ends, so snapshots that are to be
 * compared are taken through one and the same.
 */
export class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(params: never) => void>>();
  #lastId = 0;
  /** Resolves when there is no connection any more, whoever ended it. */
  readonly closed: Promise<void>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        for (const { reject } of this.#waiting.values()) reject(new Disconnected("the inspector's session has ended"));
        this.#waiting.clear();
        resolve();
      });
    });
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) => this.#take(JSON.parse(String(data)) as Answer));
  }

  /**
   * Connects to `url`, which starts with `ws:`.
   * @throws Disconnected if nobody answers there within `timeout` milliseconds, or if what answers is no inspector
   */
  static open(url: string, timeout = 10_000): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, {
        perMessageDeflate: false,
        skipUTF8Validation: true,
        handshakeTimeout: timeout,
      });
      socket.once("error", (error) => reject(new Disconnected(`no inspector answers at ${url}: ${error.message}`)));
      socket.once("open", () => resolve(new Connection(socket)));
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** @throws ProtocolError, or Disconnected if the session ends before there is an answer */
  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    if (!this.isOpen) return Promise.reject(new Disconnected("the inspector's session has ended"));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#socket.send(JSON.stringify({ id, method, params }), (error) => {
        if (!error || !this.#waiting.delete(id)) return;
        reject(new Disconnected(error.message));
      });
    });
  }

  /** Calls `listener` at each event of that name; returns what ends it. */
  on<Params>(event: string, listener: (params: Params) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Reads nothing more until `resume`: the other side has to wait. */
  pause(): void {
    if (this.isOpen) this.#socket.pause();
  }

  resume(): void {
    if (this.isOpen) this.#socket.resume();
  }

  /** Ends the session; one that does not end by itself is cut. */
  async close(): Promise<void> {
    this.resume();
    this.#socket.close();
    const cut = setTimeout(() => this.#socket.terminate(), 1000);
    await this.closed;
    clearTimeout(cut);
  }

  #take(answer: Answer): void {
    if (answer.id === undefined) {
      for (const listener of this.#listeners.get(answer.method!) ?? []) listener((answer.params ?? {}) as never);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer.result ?? {});
    else waiting?.reject(new ProtocolError(answer.error.message));
  }
}
