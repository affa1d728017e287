import { setMaxListeners } from "node:events";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Capture } from "./capture.js";
import { CaptureError } from "./capture-error.js";
import { knownUrl, type Plan, unknownPath } from "./capture-options.js";
import { Disconnected } from "./inspector/channel.js";
import { FailedRequests } from "./load/failed-requests.js";
import type { Load } from "./load/load.js";
import { loadOf, scenarioOf } from "./load/load-of-plan.js";
import { type NearLimitFile, nearLimitFile } from "./near-limit-file.js";
import { chooseHeap, type Heap } from "./program/choose-heap.js";
import { findTarget, refuseTaken, type Target } from "./program/find-target.js";
import { OtherHeaps } from "./program/other-heaps.js";
import { placeOf } from "./program/ports.js";
import { Recording } from "./recording.js";
import { sizeWords } from "./size-words.js";
import { type Ending, endingOf, endingOfPart } from "./program/program-end.js";
import { type Program, quoted, startProgram } from "./program/start-program.js";

/** For a process whose inspector went away, or that answers nothing any more, to be seen ending. */
const LAST_MOMENTS = 5000;
/** For a process or worker thread that is asked for to start: before there is any work, and when all of it was there. */
const EARLY = 1000;
const LATE = 5000;
/** Share of its limit that a heap has in use from which V8 may begin a snapshot of its own at any moment. */
const NEARLY_FULL = 0.95;

/** One life of the program. */
export class Attempt {
  readonly plan: Plan;
  /** What V8 wrote when the heap was nearly full. */
  nearLimit: string | undefined;
  #program: Program | undefined;
  #heap: Heap | undefined;
  #recording: Recording | undefined;
  #loads: number[] = [];
  #notes: string[] = [];
  readonly #failures = new FailedRequests();
  #done = 0;
  #over: Ending | undefined;
  /** Aborted by the user, or when the program ends. */
  readonly #life = new AbortController();

  constructor(plan: Plan) {
    this.plan = plan;
    // Each request that is under way listens.
    setMaxListeners(0, this.#life.signal);
  }

  get output(): readonly string[] {
    return this.#program?.output.lastLines ?? [];
  }

  /** Cycles that were survived. */
  get cycles(): number {
    return this.#recording?.samples.at(-1)?.cycle ?? 0;
  }

  async run(): Promise<Capture> {
    const { plan } = this;
    const stop = () => this.#life.abort(plan.signal!.reason);
    plan.signal?.addEventListener("abort", stop, { once: true });
    if (plan.signal?.aborted) stop();
    let target: Target | undefined;
    try {
      const scenario = await scenarioOf(plan);
      const url = knownUrl(plan);
      if (url !== undefined) await refuseTaken(placeOf(url));
      this.#program = await this.#start();
      target = await this.#ready(url);
      const load = loadOf(plan, scenario, target);
      await this.#work(target, load);
      this.#addNearLimit(await this.#nearLimitFile(), false);
      return this.#capture("complete", undefined);
    } catch (error) {
      await this.#lastMoments(error);
      if (!plan.signal?.aborted && this.#over === undefined) throw this.#withOutput(error);
      return await this.#cutShort(plan.signal?.aborted ? undefined : this.#over);
    } finally {
      plan.signal?.removeEventListener("abort", stop);
      await this.#heap?.process.close();
      await target?.heap.session.close();
      await this.#program?.stop();
    }
  }

  async #start(): Promise<Program> {
    const { command, out, cwd, env, nearHeapLimit, event } = this.plan;
    const program = await startProgram(command, {
      log: join(out, "program.log"),
      ...(cwd !== undefined && { cwd }),
      ...(env !== undefined && { env }),
      ...(nearHeapLimit && {
        nodeOptions: ["--heapsnapshot-near-heap-limit=1", `--diagnostic-dir=${quoted(resolve(out))}`],
      }),
    });
    event({ kind: "started", pid: program.pid, command });
    void program.ended.then((end) => this.#end(endingOf(end, program, this.#heap?.facts.pid)));
    return program;
  }

  async #ready(url: URL | undefined): Promise<Target> {
    const { readyText, readyTimeout, snapshots, cycles, warmup, event } = this.plan;
    const target = await findTarget(this.#program!, {
      url,
      path: unknownPath(this.plan),
      readyText,
      timeout: readyTimeout,
      signal: this.#life.signal,
    });
    const { pid, runtime } = target.heap.facts;
    event({
      kind: "ready",
      pid,
      runtime,
      url: target.origin,
      snapshots,
      cycles: warmup + cycles * (snapshots - 1),
    });
    this.#watch(target.heap, () => target.heap.name);
    return target;
  }

