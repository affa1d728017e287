/** What a snapshot of a heap is likely to take. */
export interface SnapshotCost {
  /** Bytes of memory that the process needs on top of what it has. */
  readonly memory: number;
  /** Bytes of the file. */
  readonly file: number;
  /** Seconds for which the process stands still. */
  readonly seconds: number;
}

/**
 * From measurements on heaps of many small objects, which are the worst: 12 to 13 times the heap in memory, twice the
 * heap on disk, 0.12 s a megabyte with Node 24, twice that with 20, ten times that with 18.
 * @param heapUsed bytes
 * @param runtime as in "Node 22.11.0"; undefined for a browser
 */
export function snapshotCost(heapUsed: number, runtime: string | undefined): SnapshotCost {
  const major = Number(/^Node (\d+)/.exec(runtime ?? "")?.[1] ?? 24);
  const secondsPerMegabyte = major < 20 ? 1.4 : major < 22 ? 0.25 : major < 24 ? 0.18 : 0.12;
  return { memory: 12 * heapUsed, file: 2 * heapUsed, seconds: (heapUsed / 1e6) * secondsPerMegabyte };
}
