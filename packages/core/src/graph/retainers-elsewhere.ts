import { ColumnMemory, type LentMemory, commonMemory } from "../parse/column-memory.js";
import { discard } from "../parse/columns.js";
import { allTargets } from "./edges-aside.js";
import type { HeapGraph } from "./heap-graph.js";
import { type EmptyRetainers, type Retainers, emptyRetainers, reverse } from "./retainers.js";
import type { RetainingEdges } from "./retaining-edges.js";

/** What another thread has to know to reverse retaining edges, in a memory that it sees. Plain data. */
export interface RetainersOrder extends EmptyRetainers {
  readonly targets: Uint32Array; // edge -> node
  readonly lent: LentMemory; // nothing, but of the memory that the columns lie in
  /** One number, at first 0: who reverses the edges makes it TAKEN, and then DONE or FAILED. */
  readonly state: Int32Array;
}

const TAKEN = 1;
const DONE = 2;
const FAILED = 3;
/** Milliseconds that nobody needs who is still there. */
const LONG = 60_000;

/** Null where another thread cannot see all that it needs. */
export function retainersOrder(graph: HeapGraph, edges: RetainingEdges): RetainersOrder | null {
  const targets = allTargets(graph);
  if (targets === null || commonMemory(targets) === null) return null;
  const columns = emptyRetainers(graph, edges);
  const { bits, firstRetainer, retainerEdge } = columns;
  const memory = commonMemory(targets, bits, firstRetainer, retainerEdge);
  if (memory !== null) {
    return { ...columns, targets, lent: memory.nothingLent, state: new Int32Array(new SharedArrayBuffer(4)) };
  }
  discard(bits, firstRetainer, retainerEdge);
  return null;
}

/** In another thread: does what an order says, if nobody else does. */
export function reverseAsTold({ lent, targets, state, ...columns }: RetainersOrder): void {
  if (Atomics.compareExchange(state, 0, 0, TAKEN) !== 0) return;
  let outcome = FAILED;
  try {
    ColumnMemory.borrowed(lent);
    reverse(columns, () => [{ start: 0, targets }]);
    outcome = DONE;
  } finally {
    Atomics.store(state, 0, outcome);
    Atomics.notify(state, 0);
  }
}

/** Waits for what an order asked for; null if nobody has begun with it, or can do it: then it is left to the caller. */
export function reversed({ bits, firstRetainer, retainerEdge, state }: RetainersOrder): Retainers | null {
  const isOurs = Atomics.compareExchange(state, 0, 0, TAKEN) === 0;
  if (!isOurs) wait(state);
  const outcome = isOurs ? FAILED : Atomics.load(state, 0);
  if (outcome === TAKEN) return null; // and the columns are lost: somebody may write into them
  discard(bits);
  if (outcome === DONE) return { firstRetainer, retainerEdge };
  discard(firstRetainer, retainerEdge);
  return null;
}

function wait(state: Int32Array): void {
  try {
    Atomics.wait(state, 0, TAKEN, LONG);
  } catch {
    // A thread that may not wait, as that of a window of Electron's, does without.
  }
}
