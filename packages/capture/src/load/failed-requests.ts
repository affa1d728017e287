/** Of a run whose requests failed now and then: one note, however many cycles that was. */
export class FailedRequests {
  #first: { readonly cycle: number; readonly note: string; readonly failure: string } | undefined;
  #cycles = 0;
  #failed = 0;
  #sent = 0;

  /** Takes what became of one cycle of `size` requests; returns a note the first time that some failed. */
  add(cycle: number, size: number, failed: number, failure: string | undefined): string | undefined {
    this.#sent += size;
    if (failed === 0) return undefined;
    this.#cycles++;
    this.#failed += failed;
    if (this.#first !== undefined) return undefined;
    const note = `${failed} of ${size} requests of cycle ${cycle} failed: ${failure}`;
    this.#first = { cycle, note, failure: failure! };
    return note;
  }

  /** About all of them so far. */
  get notes(): readonly string[] {
    if (this.#first === undefined) return [];
    const { cycle, note, failure } = this.#first;
    if (this.#cycles === 1) return [note];
    return [
      `${this.#failed} of ${this.#sent} requests failed, in ${this.#cycles} cycles from cycle ${cycle} on: ${failure}`,
    ];
  }
}
