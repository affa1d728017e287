import { Column, NONE, at, put } from "./column";

/** Set in the place of a node that is in a unit. */
export const IN_UNIT: u32 = 0x80000000;

let place: Column = 0;
let dominator: Column = 0;
let owner: Column = 0;
let nodes: Column = 0;
let region: Column = 0;
let unit: Column = 0;
let way: Column = 0;
let members: u32 = 0;

/** Says where the columns are: see `cutUp` in src/diff/units.ts. To be called before a heap is cut up. */
export function startCut(
  places: Column,
  dominators: Column,
  owners: Column,
  ofSurvivors: Column,
  regions: Column,
  units: Column,
  ways: Column,
): void {
  place = places;
  dominator = dominators;
  owner = owners;
  nodes = ofSurvivors;
  region = regions;
  unit = units;
  way = ways;
  members = 0;
}

/** Nodes that are in a unit, so far. */
export function memberCount(): u32 {
  return members;
}

/** Puts survivors where their nodes are. */
export function placeSurvivors(low: u32, high: u32): void {
  for (let survivor = low; survivor < high; survivor++) put(place, at(nodes, survivor), survivor);
}

/** Finds the places of some nodes, and of all above them up to one that is known. */
export function cut(low: u32, high: u32): void {
  for (let start = low; start < high; start++) {
    let top = start;
    let length: u32 = 0;
    for (; at(place, top) == NONE; top = at(dominator, top)) put(way, length++, top);
    if (length == 0) continue;
    const above = at(place, top);
    const holder = above < IN_UNIT ? above : at(region, above - IN_UNIT);
    let root = above < IN_UNIT ? NONE : at(unit, above - IN_UNIT);
    while (length > 0) {
      const node = at(way, --length);
      const whose = at(owner, node);
      const ofPlace = at(place, whose);
      if (whose != node && ofPlace < IN_UNIT && at(nodes, ofPlace) == whose) {
        root = NONE;
        put(place, node, holder);
      } else {
        if (root == NONE) root = node;
        put(region, members, holder);
        put(unit, members, root);
        put(place, node, IN_UNIT + members++);
      }
    }
  }
}

/**
 * Sorts the members of units by node, from `row` on.
 * @returns the row behind the last
 */
export function sortMembers(
  low: u32,
  high: u32,
  row: u32,
  sorted: Column,
  sortedRegion: Column,
  sortedUnit: Column,
): u32 {
  let next = row;
  for (let node = low; node < high; node++) {
    const found = at(place, node);
    if (found < IN_UNIT) continue;
    put(sorted, next, node);
    put(sortedRegion, next, at(region, found - IN_UNIT));
    put(sortedUnit, next, at(unit, found - IN_UNIT));
    put(place, node, IN_UNIT + next++);
  }
  return next;
}
