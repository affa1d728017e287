/** The candidate that needs the fewest typed changes to become `word`, if that is at most two and below half of it. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(2, Math.ceil(word.length / 2) - 1);
  for (const candidate of candidates) {
    const changes = distance(word, candidate);
    if (changes <= least) {
      best ??= candidate;
      if (changes < least) best = candidate;
      least = changes;
    }
  }
  return best;
}

/** Letters to insert, drop, replace or swap with their neighbour (Damerau, optimal string alignment). */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return Infinity;
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let changes = Math.min(
        rows[row - 1]![column]! + 1,
        line[column - 1]! + 1,
        rows[row - 1]![column - 1]! + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        changes = Math.min(changes, rows[row - 2]![column - 2]! + 1);
      }
      line.push(changes);
    }
    rows.push(line);
  }
  return rows[from.length]![to.length]!;
}
