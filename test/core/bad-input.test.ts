import assert from "node:assert/strict";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { after, suite, test } from "node:test";
import { Worker } from "node:worker_threads";
import { findLeaks, type LeakReport } from "@leakdiff/core";
import { analyseHeap } from "#core/analysis/heap-analysis.js";
import { compareHeaps } from "#core/compare-heaps.js";
import { linkedList } from "../support/long-heaps.js";
import { snapshotsOf } from "../support/real-snapshots.js";
import { SmallProgram } from "../support/small-program.js";
import { type NodeRow, SnapshotBuilder } from "../support/snapshot-builder.js";
import { times } from "../support/suspects.js";

const folder = mkdtempSync(join(tmpdir(), "leakdiff-bad-input-"));
after(() => rmSync(folder, { recursive: true }));

let written = 0;
function fileOf(heap: SnapshotBuilder): string {
  const file = join(folder, `${written++}.heapsnapshot`);
  writeFileSync(file, heap.json());
  return file;
}

/** The report on files that a heap was written to, three times unless told otherwise, after each round of changes. */
function reportOnFiles(heap: SnapshotBuilder, round: (number: number) => void, rounds = 3): Promise<LeakReport> {
  const files = Array.from({ length: rounds }, (_, i) => {
    round(i);
    return fileOf(heap);
  });
  return findLeaks(files);
}

function assertCannotTell(report: LeakReport, why: RegExp): void {
  assert.equal(report.verdict, "cannot-tell", report.sentence);
  assert.match(report.sentence, why);
  assert.ok(!report.sentence.includes("\n"));
}

/** Of one snapshot there is nothing to say at all. */
function assertSameSnapshot(report: LeakReport): void {
  assertCannotTell(report, /same snapshot/);
  assert.equal(report.comparison, "by-id");
  assert.deepEqual([report.suspects, report.classes], [[], []]);
  assert.deepEqual(report.totals.unexplained, report.totals.growth);
}

/** Of two processes there is no more than what they call by the same names. */
function assertOnlyByName(report: LeakReport): void {
  assertCannotTell(report, /two processes/);
  assert.equal(report.comparison, "by-name");
  assert.ok(report.warnings.some(({ code }) => code === "other-process"));
  assert.ok(report.suspects.every(({ verdict }) => verdict === "grew"));
}

suite("snapshots that cannot be compared", () => {
  test("are those of two runs of one program, even taken at the same point", async () => {
    const [first, other] = await Promise.all([
      snapshotsOf("seed-server-objects"),
      snapshotsOf("seed-server-objects", { phases: [2, 6] }),
    ]);
    for (const pair of [
      [first.files[0]!, other.files[0]!],
      [first.files[0]!, other.files[1]!],
      [other.files[0]!, first.files[2]!],
      [first.files[0]!, first.files[1]!, other.files[1]!],
    ])
      assertOnlyByName(await findLeaks(pair));
  });

  test("are those of the main thread and of a worker", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const worker = new Worker("setInterval(() => {}, 1000)", { eval: true });
    const file = join(folder, "worker.heapsnapshot");
    await new Promise((resolve) => worker.once("online", resolve));
    await pipeline(await worker.getHeapSnapshot(), createWriteStream(file));
    await worker.terminate();
    assertOnlyByName(await findLeaks([files[0]!, file]));
  });

  test("are one file given twice, wherever it stands", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const [a, b] = files as [string, string];
    for (const given of [
      [a, a],
      [a, b, b],
      [a, b, a],
    ])
      assertSameSnapshot(await findLeaks(given));
  });

  test("but not those of a process at rest, where it is known that they were taken one after the other", async () => {
    const { files } = await snapshotsOf("seed-server-objects");
    const report = await findLeaks([files[0]!, files[0]!, files[0]!], { distinct: true });
    assert.deepEqual([report.verdict, report.suspects, report.totals.growth], ["no-leak", [], [0, 0]]);
  });

  test("are two with nothing in them but a root", async () => {
    const heap = new SnapshotBuilder();
    assertSameSnapshot(await reportOnFiles(heap, () => {}, 2));
  });
});

