import { Column, NONE, at, firstAt, put, secondAt } from "./column";

let label: Column = 0;
let last: Column = 0;
let pairs: Column = 0;
let way: Column = 0;
let stack: Column = 0;

// LowNumbers of src/analysis/dominators.ts.
let lows: Column = 0;
let lowCount: u32 = 0;

/** Says where the columns are. To be called before the first semidominators of a heap. */
export function startDominators(
  labels: Column,
  lasts: Column,
  back: Column,
  ways: Column,
  work: Column,
  lowNumbers: Column,
): void {
  label = labels;
  last = lasts;
  pairs = back;
  way = ways;
  stack = work;
  lows = lowNumbers;
  lowCount = 0;
}

function firstBelow(limit: u32): u32 {
  const semi = last;
  let low: u32 = 0;
  let high = lowCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(semi, at(lows, middle)) < limit) low = middle + 1;
    else high = middle;
  }
  return low == 0 ? NONE : at(lows, low - 1);
}

/** Puts the semidominators of the numbers from `high` down to, not including, `low` into the places of `last`. */
export function semidominators(high: u32, low: u32): void {
  const semi = last;
  for (let w = high; w > low; w--) {
    let least = at(label, w);
    let row = at(last, w);
    let lower: u32 = row == 0 ? 0 : firstBelow(least);
    for (; row != 0; row = secondAt(pairs, row)) {
      let x = firstAt(pairs, row);
      if (x < lower) break;
      let depth: u32 = 0;
      let top = at(way, x);
      while (top > w) {
        put(stack, depth++, x);
        x = top;
        top = at(way, x);
      }
      let best = at(label, x);
      while (depth > 0) {
        const y = at(stack, --depth);
        const own = at(label, y);
        if (best < own) put(label, y, best);
        else best = own;
        put(way, y, top);
      }
      if (best < least) {
        least = best;
        lower = firstBelow(least);
      }
    }
    put(semi, w, least);
    put(label, w, least);
    while (lowCount > 0 && at(semi, at(lows, lowCount - 1)) >= least) lowCount--;
    put(lows, lowCount++, w);
  }
}

/** Turns the parents of numbers into their dominators, from number `low` up to, not including, `high`. */
export function nearestAncestors(low: u32, high: u32, parent: Column, semi: Column): void {
  for (let w = low; w < high; w++) {
    const limit = at(semi, w);
    let candidate = at(parent, w);
    while (candidate > limit) candidate = at(parent, candidate);
    put(parent, w, candidate);
  }
}

/** Dominators by node, of the numbers from `low` up to, not including, `high`. */
export function dominatorsByNode(low: u32, high: u32, node: Column, numbers: Column, dominator: Column): void {
  for (let number = low; number < high; number++) put(dominator, at(node, number), at(node, at(numbers, number)));
}
