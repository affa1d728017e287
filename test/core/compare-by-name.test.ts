import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findLeaks, type LeakReport } from "@leakdiff/core";
import { analyseHeap, type HeapAnalysis } from "#core/analysis/heap-analysis.js";
import { compareHeaps } from "#core/compare-heaps.js";
import { StringsAside } from "#core/graph/strings-aside.js";
import { loadHeaps } from "#core/load-heaps.js";
import { temporaryFile } from "#core/temporary-file.js";
import { graphOf } from "../support/graph-of.js";
import { snapshotsOf } from "../support/real-snapshots.js";
import { SmallProgram } from "../support/small-program.js";
import type { LayoutOptions } from "../support/snapshot-text.js";

function assertByName(report: LeakReport): void {
  assert.equal(report.verdict, "cannot-tell");
  assert.equal(report.comparison, "by-name");
  assert.match(report.sentence, /two processes/);
  assert.deepEqual(
    report.warnings.map(({ code }) => code),
    ["other-process"],
  );
  assert.ok(report.suspects.every(({ verdict }) => verdict === "grew"));
}

interface Load {
  readonly orders: number;
  readonly pages: number;
  /** What the process does first: another order gives all objects other ids. */
  readonly pagesFirst: boolean;
  readonly file?: string;
  readonly layout?: LayoutOptions["layout"];
}

/** A shop that keeps its orders in an Array and its pages in a Map. */
function shop({ orders, pages, pagesFirst, file, layout }: Load): HeapAnalysis {
  const program = new SmallProgram("const journal = [];\nconst rendered = new Map();\n", file);
  const journal = program.variable("journal", program.array());
  const rendered = program.variable("rendered", program.map());
  const addPages = (): void => {
    for (let i = 0; i < pages; i++) program.add(rendered, program.object("Key"), program.object("Page", {}, 400));
  };
  if (pagesFirst) addPages();
  for (let i = 0; i < orders; i++)
    program.push(journal, program.object("Order", { item: program.object("Item") }, 100));
  if (!pagesFirst) addPages();
  return analyseHeap(graphOf(program.heap, layout === undefined ? {} : { layout }));
}

