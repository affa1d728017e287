import { Column, at, byteAt, put } from "./column";

const DETACHED: u32 = 2;
/** Kinds of groups: see `GroupOf` in src/analysis/class-groups.ts. */
const BY_NAME: u32 = 1;
const BY_LAYOUT: u32 = 3;
/** Numbers in the slot of a place. */
const SLOT: u32 = 6;

let nodeType: Column = 0;
let nodeName: Column = 0;
let layoutOf: Column = 0;
let byType: Column = 0;
let byName: Column = 0;
let byDetachedName: Column = 0;
let byLayout: Column = 0;
let recent: Column = 0;
let located: Column = 0;
let scriptId: Column = 0;
let line: Column = 0;
let column: Column = 0;
let detached: Column = 0;
let groupOf: Column = 0;
let slotShift: u32 = 0;
let object: u32 = 0;
let native: u32 = 0;
let objectName: u32 = 0;
let mayBeDetached: bool = false;

let plain: u32 = 0;
let first: u32 = 0;
let location: u32 = 0;
let locations: u32 = 0;

/** Says where the columns are: see `classGroups` in src/analysis/class-groups.ts. To be called before a heap is grouped. */
export function startGroups(
  types: Column,
  names: Column,
  layoutsOfPlain: Column,
  groupsByType: Column,
  groupsByName: Column,
  groupsByDetachedName: Column,
  groupsByLayout: Column,
  recentPlaces: Column,
  nodesOfSlice: Column,
  scriptsOfSlice: Column,
  linesOfSlice: Column,
  columnsOfSlice: Column,
  statesOfSlice: Column,
  groups: Column,
  slotBits: u32,
  objectType: u32,
  nativeType: u32,
  nameOfObject: u32,
  hasStates: bool,
): void {
  nodeType = types;
  nodeName = names;
  layoutOf = layoutsOfPlain;
  byType = groupsByType;
  byName = groupsByName;
  byDetachedName = groupsByDetachedName;
  byLayout = groupsByLayout;
  recent = recentPlaces;
  located = nodesOfSlice;
  scriptId = scriptsOfSlice;
  line = linesOfSlice;
  column = columnsOfSlice;
  detached = statesOfSlice;
  groupOf = groups;
  slotShift = 32 - slotBits;
  object = objectType;
  native = nativeType;
  objectName = nameOfObject;
  mayBeDetached = hasStates;
  plain = 0;
}

/** Plain objects that have been grouped. */
export function plainObjectCount(): u32 {
  return plain;
}

/** The location in the slice's that comes next. */
export function locationRow(): u32 {
  return location;
}

/** To be called before each slice, when its locations and states are there. */
export function startGroupSlice(firstNode: u32, count: u32): void {
  first = firstNode;
  location = 0;
  locations = count;
}

/** The group + 1 of what was made in the same place, if it is remembered; else 0. */
function placed(kind: u32, value: u32, row: u32): u32 {
  const hash = at(line, row) * 0x9e3779b1 + at(column, row) * 0x85ebca6b;
  const slot = (hash >>> slotShift) * SLOT;
  const isLike =
    at(recent, slot + 1) == kind &&
    at(recent, slot + 2) == value &&
    at(recent, slot + 3) == at(scriptId, row) &&
    at(recent, slot + 4) == at(line, row) &&
    at(recent, slot + 5) == at(column, row);
  return isLike ? at(recent, slot) : 0;
}

/**
 * Groups some nodes of the slice, those of all before having been grouped.
 * @returns the first node whose group is not known, or `high`
 */
export function groupNodes(low: u32, high: u32): u32 {
  for (let node = low; node < high; node++) {
    const type = byteAt(nodeType, node);
    let group: u32;
    if (type == object) {
      const name = at(nodeName, node);
      const isPlain = name == objectName;
      const value = isPlain ? at(layoutOf, plain) : name;
      while (location < locations && at(located, location) < node) location++;
      if (location < locations && at(located, location) == node)
        group = placed(isPlain ? BY_LAYOUT : BY_NAME, value, location);
      else group = at(isPlain ? byLayout : byName, value);
      if (group == 0) return node;
      plain += isPlain as u32;
    } else {
      if (type == native) {
        const isDetached = mayBeDetached && byteAt(detached, node - first) == DETACHED;
        group = at(isDetached ? byDetachedName : byName, at(nodeName, node));
      } else group = at(byType, type);
      if (group == 0) return node;
    }
    put(groupOf, node, group - 1);
  }
  return high;
}
