import { setMaxListeners } from "node:events";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Capture } from "./capture.js";
import { CaptureError } from "./capture-error.js";
import { type CaptureOptions, isWhole, knownUrl, makeFolder, type Plan, planOf } from "./capture-options.js";
import { Disconnected } from "./inspector/connection.js";
import { commandLoad } from "./load/command-load.js";
import type { Load } from "./load/load.js";
import { requestLoad } from "./load/request-load.js";
import { loadScenario, scenarioLoad } from "./load/scenario-load.js";
import { findTarget, refuseTaken, type Target } from "./program/find-target.js";
import { placeOf } from "./program/ports.js";
import { Recording } from "./recording.js";
import { type Program, type ProgramEnd, quoted, startProgram } from "./program/start-program.js";

/** For a process whose inspector went away, or that answers nothing any more, to be seen ending. */
const LAST_MOMENTS = 5000;

/**
 * Starts a program, puts load on it and takes snapshots of its heap, with one inspector session from the first to the
 * last. When the promise settles, no process of the program is left and every file is complete.
 *
 * If `signal` is aborted, or the program ends, after the second snapshot, the promise resolves with what there is, and
 * `ended` says why there is no more. Before that it is rejected: with the signal's reason, or with a CaptureError.
 */
export async function captureSnapshots(options: CaptureOptions): Promise<Capture> {
  const plan = planOf(options);
  options.signal?.throwIfAborted();
  await makeFolder(plan.out);
  const first = new Attempt(plan);
  const capture = await first.run();
  const smaller = plan.restart === true && capture.ended === "out-of-memory" ? lighter(plan, first) : undefined;
  if (smaller === undefined) return enough(capture, first);
  plan.event({ kind: "restart", reason: capture.reason! });
  const second = new Attempt(smaller);
  const again = await second.run();
  return enough(
    { ...again, notes: [`${capture.reason}, so it was started again with less load`, ...again.notes] },
    second,
  );
}

/** @throws CaptureError if there is nothing to compare */
function enough(capture: Capture, { plan, output }: Attempt): Capture {
  if (capture.files.length >= 2 || capture.ended === "complete") return capture;
  if (capture.ended === "interrupted") throw plan.signal!.reason;
  throw new CaptureError(capture.ended, capture.reason!, { output, capture });
}

