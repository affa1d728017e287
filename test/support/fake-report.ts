// Reports as core makes them, written by hand: what the command line prints must not depend on what core finds today.
import type {
  ClassGrowth,
  LeakReport,
  PathStep,
  RetainersReport,
  SourceLocation,
  SummaryReport,
  Suspect,
} from "@leakdiff/core";

const MB = 1_000_000;

/** The step of a path; `words` may be all a renderer looks at. */
export function step(words: string, more: Partial<PathStep> = {}): PathStep {
  return {
    words,
    edge: { type: "property", name: words },
    node: { id: 101, type: "object", name: "Object" },
    location: null,
    internal: false,
    holder: false,
    ...more,
  };
}

export function at(file: string, line: number, column: number): SourceLocation {
  return { file, line, column, original: null };
}

/** The server of every tutorial: each request pushes to an array in module scope. */
export function fakeSuspect(more: Partial<Suspect> = {}): Suspect {
  return {
    title: "Array `listItems`, module scope of server.js:2",
    kind: "module-array",
    verdict: "growing",
    advice:
      "Remove entries when they are done with, or keep only the newest ones: more come into this array than leave it.",
    holder: {
      name: "listItems",
      class: "Array",
      nodeId: 12345,
      location: at("/home/me/shop/server.js", 2, 7),
      module: "/home/me/shop/server.js",
    },
    growth: {
      bytes: [52.1 * MB, 56.3 * MB],
      entries: [5_000_000, 5_000_000],
      entryCounts: [1_000_000, 6_000_000, 11_000_000],
      entryWord: "elements",
      kept: null,
      perCycle: null,
      retained: [10.4 * MB, 62.5 * MB, 118.8 * MB],
    },
    leaked: {
      words: "each of 10,000,000 new elements keeps 0.5 Item, 0.5 Date: 11 B",
      classes: [
        { name: "Item", count: 5_000_000, bytes: 80 * MB },
        { name: "Date", count: 5_000_000, bytes: 28 * MB },
      ],
    },
    texts: null,
    alsoHeldBy: [],
    growAlong: [],
    path: [
      step("(global)", { edge: null }),
      step("Server._events.request"),
      step("context", { internal: true }),
      step("closure (server.js:7:34)", { location: at("/home/me/shop/server.js", 7, 34) }),
      step("scope of server.js"),
      step("listItems", { holder: true, node: { id: 12345, type: "object", name: "Array" } }),
      step("elements", { internal: true }),
      step("element of Array", { node: { id: 13579, type: "object", name: "Item" } }),
    ],
    fingerprint: "module-array-ca2ca91b32d0",
    ...more,
  };
}

/** A cache that filled up between the first two snapshots. */
export function settledSuspect(more: Partial<Suspect> = {}): Suspect {
  return fakeSuspect({
    title: "Map `views`, module scope of render.js:11",
    kind: "map-cache",
    verdict: "settled",
    growth: {
      bytes: [4.2 * MB, 0],
      entries: [280, 0],
      entryCounts: [120, 400, 400],
      entryWord: "entries",
      kept: null,
      perCycle: null,
      retained: [1.8 * MB, 6 * MB, 6 * MB],
    },
    fingerprint: "map-cache-5f9841809efa",
    ...more,
  });
}

export function classGrowth(name: string, born: number, died: number, bytes: readonly number[]): ClassGrowth {
  return {
    name,
    bytes: bytes.reduce((total, value) => total + value, 0),
    intervals: bytes.map((size) => ({
      born: { count: born, bytes: Math.max(0, size) },
      died: { count: died, bytes: Math.max(0, -size) },
      survived: { count: 10, bytes: 1000 },
      bytes: size,
    })),
  };
}

/** Three snapshots, one leak, one cache that filled. */
export function fakeReport(more: Partial<LeakReport> = {}): LeakReport {
  return {
    version: 1,
    verdict: "leak",
    sentence: "leak: 1 holder grows steadily",
    comparison: "by-id",
    snapshots: [
      {
        file: "a.heapsnapshot",
        nodeCount: 1_104_211,
        edgeCount: 4_400_000,
        totalBytes: 21.3 * MB,
        comparability: "first",
      },
      {
        file: "b.heapsnapshot",
        nodeCount: 6_130_004,
        edgeCount: 24_000_000,
        totalBytes: 78.1 * MB,
        comparability: "same-process",
      },
      {
        file: "c.heapsnapshot",
        nodeCount: 11_131_870,
        edgeCount: 44_000_000,
        totalBytes: 134.6 * MB,
        comparability: "same-process",
      },
    ],
    cleanup: false,
    cycles: null,
    totals: {
      growth: [56.8 * MB, 56.5 * MB],
      suspects: [52.1 * MB, 56.3 * MB],
      settled: [4.2 * MB, 0],
      leftOut: [0, 0],
      engine: [0.4 * MB, 0.1 * MB],
      unexplained: [0.1 * MB, 0.1 * MB],
    },
    smallestLeak: 4096,
    classes: [
      classGrowth("Item", 5_000_000, 0, [40 * MB, 40 * MB]),
      classGrowth("Date", 5_000_100, 100, [14 * MB, 14 * MB]),
      classGrowth("(array)", 12, 8, [2 * MB, 2.1 * MB]),
      classGrowth("IncomingMessage", 250_000, 250_001, [-464, -464]),
    ],
    suspects: [fakeSuspect(), settledSuspect()],
    warnings: [],
    ...more,
  };
}

