/** What puts work on the program, again and again. */
export interface Load {
  /** Units of load in one cycle. */
  readonly size: number;
  /** Does one cycle; `cycle` counts from 1. Resolves when all of it is over. */
  run(cycle: number, signal: AbortSignal): Promise<LoadResult>;
}

export interface LoadResult {
  readonly failed: number;
  /** Why the first one that failed did; undefined if none did. */
  readonly failure: string | undefined;
  /** What is odd about it though nothing failed, a sentence each. */
  readonly notes?: readonly string[];
}

/** Requests to one or more addresses, in turn. */
export interface RequestOptions {
  /** Whole addresses, or paths of the program's own server. */
  readonly urls: readonly string[];
  /** In one cycle; 100. */
  readonly requests?: number;
  /** Requests a second, all connections together; as many as go. */
  readonly rate?: number;
  /** Requests at the same time; 10. */
  readonly connections?: number;
  /** GET; POST with a body. */
  readonly method?: string;
  /** By name; `content-type` is found out from the body unless it is among them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The same of all requests. */
  readonly body?: string | Uint8Array;
  /** Milliseconds until an answer must begin, and then until it must end; 30,000. */
  readonly timeout?: number;
}

/** What a scenario is told. */
export interface ScenarioContext {
  /** Where the program listens, if it does. */
  readonly url: string | undefined;
  /** Counts from 1. */
  readonly cycle: number;
  /** Aborted when the run ends early. */
  readonly signal: AbortSignal;
}

/** One cycle of load in the user's own words. */
export type Scenario = (context: ScenarioContext) => unknown;
