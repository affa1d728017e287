/** Of a long line so much stands before the place that it is about: one part of so many. */
const LEAD = 10;

/** Lines of a text as V8 counts them: `\n`, `\r`, both together, U+2028 and U+2029 end one. */
export class TextLines {
  readonly text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (const end of text.matchAll(/\r\n?|[\n\u2028\u2029]/g)) this.#starts.push(end.index + end[0].length);
  }

  /** Position of a place in the text, -1 if there is no such place. Line and column are 1-based. */
  offset(line: number, column: number): number {
    const start = this.#starts[line - 1];
    if (start === undefined || column < 1) return -1;
    const at = start + column - 1;
    return at <= (this.#starts[line] ?? this.text.length) ? at : -1;
  }

  /** The place of a position. 1-based. */
  place(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }

  /**
   * A line without its end; null if there is none.
   * @param most longer ones are cut to so many units
   * @param column the place they are cut around; behind a cut, `…`
   */
  line(line: number, most: number, column = 1): string | null {
    const start = this.#starts[line - 1];
    if (start === undefined) return null;
    const next = this.#starts[line] ?? this.text.length;
    const lead = Math.floor(most / LEAD);
    // A line that would not fit, and of which the beginning is too far from the place.
    const from = next - start > most + 2 && column > lead ? start + column - 1 - lead : start;
    const text = this.text.slice(from, Math.min(next, from + most + 2)).replace(/(?:\r\n?|[\n\u2028\u2029])$/, "");
    return from === start ? text.slice(0, most) : `…${text.slice(0, most - 1)}`;
  }
}