  /** Whatever is being asked of it: nobody waits for the answer once the program is over; and the other way round. */
  #watch({ process, session }: Heap, name: () => string): void {
    this.#life.signal.addEventListener("abort", () => void process.close(), { once: true });
    void session.connection.closed.then(async () => {
      // Mostly the program ends with this process, and knows better how.
      await Promise.race([this.#program!.ended, sleep(LAST_MOMENTS, undefined, { ref: false })]);
      this.#end(endingOfPart(name(), this.#program!));
    });
  }

  /** Looks for the heap that was asked for. @throws CaptureError if it is not there within `patience` milliseconds */
  async #choose(target: Target, patience: number): Promise<Recording> {
    const { snapshots, out, gzip = false, event, process, worker } = this.plan;
    const heap = await chooseHeap(target.heap, { process, worker }, this.#program!, patience, this.#life.signal);
    this.#heap = heap;
    if (heap !== target.heap) {
      event({ kind: "heap", name: heap.name });
      this.#watch(heap, () => (heap.process.connection.isOpen ? heap.name : `process ${heap.facts.pid}`));
    }
    for (const note of heap.notes) this.#note(note);
    const { signal } = this.#life;
    const thread = heap.threads && heap.name;
    this.#recording = new Recording(heap.session, heap.facts, { out, snapshots, gzip, signal, event, thread });
    return this.#recording;
  }

  async #work(target: Target, load: Load): Promise<void> {
    const { signal } = this.#life;
    const { snapshots, cycles, warmup, event } = this.plan;
    const total = warmup + cycles * (snapshots - 1);
    let cycle = 0;

    const repeat = async (times: number, isWarmup: boolean) => {
      for (let i = 0; i < times; i++) {
        cycle++;
        event({ kind: "cycle", cycle, cycles: total, warmup: isWarmup });
        const { failed, failure, notes = [] } = await load.run(cycle, signal);
        if (failed === load.size) throw new CaptureError("load-failed", failure!);
        const note = this.#failures.add(cycle, load.size, failed, failure);
        if (note !== undefined) event({ kind: "note", message: note });
        for (const each of notes) this.#note(each);
        this.#done += load.size;
        await this.#measure(cycle);
      }
    };

    const early = await this.#choose(target, warmup === 0 ? LATE : EARLY).catch((error: unknown) => {
      if (warmup === 0 || !(error instanceof CaptureError) || error.code !== "not-found") throw error;
    });
    await this.#measure(cycle);
    await repeat(warmup, true);
    // What was not there before any work may have begun with it.
    const recording = early ?? (await this.#choose(target, LATE));
    const others = new OtherHeaps(this.#heap!, () => this.#program!.announcements(), signal);
    await this.#snapshot(recording);
    await others.measure();
    for (let number = 2; number <= snapshots; number++) {
      const before = this.#done;
      await repeat(cycles, false);
      await this.#snapshot(recording);
      this.#loads.push(this.#done - before);
      await others.measure();
    }
    for (const note of others.notes) this.#note(note);
  }

  /** V8 crashes or hangs if it begins a snapshot of a full heap while it takes another: none is asked for where it might. */
  async #snapshot(recording: Recording): Promise<void> {
    // Of a heap that came into being with the load nothing may have been measured yet.
    const { heapUsed, heapLimit = Infinity } = recording.samples.at(-1) ?? { heapUsed: 0 };
    if (this.plan.nearHeapLimit && heapUsed > NEARLY_FULL * heapLimit) {
      const reason = `the heap was nearly full, ${sizeWords(heapUsed)} of ${sizeWords(heapLimit)},`;
      this.#end({ ended: "out-of-memory", reason, more: "", crashed: false });
      this.#life.signal.throwIfAborted();
    }
    await recording.snapshot();
  }

  async #measure(cycle: number): Promise<void> {
    if (this.#recording === undefined) return;
    await this.#recording.sample({ cycle, ...(this.#unit === "request" && { requests: this.#done }) });
    this.#program!.output.livesOn();
  }

  /** The program is over; the first to say why is right. */
  #end({ ended, reason, more, crashed }: Ending): void {
    if (this.#life.signal.aborted) return;
    const early = ended === "exited" ? " before it could take any load" : "";
    const unit = `${this.#unit === "request" ? "request" : "cycle"}${this.#done === 1 ? "" : "s"}`;
    const after = this.#done === 0 ? early : ` after ${this.#done} ${unit}`;
    this.#over = { ended, reason: `${reason}${after}${more}`, more: "", crashed };
    this.#life.abort(new Disconnected(this.#over.reason));
  }

  get #unit(): "request" | "run" {
    return "urls" in this.plan.load ? "request" : "run";
  }

  /** What failed may have failed because the program is about to end: then that is what there is to say. */
  async #lastMoments(error: unknown): Promise<void> {
    const isLoad = error instanceof CaptureError && error.code === "load-failed";
    if (this.#program === undefined || this.#life.signal.aborted || !(isLoad || error instanceof Disconnected)) return;
    const over = new Promise<void>((resolve) => this.#life.signal.addEventListener("abort", () => resolve()));
    await Promise.race([over, sleep(isLoad ? 1000 : 2 * LAST_MOMENTS, undefined, { ref: false })]);
  }

  #withOutput(error: unknown): unknown {
    if (!(error instanceof CaptureError) || this.#program === undefined) return error;
    const output = error.output.length > 0 ? error.output : this.output;
    const capture = this.#capture("exited", error.message);
    const { code, message, printedBy } = error;
    return new CaptureError(code, message, { output, printedBy, cause: error, capture });
  }

  /** What there is of a program that ended, or that the user had enough of. */
  async #cutShort(over: Ending | undefined): Promise<Capture> {
    const written = await this.#nearLimitFile();
    // V8 writes it while there is hardly any room left, and may crash of that before it says that the heap is full.
    const crashedOfIt = over?.crashed === true && written !== undefined && this.#isLast(written);
    const isFull = over?.ended === "out-of-memory" || crashedOfIt;
    this.#addNearLimit(written, isFull);
    if (over === undefined) return this.#capture("interrupted", "it was interrupted");
    const told = isFull && over.ended === "exited" ? `${over.reason}, with its heap nearly full` : over.reason;
    return this.#capture(isFull ? "out-of-memory" : over.ended, told);
  }

  async #nearLimitFile(): Promise<NearLimitFile | undefined> {
    const { out, nearHeapLimit } = this.plan;
    return nearHeapLimit && this.#recording !== undefined ? nearLimitFile(out, this.#heap!) : undefined;
  }

  /** @param died of a full heap: then the file is the last of its snapshots, unless another was taken behind it */
  #addNearLimit(written: NearLimitFile | undefined, died: boolean): void {
    const recording = this.#recording;
    if (written === undefined || recording === undefined) return;
    if (!written.isWhole) {
      this.#note(`V8 did not come to the end of the snapshot of the full heap: ${written.path} is not compared`);
      return;
    }
    this.nearLimit = written.path;
    if (!died || !this.#isLast(written)) {
      this.#note(`the heap was nearly full at one time: what V8 wrote then is ${this.nearLimit}, and is not compared`);
      return;
    }
    recording.files.push(this.nearLimit);
    recording.marks.push(recording.samples.findLastIndex(({ at = 0 }) => at <= written.at));
    // It came in the midst of a cycle, and maybe many before the end, since V8 gives a heap more room then.
    this.#loads = [];
  }

  /** No other snapshot was taken behind it. */
  #isLast({ at }: NearLimitFile): boolean {
    return at > this.#recording!.completeAt;
  }

  #note(message: string): void {
    this.#notes.push(message);
    this.plan.event({ kind: "note", message });
  }

  #capture(ended: Capture["ended"], reason: string | undefined): Capture {
    const { files = [], samples = [], marks = [] } = this.#recording ?? {};
    return {
      files,
      loads: this.#loads.slice(0, Math.max(0, files.length - 1)),
      unit: this.#unit,
      samples,
      marks,
      ended,
      reason,
      notes: [...this.#notes, ...this.#failures.notes],
      log: this.#program && join(this.plan.out, "program.log"),
    };
  }
}
