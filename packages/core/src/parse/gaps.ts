/** Bytes that nobody has, from `start` to, not including, `end`. */
export interface Gap {
  start: number;
  end: number;
}

/** Adds one to gaps that ascend, of which no two touch. */
export function enter({ start, end }: Readonly<Gap>, gaps: Gap[]): void {
  let at = gaps.findIndex((gap) => gap.start >= end);
  if (at < 0) at = gaps.length;
  const before = gaps[at - 1];
  const behind = gaps[at];
  if (before?.end === start) {
    before.end = end;
    if (behind?.start !== end) return;
    before.end = behind.end;
    gaps.splice(at, 1);
  } else if (behind?.start === end) behind.start = start;
  else gaps.splice(at, 0, { start, end });
}

/** What parts of a whole, in any order, leave of it. */
export function between(parts: readonly Readonly<Gap>[], { start, end }: Readonly<Gap>): Gap[] {
  const gaps: Gap[] = [];
  let from = start;
  for (const part of [...parts, { start: end, end }].sort((a, b) => a.start - b.start)) {
    if (part.start > from) gaps.push({ start: from, end: part.start });
    from = Math.max(from, part.end);
  }
  return gaps;
}

export function dropEmpty(gaps: Gap[]): void {
  for (let at = gaps.length - 1; at >= 0; at--) if (roomOf(gaps[at]!) === 0) gaps.splice(at, 1);
}

export function roomOf({ start, end }: Gap): number {
  return end - start;
}
