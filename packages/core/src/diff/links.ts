import { NO_NODE } from "../graph/heap-graph.js";

/** Lists of numbers, each in the order they were added, without an object for each list. */
export class Links {
  readonly #first: Uint32Array;
  readonly #last: Uint32Array;
  readonly #next: number[] = [];
  readonly #value: number[] = [];

  constructor(lists: number) {
    this.#first = new Uint32Array(lists).fill(NO_NODE);
    this.#last = new Uint32Array(lists);
  }

  add(list: number, value: number): void {
    const entry = this.#value.push(value) - 1;
    this.#next.push(NO_NODE);
    if (this.#first[list] === NO_NODE) this.#first[list] = entry;
    else this.#next[this.#last[list]!] = entry;
    this.#last[list] = entry;
  }

  has(list: number): boolean {
    return this.#first[list] !== NO_NODE;
  }

  each(list: number, visit: (value: number) => void): void {
    for (let entry = this.#first[list]!; entry !== NO_NODE; entry = this.#next[entry]!) visit(this.#value[entry]!);
  }
}
