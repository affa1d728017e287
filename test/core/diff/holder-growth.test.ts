import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { HeapAnalysis } from "#core/analysis/heap-analysis.js";
import type { ByteColumn } from "#core/graph/heap-graph.js";
import { HolderBytes } from "#core/diff/holder-bytes.js";
import type { HolderGrowth } from "#core/diff/holder-growth.js";
import { NO_SURVIVOR } from "#core/diff/survivors.js";
import { addWeakMapEntry, arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { analysed } from "../../support/analysed.js";
import { arbitraryHistory, heapsOf, sumsOf } from "../../support/arbitrary-history.js";
import { growthOver, heapsAfter, ownGrowth, SmallProgram, survivorWithId } from "../../support/small-program.js";
import type { NodeRow } from "../../support/snapshot-builder.js";

/** What a survivor itself holds, interval by interval, after three rounds of work. */
function growthOf(program: SmallProgram, holder: NodeRow, round: (number: number) => void): number[] {
  const growth = growthOver(heapsAfter(program.heap, 3, round));
  return ownGrowth(growth, survivorWithId(growth, program.heap.id(holder)));
}

suite("own growth of a holder", () => {
  test("is what was born below it, all the way down", () => {
    // scope -cache-> Cache -entry…-> Session -user-> User        a Session and its User each round
    const program = new SmallProgram();
    const cache = program.variable("cache", program.object("Cache"));
    const grown = growthOf(program, cache, (round) => {
      const session = program.object("Session", { user: program.object("User", {}, 100) }, 50);
      program.heap.property(cache, `entry${round}`, session);
    });
    assert.deepEqual(grown, [150, 150]);
  });

  test("is less what died below it: a steady queue does not grow", () => {
    // scope -queue-> Array -> Job, Job, Job        one joins, one leaves
    const program = new SmallProgram();
    const queue = program.variable("queue", program.array());
    const join = (): void => program.push(queue, program.object("Job", {}, 900));
    for (let i = 0; i < 3; i++) join();
    const grown = growthOf(program, queue, () => {
      join();
      program.shift(queue);
    });
    assert.deepEqual(grown, [0, 0]);
  });

  test("is none where a value is replaced by one of the same size", () => {
    // scope -latest-> Request        another one each round
    const program = new SmallProgram();
    let latest: NodeRow | undefined;
    const grown = growthOf(program, program.scope, () => {
      if (latest !== undefined) program.heap.free(latest);
      latest = program.variable("latest", program.object("Request", {}, 5000));
    });
    assert.deepEqual(grown, [0, 0]);
  });

  test("is none in a cache that is full", () => {
    // scope -recent-> Array -> Page × 2        the oldest makes room for the newest
    const program = new SmallProgram();
    const recent = program.variable("recent", program.array());
    const grown = growthOf(program, recent, (round) => {
      program.push(recent, program.object("Page", {}, 4000));
      if (round > 0) program.shift(recent);
    });
    assert.deepEqual(grown, [0, 0]);
  });

  test("counts once what grows in a holder within a holder: where it happens", () => {
    // scope -app-> App -sessions-> Array -> Session…
    const program = new SmallProgram();
    const sessions = program.array();
    const app = program.variable("app", program.object("App", { sessions }));
    const growth = growthOver(
      heapsAfter(program.heap, 3, () => program.push(sessions, program.object("Session", {}, 500))),
    );
    const at = (row: NodeRow): number[] => ownGrowth(growth, survivorWithId(growth, program.heap.id(row)));
    assert.deepEqual(at(sessions), [500, 500]);
    assert.deepEqual(at(app), [0, 0]);
    assert.deepEqual(at(program.scope), [0, 0]);
  });

  test("counts a backing store for its array, re-allocated or not", () => {
    // scope -readings-> Array -elements-> store        numbers leave no nodes; the store is another one each time
    const program = new SmallProgram();
    const readings = program.variable("readings", program.array());
    const grown = growthOf(program, readings, () => program.pushNumbers(readings, 400));
    assert.ok(grown[0]! > 8 * 200 && grown[1]! > 8 * 200, `${grown}`);
  });

  test("is what a survivor itself gained in size", () => {
    const program = new SmallProgram();
    const buffer = program.variable("buffer", program.heap.native("system / JSArrayBufferData", { size: 10 }));
    const grown = growthOf(program, buffer, (round) => program.heap.resize(buffer, 1000 * (round + 1)));
    assert.deepEqual(grown, [1000, 1000]);
  });

  test("counts the values of a WeakMap for their keys, not for the map", () => {
    // scope -map-> WeakMap -table-> (table) -> value <- key <-users- scope
    const program = new SmallProgram();
    const { heap } = program;
    const map = program.variable("profiles", program.object("WeakMap"));
    const table = heap.array("", { size: 100 });
    heap.internal(map, "table", table);
    const key = program.variable("user", program.object("User"));
    const growth = growthOver(
      heapsAfter(heap, 3, (round) => {
        const value = program.object("Profile", {}, 700);
        addWeakMapEntry(heap, { key, table, value, counter: round + 1 });
      }),
    );
    assert.deepEqual(ownGrowth(growth, survivorWithId(growth, heap.id(key))), [700, 700]);
    assert.deepEqual(ownGrowth(growth, survivorWithId(growth, heap.id(map))), [0, 0]);
  });

  test("keeps V8's code and hidden classes apart from what the program made", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const cache = program.variable("cache", program.object("Cache"));
    const growth = growthOver(
      heapsAfter(heap, 3, (round) => {
        heap.internal(cache, `code${round}`, heap.code("(bytecode)", { size: 300 }));
        heap.internal(cache, `map${round}`, heap.node("object shape", "system / Map", { size: 80 }));
        heap.property(cache, `page${round}`, heap.object("Page", { size: 40 }));
      }),
    );
    const at = survivorWithId(growth, heap.id(cache));
    assert.deepEqual(ownGrowth(growth, at), [40, 40]);
    const engine = growth.bytes.engineOf(at);
    assert.deepEqual(
      engine.map((bytes) => bytes - engine[0]!),
      [0, 380, 760],
    );
  });
});