/** One life of the program. */
class Attempt {
  readonly plan: Plan;
  #program: Program | undefined;
  #recording: Recording | undefined;
  #loads: number[] = [];
  #notes: string[] = [];
  #done = 0;
  #over: { readonly ended: "exited" | "out-of-memory"; readonly reason: string } | undefined;
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
    let target: Target | undefined;
    try {
      const url = knownUrl(plan);
      if (url !== undefined) await refuseTaken(placeOf(url));
      this.#program = await this.#start();
      target = await this.#ready(url);
      const load = await loadOf(plan, target);
      await this.#work(target, load);
      return this.#capture("complete", undefined);
    } catch (error) {
      await this.#lastMoments(error);
      if (plan.signal?.aborted) return this.#capture("interrupted", "it was interrupted");
      if (this.#over === undefined) throw this.#withOutput(error);
      if (this.#over.ended === "out-of-memory") await this.#addNearLimit();
      return this.#capture(this.#over.ended, this.#over.reason);
    } finally {
      plan.signal?.removeEventListener("abort", stop);
      await target?.session.close();
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
        nodeOptions: ["--heapsnapshot-near-heap-limit=1", `--diagnostic-dir=${quoted(out)}`],
      }),
    });
    event({ kind: "started", pid: program.pid, command });
    void program.ended.then((end) => this.#end(how(end, program.output.fullHeap), program.output.fullHeap));
    return program;
  }

  async #ready(url: URL | undefined): Promise<Target> {
    const { readyText, readyTimeout, snapshots, cycles, warmup, event } = this.plan;
    const target = await findTarget(this.#program!, {
      url,
      readyText,
      timeout: readyTimeout,
      signal: this.#life.signal,
    });
    const { pid, version } = target.facts;
    for (const note of target.notes) this.#note(note);
    event({
      kind: "ready",
      pid,
      version,
      url: target.origin,
      snapshots,
      cycles: warmup + cycles * (snapshots - 1),
    });
    // Whatever is being asked of it: nobody waits for the answer any more.
    this.#life.signal.addEventListener("abort", () => void target.session.close(), { once: true });
    void target.session.connection.closed.then(async () => {
      // Mostly the program ends with this process, and knows better how.
      await Promise.race([this.#program!.ended, sleep(LAST_MOMENTS, undefined, { ref: false })]);
      this.#end(`process ${pid} ended`, this.#program!.output.fullHeap);
    });
    return target;
  }

  async #work({ session, facts }: Target, load: Load): Promise<void> {
    const { signal } = this.#life;
    const { snapshots, cycles, warmup, out, gzip = false, event } = this.plan;
    const recording = new Recording(session, facts, { out, snapshots, gzip, signal, event });
    this.#recording = recording;
    const total = warmup + cycles * (snapshots - 1);
    let cycle = 0;

    const repeat = async (times: number, isWarmup: boolean) => {
      for (let i = 0; i < times; i++) {
        cycle++;
        event({ kind: "cycle", cycle, cycles: total, warmup: isWarmup });
        const { failed, failure } = await load.run(cycle, signal);
        if (failed === load.size) throw new CaptureError("load-failed", failure!);
        if (failed > 0) this.#note(`${failed} of ${load.size} requests of cycle ${cycle} failed: ${failure}`);
        this.#done += load.size;
        await recording.sample({ cycle, requests: this.#done });
      }
    };

    await recording.sample({ cycle, requests: 0 });
    await repeat(warmup, true);
    await recording.snapshot();
    for (let number = 2; number <= snapshots; number++) {
      const before = this.#done;
      await repeat(cycles, false);
      await recording.snapshot();
      this.#loads.push(this.#done - before);
    }
  }

  /** The program is over; the first to say why is right. */
  #end(reason: string, fullHeap: boolean): void {
    if (this.#life.signal.aborted) return;
    const after = this.#done === 0 ? "" : ` after ${this.#done} ${this.#unit === "request" ? "requests" : "cycles"}`;
    this.#over = fullHeap
      ? { ended: "out-of-memory", reason: `the program ran out of heap memory and died${after}` }
      : { ended: "exited", reason: `${reason}${after}${this.#done === 0 ? " before it could take any load" : ""}` };
    this.#life.abort(new Disconnected(this.#over.reason));
  }

  get #unit(): "request" | "run" {
    return "urls" in this.plan.load ? "request" : "run";
  }

  /** What failed may have failed because the program is about to end: then that is what there is to say. */
  async #lastMoments(error: unknown): Promise<void> {
    const isLoad = error instanceof CaptureError && error.code === "load-failed";
    if (this.#life.signal.aborted || !(isLoad || error instanceof Disconnected)) return;
    const over = new Promise<void>((resolve) => this.#life.signal.addEventListener("abort", () => resolve()));
    await Promise.race([over, sleep(isLoad ? 1000 : 2 * LAST_MOMENTS, undefined, { ref: false })]);
  }

  #withOutput(error: unknown): unknown {
    if (!(error instanceof CaptureError) || this.#program === undefined) return error;
    const output = error.output.length > 0 ? error.output : this.output;
    const capture = this.#capture("exited", error.message);
    return new CaptureError(error.code, error.message, { output, cause: error, capture });
  }

  /** V8 gives its own name to what it writes on the way down. */
  async #addNearLimit(): Promise<void> {
    const { out, nearHeapLimit } = this.plan;
    if (!nearHeapLimit || this.#recording === undefined) return;
    const written = (await readdir(out)).filter((name) => /^Heap\..*\.heapsnapshot$/.test(name)).sort();
    const [last] = written.splice(-1);
    if (last === undefined) return;
    for (const name of written) await rm(join(out, name));
    const file = join(out, "near-heap-limit.heapsnapshot");
    await rename(join(out, last), file);
    this.#recording!.files.push(file);
    this.#recording!.marks.push(this.#recording!.samples.length - 1);
    this.#loads.push(Math.max(1, this.#done - this.#loads.reduce((sum, load) => sum + load, 0)));
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
      notes: this.#notes,
      log: this.#program && join(this.plan.out, "program.log"),
    };
  }
}

async function loadOf({ load, out, cwd }: Plan, { origin }: Target): Promise<Load> {
  if ("urls" in load) {
    const urls = load.urls.map((url) => {
      if (isWhole(url)) return url;
      if (origin !== undefined) return new URL(url, origin).href;
      throw new CaptureError(
        "bad-option",
        `the program listens on several ports, so it is not clear where ${url} is; give the whole address`,
      );
    });
    return requestLoad(urls, load);
  }
  if ("command" in load) return commandLoad(load.command, origin, join(out, "load.log"), cwd);
  const scenario = typeof load.scenario === "string" ? await loadScenario(load.scenario) : load.scenario;
  return scenarioLoad(scenario, origin);
}

function how({ code, signal }: ProgramEnd, fullHeap: boolean): string {
  if (fullHeap) return "the program ran out of heap memory";
  if (signal === "SIGKILL" || code === 137) {
    return "the program was killed (SIGKILL), as happens when a machine or its container is out of memory,";
  }
  return signal === null ? `the program exited with code ${code}` : `the program was ended by ${signal}`;
}

/** The same run with so little load that the program lives: seven tenths of what it died of. */
function lighter(plan: Plan, { cycles: survived }: Attempt): Plan | undefined {
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
