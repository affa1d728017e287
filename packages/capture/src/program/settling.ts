import type { Listener } from "../inspector/heap-session.js";

/** Milliseconds for which a port has to be there, and no other may have come. */
export const SETTLED = 300;
/** Milliseconds after which what is there is taken, though more may come. */
export const PATIENCE = 2000;

/**
 * When it is believed where a process listens: a server opens its ports one after the other, and the parent of a cluster
 * has one for a moment, until it hands it on.
 */
export class Settling {
  #since = new Map<number, number>();

  /**
   * Those of the ports told that are believed.
   * @param told now, all there are
   * @param now in milliseconds
   */
  believed(told: readonly Listener[], now: number): readonly Listener[] {
    this.#since = new Map(told.map(({ port }) => [port, this.#since.get(port) ?? now]));
    const times = [...this.#since.values()];
    const isComing = now - Math.max(...times) < SETTLED && now - Math.min(...times) < PATIENCE;
    return isComing ? [] : told.filter(({ port }) => now - this.#since.get(port)! >= SETTLED);
  }
}
