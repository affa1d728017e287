import WebSocket from "ws";
import { Channel, Disconnected } from "./channel.js";

/** A session with a process or a page, over a WebSocket of its own. */
export class Connection extends Channel {
  readonly #socket: WebSocket;
  readonly closed: Promise<void>;

  private constructor(socket: WebSocket, signal: AbortSignal | undefined) {
    super(signal);
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        this.dropAll();
        resolve();
      });
    });
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) => this.take(String(data)));
    this.heedSignal();
  }

  /**
   * Connects to `url`, which starts with `ws:`.
   * @throws Disconnected if nobody answers there within `timeout` milliseconds, or if what answers is no inspector
   */
  static open(url: string, timeout = 10_000, signal?: AbortSignal): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, {
        perMessageDeflate: false,
        skipUTF8Validation: true,
        handshakeTimeout: timeout,
      });
      const giveUp = () => socket.terminate();
      signal?.addEventListener("abort", giveUp, { once: true });
      if (signal?.aborted) giveUp();
      socket.once("error", (error) => {
        signal?.removeEventListener("abort", giveUp);
        reject(signal?.aborted ? signal.reason : new Disconnected(`no inspector answers at ${url}: ${error.message}`));
      });
      socket.once("open", () => {
        signal?.removeEventListener("abort", giveUp);
        resolve(new Connection(socket, signal));
      });
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

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

  protected transmit(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(text, (error) => (error ? reject(error) : resolve()));
    });
  }
}
