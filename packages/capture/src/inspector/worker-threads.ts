import { Channel, ProtocolError } from "./channel.js";
import { HeapSession } from "./heap-session.js";

/** A worker thread of a Node process, or a dedicated worker of a page. */
export interface WorkerThread {
  /** What `worker.threadId` is in the program; a page's are numbered as they are told of. */
  readonly id: number;
  /** What it is called, where the program says so, and the file it runs. */
  readonly name: string;
  readonly file: string;
}

interface AttachedToWorker {
  readonly sessionId: string;
  readonly workerInfo?: { readonly workerId: string; readonly title: string; readonly url: string };
  readonly targetInfo?: { readonly type: string; readonly title: string; readonly url: string };
}

/** How Node and browsers each say the same. */
interface Dialect {
  readonly attached: string;
  readonly received: string;
  readonly detached: string;
  readonly transmit: string;
  readonly detach: string;
  readonly enable: readonly [string, object];
  readonly disable: readonly [string, object];
}

const NODES: Dialect = {
  attached: "NodeWorker.attachedToWorker",
  received: "NodeWorker.receivedMessageFromWorker",
  detached: "NodeWorker.detachedFromWorker",
  transmit: "NodeWorker.sendMessageToWorker",
  detach: "NodeWorker.detach",
  enable: ["NodeWorker.enable", { waitForDebuggerOnStart: false }],
  disable: ["NodeWorker.disable", {}],
};

const BROWSERS: Dialect = {
  attached: "Target.attachedToTarget",
  received: "Target.receivedMessageFromTarget",
  detached: "Target.detachedFromTarget",
  transmit: "Target.sendMessageToTarget",
  detach: "Target.detachFromTarget",
  enable: ["Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false }],
  disable: ["Target.setAutoAttach", { autoAttach: false, waitForDebuggerOnStart: false, flatten: false }],
};

/** Sessions with the worker threads of a Node process or a page, all of them within the session with that. */
export class WorkerThreads {
  readonly #process: Channel;
  readonly #dialect: Dialect;
  readonly #sessions = new Map<string, WorkerSession>();
  readonly #listening: readonly (() => void)[];

  private constructor(process: Channel, dialect: Dialect) {
    this.#process = process;
    this.#dialect = dialect;
    this.#listening = [
      process.on<AttachedToWorker>(dialect.attached, (attached) => {
        const thread = threadOf(attached, this.#sessions.size + 1);
        if (thread === undefined) return;
        this.#sessions.set(attached.sessionId, new WorkerSession(process, dialect, attached.sessionId, thread));
      }),
      process.on<{ sessionId: string; message: string }>(dialect.received, (received) => {
        this.#sessions.get(received.sessionId)?.receive(received.message);
      }),
      process.on<{ sessionId: string }>(dialect.detached, ({ sessionId }) => {
        this.#sessions.get(sessionId)?.end();
        this.#sessions.delete(sessionId);
      }),
    ];
    void process.closed.then(() => this.#endAll());
  }

  /**
   * Opens a session with each worker thread that there is, or that will be, until `close`. Undefined if the other side has
   * none, since it is neither Node nor a page.
   */
  static async of(process: Channel): Promise<WorkerThreads | undefined> {
    for (const dialect of [NODES, BROWSERS]) {
      const threads = new WorkerThreads(process, dialect);
      try {
        // Of those that are there it tells before it answers.
        await process.send(...dialect.enable);
        return threads;
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        threads.#endAll();
      }
    }
    return undefined;
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
    if (this.#process.isOpen) await this.#process.send(...this.#dialect.disable).catch(() => {});
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
  readonly #dialect: Dialect;
  readonly #sessionId: string;
  #over: (() => void) | undefined;

  constructor(process: Channel, dialect: Dialect, sessionId: string, thread: WorkerThread) {
    super(process.signal);
    this.#process = process;
    this.#dialect = dialect;
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
      await this.#process.send(this.#dialect.detach, { sessionId: this.#sessionId }).catch(() => {});
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
    await this.#process.send(this.#dialect.transmit, { sessionId: this.#sessionId, message });
  }
}

/** What Node calls a thread that the program gave no name. */
const UNNAMED = "WorkerThread";

/**
 * Node numbers the sessions, too; the thread's own number is in its title, as in "[worker 3] renderer" or "Worker 3". A
 * page tells of its frames and service workers as well, which are targets of their own.
 */
function threadOf({ workerInfo, targetInfo }: AttachedToWorker, number: number): WorkerThread | undefined {
  if (workerInfo === undefined) {
    if (targetInfo?.type !== "worker") return undefined;
    return { id: number, name: targetInfo.title === targetInfo.url ? "" : targetInfo.title, file: targetInfo.url };
  }
  const { workerId, title, url } = workerInfo;
  const [, id, name = ""] = /^\[?worker (\d+)\]?\s*(.*)$/i.exec(title) ?? [];
  return { id: Number(id ?? workerId), name: name === UNNAMED ? "" : name, file: url };
}
