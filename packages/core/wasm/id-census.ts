import { Column, at, byteAt, bytesAt } from "./column";

let object: u32 = 0;
let closure: u32 = 0;
let array: u32 = 0;
let number: u32 = 0;
let objects: u32 = 0;
let newest: u32 = 0;
let bytes: f64 = 0;

/** Says what the types are: see `count` in src/graph/id-census.ts. To be called before a heap is counted. */
export function startCensus(objectType: u32, closureType: u32, arrayType: u32, numberType: u32): void {
  object = objectType;
  closure = closureType;
  array = arrayType;
  number = numberType;
  objects = 0;
  newest = 0;
  bytes = 0;
}

/** Nodes whose ids last, so far. */
export function countedObjects(): u32 {
  return objects;
}

/** The newest id of an object, so far. */
export function newestId(): u32 {
  return newest;
}

/** Bytes of all nodes, so far. */
export function countedBytes(): f64 {
  return bytes;
}

/** Counts some nodes. `wide`: their sizes are of eight bytes. */
export function countIds(low: u32, high: u32, ids: Column, types: Column, sizes: Column, wide: bool): void {
  for (let node = low; node < high; node++) {
    const id = at(ids, node);
    const type = byteAt(types, node);
    objects += ((type == object) as u32) | ((type == closure) as u32) | ((type == array) as u32);
    // Without a branch, as nobody can guess what comes.
    const lasts = id & 1 & ((type != number) as u32);
    newest = max(newest, id * lasts);
    bytes += wide ? bytesAt(sizes, node) : (at(sizes, node) as f64);
  }
}