suite("snapshots of two processes", () => {
  test("have the container first that the longer run filled, by its name", async () => {
    const [short, long] = await Promise.all([
      snapshotsOf("map-cache", { phases: [50] }),
      snapshotsOf("map-cache", { phases: [250] }),
    ]);
    const report = await findLeaks([short.files[0]!, long.files[0]!]);
    assertByName(report);
    const [first, ...others] = report.suspects;
    assert.match(first!.title, short.truth.leaks[0]!.holder);
    assert.deepEqual(first!.growth.entryCounts, [50, 250]);
    assert.deepEqual(
      others.map(({ title }) => title),
      [],
    );
  });

  test("are called Bun's where its engine wrote them, which numbers all objects afresh", async () => {
    const heaps = [true, false].map((pagesFirst) => {
      const program = new SmallProgram();
      for (const name of ["UnlinkedFunctionExecutable", "NativeExecutable"])
        program.heap.internal(program.heap.gcRoots(), name, program.heap.code(name));
      for (let i = 0; i < 400; i++)
        program.variable(`v${i}`, program.object(pagesFirst === i < 200 ? "Page" : "Order"));
      return analyseHeap(graphOf(program.heap));
    });
    const report = await compareHeaps(heaps);
    assert.equal(report.comparison, "by-name");
    assert.match(report.sentence, /^cannot tell: Bun numbers all objects afresh/);
    assert.match(report.warnings[0]!.message, /^of Bun's snapshots/);
  });

  test("tell the same when memory is short", async () => {
    const [short, long] = await Promise.all([
      snapshotsOf("map-cache", { phases: [50] }),
      snapshotsOf("map-cache", { phases: [250] }),
    ]);
    const files = [short.files[0]!, long.files[0]!];
    const places = files.map(() => temporaryFile()!);
    const left = places.map(({ descriptor }) => descriptor);
    const heaps = await loadHeaps(files, { workersFrom: 0, memory: "low", aside: () => left.pop()! });
    assert.ok(heaps.every(({ graph }) => graph.strings instanceof StringsAside));
    assert.deepEqual(await compareHeaps(heaps), await findLeaks(files));
    for (const place of places) place.remove();
  });

  test("of a healthy program under other load have nothing that is larger by name", async () => {
    const [short, long] = await Promise.all([
      snapshotsOf("clean-ring", { phases: [300] }),
      snapshotsOf("clean-ring", { phases: [600] }),
    ]);
    const report = await findLeaks([short.files[0]!, long.files[0]!]);
    assertByName(report);
    assert.deepEqual(report.suspects, []);
    assert.match(report.sentence, /nothing is larger/);
  });

  test("may be written by different versions, and run from different folders", async () => {
    const report = await compareHeaps([
      shop({ orders: 40, pages: 200, pagesFirst: true, file: "/releases/41/shop.js", layout: "node20" }),
      shop({ orders: 240, pages: 200, pagesFirst: false, file: "/releases/42/shop.js" }),
    ]);
    assertByName(report);
    assert.equal(report.suspects.length, 1);
    const [{ title, growth, leaked, holder }] = report.suspects as [LeakReport["suspects"][number]];
    assert.match(title, /Array `journal`, module scope of shop\.js:1/);
    assert.deepEqual(growth.entryCounts, [40, 240]);
    assert.match(leaked.words, /each of 200 new elements keeps 1 Order, 1 Item/);
    assert.equal(holder.location?.file, "/releases/42/shop.js");
  });

  test("have nothing listed where they hold the same", async () => {
    const report = await compareHeaps([
      shop({ orders: 200, pages: 200, pagesFirst: true }),
      shop({ orders: 200, pages: 200, pagesFirst: false }),
    ]);
    assertByName(report);
    assert.deepEqual([report.suspects, report.classes], [[], []]);
    assert.deepEqual(report.totals.growth, [0]);
  });

  test("do not accuse what is smaller", async () => {
    const report = await compareHeaps([
      shop({ orders: 240, pages: 200, pagesFirst: true }),
      shop({ orders: 40, pages: 200, pagesFirst: false }),
    ]);
    assertByName(report);
    assert.deepEqual(report.suspects, []);
    const order = report.classes.find(({ name }) => name === "Order")!;
    assert.deepEqual(order.intervals[0]!.died, { count: 200, bytes: 20_000 });
    assert.deepEqual(order.intervals[0]!.born, { count: 0, bytes: 0 });
  });

  test("may stand beside two of one process", async () => {
    const [long, other] = await Promise.all([snapshotsOf("map-cache"), snapshotsOf("map-cache", { phases: [250] })]);
    const report = await findLeaks([long.files[0]!, long.files[1]!, other.files[0]!]);
    assertByName(report);
    assert.match(report.suspects[0]!.title, long.truth.leaks[0]!.holder);
    assert.deepEqual(
      report.snapshots.map(({ comparability }) => comparability),
      ["first", "same-process", "other-process"],
    );
  });

  test("have modules named that only the later has, where they keep much", async () => {
    const release = (ordersFirst: boolean, sizes: Readonly<Record<string, number>>): HeapAnalysis => {
      const shop = new SmallProgram("const journal = [];\n", "/app/shop.js");
      const journal = shop.variable("journal", shop.array());
      const order = (count: number): void => {
        for (let i = 0; i < count; i++) shop.push(journal, shop.object("Order", {}, 100));
      };
      order(ordersFirst ? 200 : 0);
      for (const [file, entries] of Object.entries(sizes)) {
        const module = new SmallProgram("const entries = [];\n", `/app/${file}`, shop.heap);
        const list = module.variable("entries", module.array());
        for (let i = 0; i < entries; i++) module.push(list, module.object("Entry", {}, 1000));
      }
      order(ordersFirst ? 0 : 200);
      return analyseHeap(graphOf(shop.heap));
    };
    const report = await compareHeaps([
      release(true, { "old.js": 300 }),
      release(false, { "new.js": 300, "small.js": 3, "old.js": 300 }),
    ]);
    const [, added, ...others] = report.warnings;
    assert.equal(added?.code, "new-module");
    assert.match(
      added.message,
      /^new\.js is a module of the last snapshot only; its scope keeps 303 kB, most of it by its variable `entries`$/,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(report.suspects, []);
  });

  test("have sums that reconcile", async () => {
    const report = await compareHeaps([
      shop({ orders: 40, pages: 20, pagesFirst: true }),
      shop({ orders: 240, pages: 300, pagesFirst: false }),
    ]);
    const { growth, suspects, settled, engine, unexplained } = report.totals;
    assert.equal(suspects[0]! + settled[0]! + engine[0]! + unexplained[0]!, growth[0]);
    assert.ok(report.suspects.length === 2 && suspects[0]! > 0);
  });
});