suite("odd heaps", () => {
  test("of a root and one object more are no leak", async () => {
    const heap = new SnapshotBuilder();
    const report = await reportOnFiles(
      heap,
      (round) => round > 0 && heap.property(0, `p${round}`, heap.object("A")),
      3,
    );
    assert.notEqual(report.verdict, "leak");
  });

  test("with objects nobody refers to are read, and the leak in them is found", async () => {
    const program = new SmallProgram("const list = [];\n");
    const list = program.variable("list", program.array());
    const report = await reportOnFiles(program.heap, () => {
      for (let i = 0; i < 20; i++) {
        program.object("Adrift", {}, 100);
        const [one, other] = [program.object("Ring"), program.object("Ring")];
        program.heap.property(one, "other", other).property(other, "one", one);
        program.push(list, program.object("Entry", {}, 1000));
      }
    });
    assert.ok(report.suspects.some(({ title }) => title.includes("`list`")));
  });

  test("with ids that come twice, or are 0, are compared all the same", async () => {
    const program = new SmallProgram("const list = [];\n");
    const { heap } = program;
    const list = program.variable("list", program.array());
    const report = await reportOnFiles(heap, (round) => {
      for (let i = 0; i < 20; i++) {
        const id = i === 0 ? 0 : i < 5 ? 7 : 100_001 + 2 * (20 * round + i);
        program.push(list, heap.object("Entry", { id, size: 1000 }));
      }
    });
    assert.ok(["leak", "no-leak", "cannot-tell"].includes(report.verdict));
    assert.equal(report.totals.growth.length, 2);
  });

  test("whose classes and properties are called as JavaScript's or V8's own are heaps like others", async () => {
    const names = [
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "system / Context",
      "(GC roots)",
      "global",
    ];
    for (const name of [...names, "\u001b[31mred\u001b[0m", "", "\u202e", "a\nb", "Array", "Map", "Promise"]) {
      const program = new SmallProgram();
      const { heap } = program;
      const holder = program.variable("holder", heap.object(name));
      const report = await reportOnFiles(heap, (round) => {
        for (let i = 0; i < 20; i++) {
          const held = heap.object(name, { size: 500 });
          heap.property(held, name, heap.object(name, { size: 100 }));
          heap.property(holder, `${name}${round}${i}`, held);
          heap.element(holder, 20 * round + i, held);
        }
      });
      assert.equal(report.verdict, "leak", JSON.stringify(name));
      assert.ok(
        report.totals.suspects.every((bytes) => bytes >= 20 * 600),
        `${name}: ${report.totals.suspects}`,
      );
      assert.deepEqual(JSON.parse(JSON.stringify(report)) as unknown, report);
    }
  });

  test("may have variables and files with such names", async () => {
    for (const name of ["__proto__", "constructor", "\u001b[2J", "a`b", "elements", "table", "context"]) {
      const program = new SmallProgram(`let ${name};\n`, `/app/${name}.js`);
      const list = program.variable(name, program.array());
      const report = await reportOnFiles(program.heap, () => {
        for (let i = 0; i < 20; i++) program.push(list, program.object("Entry", {}, 1000));
      });
      assert.equal(report.verdict, "leak", JSON.stringify(name));
      assert.equal(report.suspects[0]!.kind, "module-array");
      assert.equal(report.suspects[0]!.holder.name, name);
    }
  });

  test("may hold a list of a million links", async () => {
    const lengths = [500_000, 1_000_000];
    const report = await compareHeaps(lengths.map((length) => analyseHeap(linkedList(length))));
    assert.equal(report.verdict, "grew");
    assert.deepEqual(report.totals.growth, [8_000_000]);
    assert.deepEqual(report.totals.suspects, report.totals.growth);
    assert.ok(JSON.stringify(report).length < 100_000, "no path of a million steps");
  });
});

