import { Column, NONE, at, firstAt, put, putFirst, putPair, putSecond, secondAt } from "./column";

let above: Column = 0;
let last: Column = 0;
let before: Column = 0;
let stack: Column = 0;

// LowNumbers of src/analysis/dominators.ts.
let lows: Column = 0;
let lowCount: u32 = 0;

/** Says where the columns are. To be called before the first semidominators of a heap. */
export function startDominators(ways: Column, lasts: Column, others: Column, work: Column, lowNumbers: Column): void {
  above = ways;
  last = lasts;
  before = others;
  stack = work;
  lows = lowNumbers;
  lowCount = 0;
}

/** The parents of the numbers from `low` up to, not including, `high`, in a column of their own. */
export function parents(low: u32, high: u32, ways: Column, parent: Column): void {
  for (let number = low; number < high; number++) put(parent, number, firstAt(ways, number));
}

function firstBelow(limit: u32): u32 {
  let low: u32 = 0;
  let high = lowCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (firstAt(last, at(lows, middle)) < limit) low = middle + 1;
    else high = middle;
  }
  return low == 0 ? NONE : at(lows, low - 1);
}

/** What nobody asks for: that it is loaded brings the next edge's start into the cache while the way up from this one is. */
let ahead: u32 = 0;

/** Puts the semidominators of the numbers from `high` down to, not including, `low` into the places of `last`. */
export function semidominators(high: u32, low: u32): void {
  for (let w = high; w > low; w--) {
    let least = secondAt(above, w);
    let x = firstAt(last, w);
    let row = secondAt(last, w);
    let lower: u32 = x == 0 ? NONE : firstBelow(least);
    while (x >= lower) {
      const next = row == 0 ? 0 : firstAt(before, row);
      ahead ^= firstAt(above, next);
      let y = x;
      let depth: u32 = 0;
      let top = firstAt(above, y);
      while (top > w) {
        put(stack, depth++, y);
        y = top;
        top = firstAt(above, y);
      }
      let best = secondAt(above, y);
      while (depth > 0) {
        y = at(stack, --depth);
        const own = secondAt(above, y);
        if (best < own) putPair(above, y, top, best);
        else {
          best = own;
          putFirst(above, y, top);
        }
      }
      if (best < least) {
        least = best;
        lower = firstBelow(least);
      }
      if (row == 0) break;
      x = next;
      row = secondAt(before, row);
    }
    putFirst(last, w, least);
    putSecond(above, w, least);
    while (lowCount > 0 && firstAt(last, at(lows, lowCount - 1)) >= least) lowCount--;
    put(lows, lowCount++, w);
  }
}

/** Turns the parents of numbers into their dominators, from number `low` up to, not including, `high`. */
export function nearestAncestors(low: u32, high: u32, parent: Column, semis: Column): void {
  for (let w = low; w < high; w++) {
    const limit = firstAt(semis, w);
    let candidate = at(parent, w);
    while (candidate > limit) candidate = at(parent, candidate);
    put(parent, w, candidate);
  }
}

/** Dominators by node, of the numbers from `low` up to, not including, `high`. */
export function dominatorsByNode(low: u32, high: u32, node: Column, numbers: Column, dominator: Column): void {
  for (let number = low; number < high; number++) put(dominator, at(node, number), at(node, at(numbers, number)));
}
