/** What is known of the load that a program is started for, and so of how to tell that it is ready. */
export interface FindOptions {
  /** Where the load will go, if that is known. */
  readonly url: URL | undefined;
  /** Of an address of which no more than that is known, so that the program has to listen; undefined if there is none. */
  readonly path: string | undefined;
  /** What the program prints when it is ready, instead of listening. */
  readonly readyText: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}