suite("the data of a program's users", () => {
  const SECRET = "hunter2-XYZZY";
  const keys = [
    `${SECRET}@example.com`,
    "4111111111111111",
    "d41d8cd98f00b204e9800998ecf8427e",
    "Bearer eyJhbGciOiJIUzI1NiJ9",
    "/home/somebody/private.txt",
    "+49 170 1234567",
    "session-8c1f0b2a9d7e4f60",
  ];

  const holders: readonly [what: string, grow: (program: SmallProgram) => (round: number) => void][] = [
    [
      "texts in objects of an array",
      (program) => {
        const list = program.variable("list", program.array());
        return () => times(30, () => program.push(list, program.object("User", { password: secretText(program) })));
      },
    ],
    [
      "texts that are elements, keys and values themselves",
      (program) => {
        const list = program.variable("list", program.array());
        const map = program.variable("map", program.map());
        return () =>
          times(30, () => {
            program.push(list, secretText(program));
            program.add(map, secretText(program), secretText(program));
          });
      },
    ],
    [
      "keys of a dictionary",
      (program) => {
        const users = program.variable("users", program.object("Object"));
        return (round) =>
          times(30, (i) => {
            for (const key of keys) program.heap.property(users, `${key}${round}${i}`, program.object("User", {}, 500));
          });
      },
    ],
    [
      "keys on the way to what leaks",
      (program) => {
        const { heap } = program;
        const tenants = program.variable("tenants", program.object("Object"));
        const lists = keys.map((key) => {
          const list = program.array();
          heap.property(tenants, key, list);
          return list;
        });
        return () => times(30, () => lists.forEach((list) => program.push(list, program.object("Row", {}, 300))));
      },
    ],
    [
      "keys that many dictionaries have in common",
      (program) => {
        const { heap } = program;
        const list = program.variable("list", program.array());
        return () =>
          times(30, () => {
            const dictionary = program.object("Object", {}, 200);
            for (const key of keys) heap.property(dictionary, key, program.object("Row", {}, 50));
            program.push(list, dictionary);
          });
      },
    ],
    [
      "keys of a value that is replaced",
      (program) => {
        const { heap } = program;
        const byUser = program.variable("byUser", program.object("Object"));
        let old: NodeRow | undefined;
        const rows: NodeRow[] = [];
        return () => {
          if (old !== undefined) program.freeArray(old);
          times(50, () => rows.push(program.object("Row", {}, 500)));
          old = program.array();
          program.push(old, ...rows);
          heap.property(byUser, keys[0]!, old);
        };
      },
    ],
    [
      "texts joined, sliced, symbols, numbers of any length and patterns",
      (program) => {
        const { heap } = program;
        const list = program.variable("list", program.array());
        return () =>
          times(30, () => {
            for (const type of ["concatenated string", "sliced string", "symbol", "bigint", "regexp"])
              program.push(list, heap.node(type, SECRET, { size: 200 }));
          });
      },
    ],
    [
      "an entry of a WeakMap, whose texts V8 writes on its edges",
      (program) => {
        const { heap } = program;
        const key = program.variable("app", program.object("App"));
        const table = heap.array("", { size: 1000 });
        heap.internal(program.variable("map", program.object("WeakMap")), "table", table);
        let counter = 0;
        return () =>
          times(30, () => {
            const value = heap.string(`${SECRET}${counter++}`, { size: 300 });
            const text = `part of key (${SECRET} @${heap.id(key)}) -> value (${SECRET} @${heap.id(value)})`;
            const entry = ` / ${text} pair in WeakMap (table @${heap.id(table)})`;
            heap.internal(key, `${counter}${entry}`, value).internal(table, `${counter}${entry}`, value);
          });
      },
    ],
  ];

  for (const [what, grow] of holders)
    test(`is in no report: ${what}`, async () => {
      const program = new SmallProgram();
      const report = await reportOnFiles(program.heap, grow(program));
      assert.equal(report.verdict, "leak", report.sentence);
      const text = JSON.stringify(report);
      for (const secret of [SECRET, ...keys]) assert.ok(!text.includes(secret), excerpt(text, secret));
    });

  test("is not what a program calls its events: those are told", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const listeners = program.array();
    const events = program.object("Object", { "theme-changed": listeners });
    program.variable("hub", program.object("EventEmitter", { _events: events }));
    const report = await reportOnFiles(heap, () =>
      times(30, (i) => program.push(listeners, program.function("onChange", program.newScope(program.scope), i + 1))),
    );
    assert.match(report.suspects[0]!.title, /theme-changed/);
  });

  function secretText(program: SmallProgram): NodeRow {
    return program.heap.string(`${SECRET} ${program.heap.nodeCount}`, { size: 100 });
  }
});

function excerpt(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return `…${text.slice(Math.max(0, at - 120), at + secret.length + 40)}…`;
}
