import { Column, NONE, at, bitAt, firstAt, put, putPair, putSecond, secondAt } from "./column";

let firstEdge: Column = 0;
let edgeTarget: Column = 0;
let bits: Column = 0;
let number: Column = 0;
let above: Column = 0;
let last: Column = 0;
let before: Column = 0;
let edgesLeft: Column = 0;

// Where the walk is: see `Walk` in src/analysis/depth-first.ts.
let rows: u32 = 0;
let current: u32 = 0;
let depth: u32 = 0;
let edge: u32 = 0;
let end: u32 = 0;
let target: u32 = NONE;

/** Says where the columns are. To be called before the first walk of a heap. */
export function startWalk(
  firstEdges: Column,
  edgeTargets: Column,
  retaining: Column,
  numbers: Column,
  ways: Column,
  lasts: Column,
  others: Column,
  left: Column,
): void {
  firstEdge = firstEdges;
  edgeTarget = edgeTargets;
  bits = retaining;
  number = numbers;
  above = ways;
  last = lasts;
  before = others;
  edgesLeft = left;
  rows = 0;
}

/**
 * Numbers nodes from `first` on, but no more than `most`.
 * @param start a node to begin at; NONE: goes on
 * @returns the number behind the last; less than `first` plus `most` only where all that can be reached has one
 */
export function walk(start: u32, first: u32, most: u32): u32 {
  let next = first;
  const stop = first + most;
  if (start != NONE) {
    target = start;
    current = 0;
    depth = 0;
    edge = 0;
    end = 0;
  }
  while (next < stop && target != NONE) {
    put(number, target, next);
    putPair(above, next, current, current);
    putPair(last, next, 0, 0);
    const targetsFirst = at(firstEdge, target);
    let down: u32 = 0;
    let downEnd: u32 = 0;
    for (let row = at(firstEdge, target + 1); row > targetsFirst;) {
      row--;
      if (!bitAt(bits, row)) continue;
      const known = at(number, at(edgeTarget, row));
      if (known == NONE) {
        down = row;
        if (downEnd == 0) downEnd = row + 1;
      } else {
        const start = firstAt(last, known);
        if (start == 0) {
          putPair(last, known, next, 0);
        } else {
          putPair(before, ++rows, start, secondAt(last, known));
          putPair(last, known, next, rows);
        }
      }
    }
    if (downEnd > 0) {
      put(edgesLeft, depth++, edge);
      put(edgesLeft, depth++, end);
      current = next;
      edge = down;
      end = downEnd;
    }
    next++;

    for (;;) {
      if (edge < end) {
        const retains = bitAt(bits, edge);
        target = at(edgeTarget, edge++);
        if (!retains) continue;
        const known = at(number, target);
        if (known == NONE) break;
        if (known > current && current < secondAt(above, known)) putSecond(above, known, current);
      } else {
        if (depth <= 2) {
          target = NONE; // nothing is left to go on with
          return next;
        }
        current = firstAt(above, current);
        end = at(edgesLeft, --depth);
        edge = at(edgesLeft, --depth);
      }
    }
  }
  return next;
}

/** How many rows of `before` have been used so far. */
export function rowsBefore(): u32 {
  return rows;
}
