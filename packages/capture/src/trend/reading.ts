import type { MemorySample } from "../memory-sample.js";

/** What one place of a log tells: a sample of which anything may be missing. */
export type Reading = {
  -readonly [Field in keyof MemorySample]?: MemorySample[Field];
} & {
  /** Bytes of memory of a kind that is not said. */
  memory?: number;
  /** Which of several processes or series in the log this is about; "" if it does not tell. */
  series?: string;
};

/** Reads one form of log. It gets the lines in order; what it finds goes to the sink that it was made with. */
export interface LineReader {
  /** `number` counts from 1. */
  read(line: string, number: number): void;
  /** Called behind the last line. */
  end?(): void;
}

export type Sink = (reading: Reading) => void;

/** What the name of a column, key or metric promises. */
export type FieldKind = Exclude<keyof Reading, "series" | "collected">;

const KINDS: readonly (readonly [RegExp, FieldKind])[] = [
  [/heapused|usedheap|usedjsheap|heapsizeused/, "heapUsed"],
  [/heapsizelimit|heaplimit/, "heapLimit"],
  [/^(?:process)?(?:rss|residentsetsize|residentmemory|workingset|memoryworkingset)$/, "rss"],
  [/^(?:nodejs)?external(?:memory)?$/, "external"],
  [/^(?:time|timestamp|ts|at|date|datetime|elapsed|elapsedms|uptime|ms|msec|sec|seconds|t|x)$/, "at"],
  [/^(?:total)?(?:http)?(?:requests?|reqs?|hits)(?:count|total|served)?$/, "requests"],
  [/^(?:cycles?|rounds?|iterations?|iter)$/, "cycle"],
  [/^(?:pid|processid)$/, "process"],
  [/^(?:heap|heapsize|memory|mem|memoryusage|memusage|memoryused|usedmemory|memused|used|usage|value|y)$/, "memory"],
];
const UNIT_AT_END = /[\s_.([-]*(?:bytes|[kmgt]i?b)[)\]]?$/i;

/** What a field of this name holds; `undefined` if it has nothing to do with memory or load. */
export function kindOfField(name: string): FieldKind | undefined {
  if (name.length > 80) return undefined;
  for (const candidate of [name, name.replace(UNIT_AT_END, "")]) {
    const plain = candidate.toLowerCase().replaceAll(/[^a-z]/g, "");
    const kind = KINDS.find(([pattern]) => pattern.test(plain));
    if (kind !== undefined) return kind[1];
  }
  return undefined;
}