/** The same program, seen twice only. */
export function twoSnapshots(more: Partial<LeakReport> = {}): LeakReport {
  const full = fakeReport();
  const firstOnly = (values: readonly number[]) => values.slice(0, 1);
  const { growth } = full.suspects[0]!;
  return {
    ...full,
    verdict: "grew",
    sentence: "1 holder grew; two snapshots cannot tell a leak from a cache that fills: take a third",
    snapshots: full.snapshots.slice(0, 2),
    smallestLeak: 4096,
    totals: {
      growth: firstOnly(full.totals.growth),
      suspects: firstOnly(full.totals.suspects),
      settled: [0],
      leftOut: [0],
      engine: firstOnly(full.totals.engine),
      unexplained: [4.3 * MB],
    },
    classes: full.classes.map((each) => ({
      ...each,
      bytes: each.intervals[0]!.bytes,
      intervals: each.intervals.slice(0, 1),
    })),
    suspects: [
      fakeSuspect({
        verdict: "grew",
        growth: {
          ...growth,
          bytes: firstOnly(growth.bytes),
          entries: firstOnly(growth.entries!),
          entryCounts: growth.entryCounts!.slice(0, 2),
          retained: growth.retained.slice(0, 2),
        },
      }),
    ],
    ...more,
  };
}

/** A healthy program. */
export function noLeak(more: Partial<LeakReport> = {}): LeakReport {
  const { snapshots } = fakeReport();
  return fakeReport({
    snapshots: snapshots.map((snapshot, index) => ({ ...snapshot, totalBytes: [21.3, 25.9, 26.1][index]! * MB })),
    verdict: "no-leak",
    sentence: "nothing grows steadily",
    smallestLeak: 4096,
    totals: {
      growth: [4.6 * MB, 0.2 * MB],
      suspects: [0, 0],
      settled: [4.2 * MB, 0],
      leftOut: [0, 0],
      engine: [0.4 * MB, 0.1 * MB],
      unexplained: [0, 0.1 * MB],
    },
    classes: [classGrowth("(compiled code)", 900, 100, [0.4 * MB, 0.1 * MB])],
    suspects: [settledSuspect()],
    ...more,
  });
}

export function fakeSummary(more: Partial<SummaryReport> = {}): SummaryReport {
  return {
    version: 1,
    file: "c.heapsnapshot",
    nodeCount: 11_131_870,
    edgeCount: 44_000_000,
    totalBytes: 134.6 * MB,
    holders: [
      {
        title: "Array `listItems`, module scope of server.js:2",
        kind: "module-array",
        nodeId: 8123,
        bytes: 117.9 * MB,
        location: { file: "/srv/app/server.js", line: 2, column: 7, original: null },
        entries: { count: 11_000_000, word: "elements" },
        holds: "Item",
        alsoHeldBy: ["Map `byId`, module scope of store.js:4"],
      },
      {
        title: "scope of render() in view.js:12",
        kind: "unknown",
        nodeId: 9007,
        bytes: 2.1 * MB,
        location: null,
        entries: null,
        holds: null,
        alsoHeldBy: [],
      },
    ],
    classes: [
      { name: "Array", count: 1204, selfSize: 19_264, retainedSize: 118.9 * MB, distance: 2 },
      { name: "Item", count: 11_000_000, selfSize: 88 * MB, retainedSize: 118 * MB, distance: 5 },
      { name: "(string)", count: 40_112, selfSize: 4.4 * MB, retainedSize: 4.4 * MB, distance: 2 },
    ],
    warnings: [],
    ...more,
  };
}

export function fakeRetainers(more: Partial<RetainersReport> = {}): RetainersReport {
  return {
    version: 1,
    file: "c.heapsnapshot",
    node: {
      id: 12345,
      type: "object",
      name: "Array",
      class: "Array",
      selfSize: 16,
      retainedSize: 118.8 * MB,
      distance: 6,
      location: null,
    },
    path: fakeSuspect().path.slice(0, 6),
    retainers: [
      {
        words: "variable `listItems` of scope of server.js",
        edge: { type: "context", name: "listItems" },
        node: { id: 777, type: "object", name: "system / Context" },
        distance: 5,
      },
      {
        words: "property `all` of Registry",
        edge: { type: "property", name: "all" },
        node: { id: 4_294_967_295, type: "object", name: "Registry" },
        distance: 9,
      },
    ],
    omitted: 3,
    warnings: [],
    ...more,
  };
}
