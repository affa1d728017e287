// The memory panel of Chrome DevTools, as the npm package heap-snapshot-toolkit wraps it: the reference for everything
// that leakdiff computes as DevTools does.
import type { ReadStream } from "node:fs";
import { Readable } from "node:stream";
import { parse } from "heap-snapshot-toolkit";

/** What DevTools makes of one snapshot. */
export type DevTools = Awaited<ReturnType<typeof parse>>;

/** Reads a snapshot file's text as DevTools does. */
export function devTools(text: string): Promise<DevTools> {
  return parse(Readable.from([text]) as unknown as ReadStream);
}

/** One number for each node, in order. */
export interface NodeColumns {
  readonly selfSize: readonly number[];
  readonly dominator: readonly number[];
  readonly retainedSize: readonly number[];
  /** `unreachable` where no path leads to a node. */
  readonly distance: readonly number[];
  readonly classKey: readonly string[];
}

export function nodeColumns(snapshot: DevTools, unreachable: number): NodeColumns {
  const node = snapshot.createNode(0);
  const nodes = Array.from({ length: snapshot.nodeCount }, (_, index) => index);
  const at = (index: number): typeof node => {
    node.nodeIndex = index * snapshot.nodeFieldCount;
    return node;
  };
  return {
    selfSize: nodes.map((index) => at(index).selfSize()),
    dominator: [...snapshot.dominatorsTree],
    retainedSize: [...snapshot.retainedSizes],
    distance: Array.from(snapshot.nodeDistances, (distance) => (distance < 0 ? unreachable : distance)),
    classKey: nodes.map((index) => snapshot.classKeyFromClassKeyInternal(at(index).classKeyInternal())),
  };
}

/** A class as DevTools' summary shows it. */
export interface ClassRow {
  readonly name: string;
  readonly count: number;
  readonly selfSize: number;
  readonly retainedSize: number;
  /** Left out where DevTools takes "out of reach" for the least of all distances. */
  readonly distance?: number;
}

export function classRows(snapshot: DevTools): Record<string, ClassRow> {
  const classes = Object.entries(snapshot.getAggregatesByClassKey(true, "allObjects"));
  return Object.fromEntries(
    classes.map(([key, { name, count, self, maxRet, distance }]) => [
      key,
      { name, count, selfSize: self, retainedSize: maxRet, ...(distance < 0 ? {} : { distance }) },
    ]),
  );
}

/** A class as DevTools' comparison shows it. */
export interface DiffRow {
  readonly name: string;
  readonly bornCount: number;
  readonly bornBytes: number;
  readonly diedCount: number;
  readonly diedBytes: number;
}

/** Compares as DevTools does when a person picks the earlier snapshot as the base of the later. */
export function diffRows(earlier: DevTools, later: DevTools): Record<string, DiffRow> {
  const base = earlier.aggregatesForDiff(later.interfaceDefinitions());
  return Object.fromEntries(
    Object.entries(later.calculateSnapshotDiff("base", base)).map(([key, diff]) => [
      key,
      {
        name: diff.name,
        bornCount: diff.addedCount,
        bornBytes: diff.addedSize,
        diedCount: diff.removedCount,
        diedBytes: diff.removedSize,
      },
    ]),
  );
}
