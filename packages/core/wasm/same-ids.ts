import { Column, at, put } from "./column";

let limit: u32 = 0;
let others: Column = 0;
let otherCount: u32 = 0;
let highest: u32 = 0;

/** `most`: halves of ids that are counted are below it; `rows`: where those of nodes go whose ids are not. */
export function startIds(most: u32, rows: Column): void {
  limit = most;
  others = rows;
  otherCount = 0;
  highest = 0;
}

/** Nodes whose ids are not counted, so far. */
export function otherIds(): u32 {
  return otherCount;
}

/** The highest id that is counted, so far. */
export function highestId(): u32 {
  return highest;
}

function isCounted(id: u32): bool {
  return (id & 1) == 1 && id >>> 1 < limit;
}

export function noteIds(low: u32, high: u32, ids: Column): void {
  for (let node = low; node < high; node++) {
    const id = at(ids, node);
    if (!isCounted(id)) put(others, otherCount++, node);
    else if (id > highest) highest = id;
  }
}

/** Enters the first node with each id into a table: half of the id -> node + 1. */
export function enterIds(low: u32, high: u32, ids: Column, table: Column): void {
  for (let node = low; node < high; node++) {
    const id = at(ids, node);
    if (isCounted(id) && at(table, id >>> 1) == 0) put(table, id >>> 1, node + 1);
  }
}

/** Looks nodes up in the table, and takes out what is found; `most` is the highest id in it. */
export function findIds(low: u32, high: u32, ids: Column, most: u32, table: Column, same: Column): void {
  for (let node = low; node < high; node++) {
    const id = at(ids, node);
    if (!isCounted(id)) put(others, otherCount++, node);
    else if (id <= most) {
      const found = at(table, id >>> 1);
      if (found == 0) continue;
      put(same, node, found - 1);
      put(table, id >>> 1, 0);
    }
  }
}
