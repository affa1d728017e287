import { setTimeout as sleep } from "node:timers/promises";
import { CaptureError } from "../capture-error.js";

/** Milliseconds for a worker thread to collect garbage twice; whatever else it is asked takes none. */
const PATIENCE = 30_000;

/**
 * What a worker thread answers. One that waits in `Atomics.wait` never does, as those of a pool between two tasks; one that
 * computes is interrupted.
 * @param name what a sentence calls it
 * @throws CaptureError if it does not answer within `patience` milliseconds
 */
export async function answerOf<Answer>(
  name: string,
  answer: Promise<Answer>,
  patience: number = PATIENCE,
): Promise<Answer> {
  const over = new AbortController();
  const late = sleep(patience, undefined, { signal: over.signal }).then(() => {
    throw new CaptureError(
      "no-inspector",
      `${name} does not answer: it may be waiting in Atomics.wait, as those of piscina and tinypool do between two tasks; have the pool wait in another way (atomics: "disabled", useAtomics: false)`,
    );
  });
  late.catch(() => {});
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}
