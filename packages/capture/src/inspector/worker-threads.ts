import { Channel, ProtocolError } from "./channel.js";
import { HeapSession } from "./heap-session.js";

/** A worker thread of a Node process. */
export interface WorkerThread {
  /** What `worker.threadId` is in the program. */
  readonly id: number;
  /** What it is called, where the program says so, and the file it runs. */
  readonly name: string;
  readonly file: string;
}

interface AttachedToWorker {
  readonly sessionId: string;
  readonly workerInfo: { readonly workerId: string; readonly title: string; readonly url: string };
}

/** Sessions with the worker threads of a Node process, all of them within the session with the process. */
export class WorkerThreads {
  readonly #process: Channel;
  readonly #sessions = new Map<string, WorkerSession>();
  readonly #listening: readonly (() => void)[];

  private constructor(process: Channel) {
    this.#process = process;
    this.#listening = [
      process.on<AttachedToWorker>("NodeWorker.attachedToWorker", ({ sessionId, workerInfo }) => {
        this.#sessions.set(sessionId, new WorkerSession(process, sessionId, threadOf(workerInfo)));
      }),
      process.on<{ sessionId: string; message: string }>("NodeWorker.receivedMessageFromWorker", (received) => {
        this.#sessions.get(received.sessionId)?.receive(received.message);
      }),
      process.on<{ sessionId: string }>("NodeWorker.detachedFromWorker", ({ sessionId }) => {
        this.#sessions.get(sessionId)?.end();
        this.#sessions.delete(sessionId);
      }),
    ];
    void process.closed.then(() => this.#endAll());
  }

  /**
   * Opens a session with each worker thread that there is, or that will be, until `close`. Undefined if the other side has
   * none, since it is not Node.
   */
  static async of(process: Channel): Promise<WorkerThreads | undefined> {
    const threads = new WorkerThreads(process);
    try {
      // Of those that are there it tells before it answers.
      await process.send("NodeWorker.enable", { waitForDebuggerOnStart: false });
      return threads;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      threads.#endAll();
      return undefined;
    }
  }

  /** In the order of their ids. */
  get all(): readonly WorkerThread[] {
    return [...this.#sessions.values()].map(({ thread }) => thread).sort((a, b) => a.id - b.id);
  }

  /** The session with one of `all`; undefined if it has ended since. */
  session(thread: WorkerThread): HeapSession | undefined {
    const session = [...this.#sessions.values()].find((each) => each.thread === thread);
    return session && HeapSession.over(session);
  }

  /** Ends the sessions. */
  async close(): Promise<void> {
    if (this.#process.isOpen) await this.#process.send("NodeWorker.disable").catch(() => {});
    this.#endAll();
  }

  #endAll(): void {
    for (const stop of this.#listening) stop();
    for (const session of this.#sessions.values()) session.end();
    this.#sessions.clear();
  }
}

/** Messages to and from one worker thread, each of them inside one of the process. */
class WorkerSession extends Channel {
  readonly thread: WorkerThread;
  readonly closed: Promise<void>;
  readonly #process: Channel;
  readonly #sessionId: string;
  #over: (() => void) | undefined;

  constructor(process: Channel, sessionId: string, thread: WorkerThread) {
    super(process.signal);
    this.#process = process;
    this.#sessionId = sessionId;
    this.thread = thread;
    this.closed = new Promise((resolve) => (this.#over = resolve));
    this.heedSignal();
  }

  get isOpen(): boolean {
    return this.#over !== undefined && this.#process.isOpen;
  }

  pause(): void {
    this.#process.pause();
  }

  resume(): void {
    this.#process.resume();
  }

  async close(): Promise<void> {
    if (this.isOpen) {
      await this.#process.send("NodeWorker.detach", { sessionId: this.#sessionId }).catch(() => {});
    }
    this.end();
  }

  receive(message: string): void {
    this.take(message);
  }

  end(): void {
    this.dropAll();
    this.#over?.();
    this.#over = undefined;
  }

  protected async transmit(message: string): Promise<void> {
    await this.#process.send("NodeWorker.sendMessageToWorker", { sessionId: this.#sessionId, message });
  }
}

/** What Node calls a thread that the program gave no name. */
const UNNAMED = "WorkerThread";

/** Node numbers the sessions, too; the thread's own number is in its title, as in "[worker 3] renderer" or "Worker 3". */
function threadOf({ workerId, title, url }: AttachedToWorker["workerInfo"]): WorkerThread {
  const [, id, name = ""] = /^\[?worker (\d+)\]?\s*(.*)$/i.exec(title) ?? [];
  return { id: Number(id ?? workerId), name: name === UNNAMED ? "" : name, file: url };
}
