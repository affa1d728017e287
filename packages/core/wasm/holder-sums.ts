import { Column, at, byteAt, bytesAt, put, putBytes } from "./column";
import { IN_UNIT } from "./units";

const DETACHED: u32 = 2;
const UNSEEN: u32 = 0;
const IS_OWN: u32 = 1;
/** What is said of a node whose name nobody has looked at yet. */
const ASK: u32 = 2;

let nodeType: Column = 0;
let nodeName: Column = 0;
let detached: Column = 0;
let owner: Column = 0;
let dominator: Column = 0;
let hiddenNames: Column = 0;
let nativeNames: Column = 0;
let code: u32 = 0;
let shape: u32 = 0;
let hidden: u32 = 0;
let text: u32 = 0;
let native: u32 = 0;
let array: u32 = 0;

/** Says where the columns are, and what the types are: see `EngineNodes` in src/graph/v8-engine-nodes.ts. */
export function startEngine(
  types: Column,
  names: Column,
  states: Column,
  owners: Column,
  dominators: Column,
  ofHidden: Column,
  ofNative: Column,
  codes: u32,
  shapes: u32,
  hiddens: u32,
  strings: u32,
  natives: u32,
  arrays: u32,
): void {
  nodeType = types;
  nodeName = names;
  detached = states;
  owner = owners;
  dominator = dominators;
  hiddenNames = ofHidden;
  nativeNames = ofNative;
  code = codes;
  shape = shapes;
  hidden = hiddens;
  text = strings;
  native = natives;
  array = arrays;
}

function isNamed(node: u32, names: Column): u32 {
  const verdict = byteAt(names, at(nodeName, node));
  if (verdict == UNSEEN) return ASK;
  return verdict == IS_OWN ? 1 : 0;
}

/** 1 for a node of V8's own, 0 for others, ASK where that depends on a name. */
function isEngines(node: u32): u32 {
  const type = byteAt(nodeType, node);
  if (type == code || type == shape) return 1;
  if (type == hidden) return isNamed(node, hiddenNames);
  if (type == text) {
    const above = at(dominator, node);
    const typeAbove = byteAt(nodeType, above);
    if (typeAbove == shape) return 1;
    return typeAbove == hidden ? isNamed(above, hiddenNames) : 0;
  }
  if (type == native) return detached != 0 && byteAt(detached, node) == DETACHED ? 0 : isNamed(node, nativeNames);
  if (type == array) {
    const whose = at(owner, node);
    if (whose == node) return 0;
    const typeOfOwner = byteAt(nodeType, whose);
    return typeOfOwner == code || typeOfOwner == shape ? 1 : 0;
  }
  return 0;
}

/**
 * Adds the sizes of some nodes to those of the survivors they are counted for. `wide`: sizes, and `wideSums`: sums, are
 * of eight bytes.
 * @returns the first node that could not be told because of its name, or `high`
 */
export function sumUp(
  low: u32,
  high: u32,
  size: Column,
  wide: bool,
  place: Column,
  region: Column,
  program: Column,
  engine: Column,
  wideSums: bool,
): u32 {
  for (let node = low; node < high; node++) {
    const own = wide ? bytesAt(size, node) : (at(size, node) as f64);
    if (own == 0) continue;
    const verdict = isEngines(node);
    if (verdict == ASK) return node;
    const found = at(place, node);
    const survivor = found < IN_UNIT ? found : at(region, found - IN_UNIT);
    const sums = verdict == 1 ? engine : program;
    if (wideSums) putBytes(sums, survivor, bytesAt(sums, survivor) + own);
    else put(sums, survivor, at(sums, survivor) + (own as u32));
  }
  return high;
}

/**
 * Lists those of some survivors' nodes that a unit dominates.
 * @param found room for as many nodes
 * @returns how many that are
 */
export function belowUnits(low: u32, high: u32, nodes: Column, dominators: Column, place: Column, found: Column): u32 {
  let count: u32 = 0;
  for (let survivor = low; survivor < high; survivor++) {
    const node = at(nodes, survivor);
    if (at(place, at(dominators, node)) >= IN_UNIT) put(found, count++, node);
  }
  return count;
}
