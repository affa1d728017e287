import type { MemorySample } from "@leakdiff/capture";

/** A process as V8 keeps its heap: a young generation, garbage that grows old, and a full collection now and then. */
export interface SimulatedHeap {
  readonly seed: number;
  /** Samples, one every `every` seconds. */
  readonly samples: number;
  readonly every: number;
  /** Bytes that are alive after the start. */
  readonly base: number;
  /** Bytes leaked a second. */
  readonly leak?: number;
  /** Bytes that caches gain, most of them in the first `warmSeconds`. */
  readonly warm?: number;
  readonly warmSeconds?: number;
  /** Bytes allocated a second, and the share of them that outlives a collection of the young generation. */
  readonly allocated: number;
  readonly promoted: number;
  /** Bytes of the young generation. */
  readonly young: number;
  /** How much what is alive varies, as a share of `base`. */
  readonly inFlight?: number;
  /** A burst of work every so many seconds keeps up to so many bytes alive for a minute. */
  readonly burst?: { readonly every: number; readonly bytes: number };
  /** Sample after a forced collection. */
  readonly collected?: boolean;
}

/** Numbers from 0 to 1 that are the same in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a log of such a process would say. The limits are those measured on Node 20 to 26: 2 to 4.4 times what was left. */
export function simulate(heap: SimulatedHeap): MemorySample[] {
  const random = randomNumbers(heap.seed);
  const { base, leak = 0, warm = 0, warmSeconds = 60, young, collected = false } = heap;
  const step = Math.min(heap.every, 5);
  const log: MemorySample[] = [];
  let [fresh, garbage, bulge, alive] = [0, 0, 0, base];
  let limit = base * (2 + 2.4 * random()) + 2e6;
  let next = heap.every * random();
  for (let time = step; log.length < heap.samples; time += step) {
    fresh += heap.allocated * step * (0.7 + 0.6 * random());
    for (; fresh > young; fresh -= young) garbage += young * heap.promoted * (0.5 + random());
    if (heap.burst && random() < step / heap.burst.every) bulge += heap.burst.bytes * random();
    bulge *= Math.exp(-step / 60);
    const varied = base * (heap.inFlight ?? 0) * (random() + random() - 1);
    const before = alive;
    alive = base + leak * time + warm * (1 - Math.exp(-time / warmSeconds)) + varied + bulge;
    garbage += Math.max(before - alive, 0);
    if (alive + garbage > limit) {
      garbage = 0;
      limit = alive * (2 + 2.4 * random()) + 2e6;
    }
    next -= step;
    if (next > 0) continue;
    next += heap.every;
    const heapUsed = Math.round(collected ? alive : alive + garbage + fresh);
    log.push({ heapUsed, at: time * 1000, ...(collected && { collected }) });
  }
  return log;
}
