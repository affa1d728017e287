import { Column, at, byteAt, put } from "./column";

/** Numbers of a slot in which a layout is remembered: a node that has it, and the layout + 1; 0 if there is none. */
const SLOT: u32 = 2;

let nodeType: Column = 0;
let nodeName: Column = 0;
let firstEdge: Column = 0;
let edgeType: Column = 0;
let edgeName: Column = 0;
let object: u32 = 0;
let objectName: u32 = 0;
let property: u32 = 0;
let recent: Column = 0;
let slotMask: u32 = 0;
let objects: u32 = 0;

/** Says where the columns are, and what is looked for: see `plainObjectLayouts` in src/analysis/plain-object-layouts.ts. */
export function startLayouts(
  types: Column,
  names: Column,
  firstEdges: Column,
  edgeTypes: Column,
  edgeNames: Column,
  objectType: u32,
  nameOfObject: u32,
  propertyType: u32,
  recentLayouts: Column,
  slots: u32,
): void {
  nodeType = types;
  nodeName = names;
  firstEdge = firstEdges;
  edgeType = edgeTypes;
  edgeName = edgeNames;
  object = objectType;
  objectName = nameOfObject;
  property = propertyType;
  recent = recentLayouts;
  slotMask = slots - 1;
  objects = 0;
}

function isPlain(node: u32): bool {
  return byteAt(nodeType, node) == object && at(nodeName, node) == objectName;
}

export function countPlainObjects(low: u32, high: u32): u32 {
  let count: u32 = 0;
  for (let node = low; node < high; node++) count += isPlain(node) as u32;
  return count;
}

function slotOf(node: u32): u32 {
  let hash: u32 = 0x9e3779b9;
  const end = at(firstEdge, node + 1);
  for (let edge = at(firstEdge, node); edge < end; edge++)
    if (byteAt(edgeType, edge) == property) hash = (hash ^ at(edgeName, edge)) * 0x85ebca6b;
  return SLOT * ((((hash ^ (hash >>> 15)) * 0xc2b2ae35) >>> 16) & slotMask);
}

/** The first edge to a property, from one edge on; `end` if there is none. */
function nextProperty(edge: u32, end: u32): u32 {
  let next = edge;
  while (next < end && byteAt(edgeType, next) != property) next++;
  return next;
}

/** Whether the names of the properties of two nodes are the same, in the same order. */
function isLike(one: u32, other: u32): bool {
  const end = at(firstEdge, one + 1);
  const otherEnd = at(firstEdge, other + 1);
  let edge = nextProperty(at(firstEdge, one), end);
  let otherEdge = nextProperty(at(firstEdge, other), otherEnd);
  while (edge < end && otherEdge < otherEnd && at(edgeName, edge) == at(edgeName, otherEdge)) {
    edge = nextProperty(edge + 1, end);
    otherEdge = nextProperty(otherEdge + 1, otherEnd);
  }
  return edge == end && otherEdge == otherEnd;
}

/** Remembers the layout of a node. */
export function rememberLayout(node: u32, layout: u32): void {
  const slot = slotOf(node);
  put(recent, slot, node);
  put(recent, slot + 1, layout + 1);
}

/**
 * Notes the layouts of plain objects, those of all before having been noted.
 * @param layouts where they go
 * @returns the first node whose layout is not remembered, or `high`
 */
export function noteLayouts(low: u32, high: u32, layouts: Column): u32 {
  for (let node = low; node < high; node++) {
    if (!isPlain(node)) continue;
    const slot = slotOf(node);
    const layout = at(recent, slot + 1);
    if (layout == 0 || !isLike(node, at(recent, slot))) return node;
    put(layouts, objects++, layout - 1);
  }
  return high;
}