suite("the sums of all holders", () => {
  const totalOf = ({ graph }: HeapAnalysis): number => sumOf(graph.selfSize);
  const sumOf = (column: ByteColumn): number => [...column].reduce((sum, bytes) => sum + bytes, 0);
  const assertGrowsAsHeap = ({ heaps, bytes }: HolderGrowth): void =>
    heaps.forEach((heap, i) =>
      assert.equal(
        sumOf(bytes.program[i]!) + sumOf(bytes.engine[i]!) - sumOf(bytes.program[0]!) - sumOf(bytes.engine[0]!),
        totalOf(heap) - totalOf(heaps[0]!),
      ),
    );

  test("grow as the heap does, whatever came and went", () => {
    fc.assert(fc.property(arbitraryHistory(3), (history) => assertGrowsAsHeap(growthOver(heapsOf(history)))));
  });

  test("are exact past 4 GiB, and beside a heap below", () => {
    // scope -buffer-> ArrayBuffer of 1 kB, then of 3 GiB, and another one of 2 GiB
    const program = new SmallProgram();
    const buffer = program.variable("buffer", program.object("ArrayBuffer", {}, 1000));
    const growth = growthOver(
      heapsAfter(program.heap, 2, (round) => {
        if (round === 0) return;
        program.heap.resize(buffer, 3 * 2 ** 30);
        program.variable("other", program.object("ArrayBuffer", {}, 2 * 2 ** 30));
      }),
    );
    const survivor = survivorWithId(growth, program.heap.id(buffer));
    assert.deepEqual(ownGrowth(growth, survivor), [3 * 2 ** 30 - 1000]);
    assert.ok(sumOf(growth.bytes.program[1]!) > 5 * 2 ** 30);
  });

  test("grow as the heap does for two heaps that have nothing to do with each other", () => {
    fc.assert(
      fc.property(arbitraryHeap(), arbitraryHeap(), (one, other) =>
        assertGrowsAsHeap(growthOver([analysed(built(one)), analysed(built(other))])),
      ),
    );
  });

  test("are what climbing the dominators from every node gives", () => {
    fc.assert(
      fc.property(arbitraryHistory(3), (history) => {
        const growth = sumsOf(heapsOf(history));
        growth.heaps.forEach(({ graph, dominator }, i) => {
          const expected = new Float64Array(growth.survivors.count);
          for (let node = 0; node < graph.nodeCount; node++) {
            let at = node;
            while (growth.cuts[i]!.survivorOf(at) === NO_SURVIVOR) at = dominator[at]!;
            expected[growth.cuts[i]!.survivorOf(at)]! += graph.selfSize[node]!;
          }
          assert.deepEqual(
            Float64Array.from(growth.program[i]!, (bytes, survivor) => bytes + growth.engine[i]![survivor]!),
            expected,
          );
        });
      }),
    );
  });

  test("are kept of those that change, and of no others", () => {
    fc.assert(
      fc.property(arbitraryHistory(3), (history) => {
        const { program, engine, survivors } = sumsOf(heapsOf(history));
        const of = (columns: readonly ByteColumn[], survivor: number): number[] =>
          columns.map((column) => column[survivor]!);
        const dense = Array.from({ length: survivors.count }, (_, each) => [of(program, each), of(engine, each)]);
        const bytes = new HolderBytes(program, engine);
        const changes = (series: readonly number[]): boolean => series.some((each) => each !== series[0]);
        dense.forEach((both, survivor) => {
          const isKept = both.some(changes);
          assert.equal(bytes.changed.includes(survivor), isKept);
          const kept = [bytes.programOf(survivor), bytes.engineOf(survivor)];
          assert.deepEqual(kept, isKept ? both : both.map((series) => series.map(() => 0)));
        });
      }),
    );
  });

  test("do not change from a snapshot to itself", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const heap = analysed(built(sketch));
        const growth = growthOver([heap, heap, heap]);
        assert.equal(growth.bytes.changed.length, 0);
      }),
    );
  });
});
