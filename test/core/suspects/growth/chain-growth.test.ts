import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leakAfter, leaksOf, onlyLeak, times } from "../../../support/suspects.js";

const JOB = 400;
const ROOM = 32;

/** A queue in two slots of what holds it, as `head` and `tail`: blocks that refer to the next one each. */
class Blocks {
  readonly #program: SmallProgram;
  readonly #put: (name: "head" | "tail", block: NodeRow, old: NodeRow | undefined) => void;
  readonly #jobs: NodeRow[] = [];
  #items!: NodeRow;
  #head: NodeRow | undefined;
  #tail: NodeRow | undefined;
  #added = 0;
  #taken = 0;

  constructor(program: SmallProgram, put: Blocks["put"]) {
    this.#program = program;
    this.#put = put;
    this.#open();
  }

  get put(): (name: "head" | "tail", block: NodeRow, old: NodeRow | undefined) => void {
    return this.#put;
  }

  push(): void {
    if (this.#added > 0 && this.#added % ROOM === 0) this.#open();
    this.#jobs.push(this.#program.object("Job", {}, JOB));
    this.#program.push(this.#items, this.#jobs[this.#added++]!);
  }

  /** Takes the oldest out; who has taken all of a block goes on with the next one. */
  shift(): void {
    this.#program.heap.free(this.#jobs[this.#taken++]!);
    if (this.#taken % ROOM !== 0) return;
    const next = this.#blocks[this.#taken / ROOM]!;
    const old = this.#head!;
    this.#put("head", next, old);
    this.#program.freeArray(this.#itemsOf.get(old)!);
    this.#program.heap.free(old);
    this.#head = next;
  }

  readonly #blocks: NodeRow[] = [];
  readonly #itemsOf = new Map<NodeRow, NodeRow>();

  #open(): void {
    this.#items = this.#program.array();
    const block = this.#program.object("Block", { items: this.#items });
    this.#blocks.push(block);
    this.#itemsOf.set(block, this.#items);
    if (this.#tail === undefined) this.#put("head", (this.#head = block), undefined);
    else this.#program.heap.property(this.#tail, "next", block);
    this.#put("tail", block, this.#tail);
    this.#tail = block;
  }
}

function queueIn(program: SmallProgram, variable: string): Blocks {
  const { heap } = program;
  const queue = program.variable(variable, program.object("Queue"));
  return new Blocks(program, (name, block, old) => {
    if (old !== undefined) heap.unlink(queue, name);
    heap.property(queue, name, block);
  });
}

suite("growth at the end of a list", () => {
  test("is one finding where blocks hang on another holder in each interval", async () => {
    const program = new SmallProgram();
    const queue = queueIn(program, "mails");
    const report = await reportAfter(program, (round) => times(round === 0 ? 10 : 50, () => queue.push()));
    const leak = onlyLeak(report);
    assert.equal(report.suspects.length, 1);
    assert.match(
      leak.title,
      /^linked list of Block from `mails\.head`, module scope of server\.js.*, linked by `next`$/,
    );
    assert.equal(leak.verdict, "growing");
    assert.match(leak.advice, /^It grows at its end/);
    assert.deepEqual(leak.growth.entryCounts, [1, 2, 4]);
    leak.growth.bytes.forEach((bytes) => assert.ok(bytes >= 50 * JOB && bytes < 50 * (JOB + 20), `${bytes}`));
    assert.deepEqual(
      leak.leaked.classes.find(({ name }) => name === "Job"),
      { name: "Job", count: 100, bytes: 100 * JOB },
    );
    assert.ok(
      report.totals.unexplained.every((bytes) => Math.abs(bytes) < JOB),
      `${report.totals.unexplained}`,
    );
  });

  test("counts what the reader takes at the head against it", async () => {
    const program = new SmallProgram();
    const queue = queueIn(program, "mails");
    const report = await reportAfter(program, (round) => {
      times(round === 0 ? 200 : 100, () => queue.push());
      if (round > 0) times(30, () => queue.shift());
    });
    const leak = onlyLeak(report);
    assert.match(leak.title, /`mails\.head`/);
    leak.growth.bytes.forEach((bytes) => assert.ok(bytes >= 69 * JOB && bytes < 71 * (JOB + 30), `${bytes}`));
  });

  test("counts the hidden classes that hang on what is new, and calls them no engine's", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    let tail = program.variable("first", program.object("Listener", {}, 300));
    const report = await reportAfter(program, () =>
      times(40, () => {
        const next = program.object("Listener", {}, 300);
        heap
          .internal(next, "map", heap.node("object shape", "system / Map", { size: 100 }))
          .property(tail, "next", next);
        tail = next;
      }),
    );
    assert.deepEqual(onlyLeak(report).growth.bytes, [40 * 400, 40 * 400]);
    assert.deepEqual(report.totals.engine, [0, 0]);
  });

  test("is not what a link has that was there from the start, and gains most", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const first = program.variable("first", program.object("User"));
    let tail = first;
    let profile: NodeRow | undefined;
    const report = await reportAfter(program, (round) => {
      times(10, () => {
        const next = program.object("User", {}, 600);
        heap.property(tail, "next", next);
        tail = next;
      });
      if (profile !== undefined) heap.unlink(first, "profile").free(profile);
      heap.property(first, "profile", (profile = program.object("Profile", {}, 20_000 * (round + 1))));
    });
    const leak = leaksOf(report)[0]!;
    assert.match(leak.title, /^Profile `first\.profile`/);
    assert.deepEqual(leak.growth.bytes, [20_000, 20_000]);
  });

  test("is not what the last link has, though another one follows it in the end", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const visits = program.array();
    const last = program.object("Session", { visits });
    program.variable("first", program.object("Session", { next: program.object("Session", { next: last }) }));
    const leak = await leakAfter(program, (round) => {
      times(50, () => program.push(visits, program.object("Visit", {}, 300)));
      if (round === 2) heap.property(last, "next", program.object("Session"));
    });
    assert.match(leak.title, /^Array `first\.next\.next\.visits`/);
  });

  test("leaves to the holder what else grows in it", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const queue = new Blocks(program, (name, block, old) => {
      if (old !== undefined) heap.unlink(program.scope, name);
      program.variable(name, block);
    });
    let text: NodeRow | undefined;
    const report = await reportAfter(program, (round) => {
      times(round === 0 ? 10 : 50, () => queue.push());
      if (text !== undefined) heap.unlink(program.scope, "text").free(text);
      text = program.variable("text", program.object("Text", {}, 30_000 * (round + 1)));
    });
    const [text1, list, ...others] = report.suspects;
    assert.deepEqual(others, []);
    assert.match(text1!.title, /^Text `text`/);
    assert.deepEqual(text1!.growth.bytes, [30_000, 30_000]);
    assert.match(list!.title, /^linked list of Block from `head`/);
    list!.growth.bytes.forEach((bytes) => assert.ok(bytes >= 50 * JOB && bytes < 50 * (JOB + 20), `${bytes}`));
  });

  test("is told from its head, with all of its links, though most of them live in all snapshots", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const queue = program.variable("connections", program.object("Semaphore"));
    let last: NodeRow | undefined;
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const waiter = heap.object("Object", { size: 40 });
        if (last === undefined) heap.property(queue, "first", waiter);
        else heap.property(last, "next", waiter).unlink(queue, "last");
        heap.property(queue, "last", waiter);
        last = waiter;
      }),
    );
    assert.match(leak.title, /^linked list of Object from `connections\.first`, .*, linked by `next`$/);
    assert.deepEqual(leak.growth.entryCounts, [40, 80, 120]);
    assert.deepEqual(leak.growth.bytes, [1600, 1600]);
    assert.match(leak.path[leak.path.length - 1]!.words, /next/);
  });

  test("is told of the Map or Array that has its head", async () => {
    for (const isMap of [true, false]) {
      const program = new SmallProgram();
      const { heap } = program;
      const table = program.variable("byType", isMap ? program.map() : program.array());
      let last = program.object("Object", {}, 40);
      if (isMap) program.add(table, heap.string("abort"), last);
      else program.push(table, last);
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const link = program.object("Object", { listener: program.object("Listener", {}, JOB) }, 40);
          heap.property(last, "next", link);
          last = link;
        }),
      );
      const name = isMap ? "byType{…}" : "byType[…]";
      assert.equal(leak.title, `linked list of Object from \`${name}\`, module scope of server.js, linked by \`next\``);
      assert.deepEqual(leak.growth.entryCounts, [41, 81, 121]);
    }
  });

  test("is none where the reader takes as much as comes", async () => {
    const program = new SmallProgram();
    const queue = queueIn(program, "mails");
    const report = await reportAfter(program, (round) => {
      times(round === 0 ? 100 : 64, () => queue.push());
      if (round > 0) times(64, () => queue.shift());
    });
    assert.deepEqual(report.suspects, []);
  });

  for (const [what, isAtHead] of [
    ["its end and lost at its head", false],
    ["its head and lost at its end", true],
  ] as const)
    test(`is none where as much came at ${what}, though most of it lives in all snapshots`, async () => {
      const program = new SmallProgram();
      const { heap } = program;
      const list = program.variable("list", program.object("List"));
      const links: NodeRow[] = []; // the first one first
      const point = (name: "first" | "last", link: NodeRow): void => {
        if (links.length > 0) heap.unlink(list, name);
        heap.property(list, name, link);
      };
      const put = (): void => {
        const link = heap.object("Link", { size: JOB });
        if (isAtHead) {
          point("first", link);
          if (links.length > 0) heap.property(link, "next", links[0]!);
          links.unshift(link);
        } else {
          if (links.length > 0) heap.property(links[links.length - 1]!, "next", link);
          else point("first", link);
          point("last", link);
          links.push(link);
        }
      };
      const take = (): void => {
        if (isAtHead) {
          heap.unlink(links[links.length - 2]!, "next").free(links.pop()!);
        } else {
          const gone = links.shift()!;
          point("first", links[0]!);
          heap.free(gone);
        }
      };
      const report = await reportAfter(program, (round) => {
        times(round === 0 ? 200 : 60, put);
        if (round > 0) times(60, take);
      });
      assert.deepEqual(report.suspects, []);
      assert.equal(report.verdict, "no-leak");
    });

  test("is the holder's where all links hang on that, as they do when they are linked both ways", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const queue = program.variable("queue", program.object("Queue"));
    const first = program.object("Link");
    let last = first;
    heap.property(queue, "first", last).property(queue, "last", last);
    const report = await reportAfter(program, (round) => {
      if (round > 0) heap.unlink(first, "text");
      heap.property(first, "text", program.object("Text", {}, 5000 * (round + 1)));
      times(round === 0 ? 0 : 40, () => {
        const link = program.object("Link", { prev: last }, JOB);
        heap.property(last, "next", link).unlink(queue, "last").property(queue, "last", link);
        last = link;
      });
    });
    assert.deepEqual(
      leaksOf(report).map(({ title }) => title.replace(/,.*/, "")),
      ["linked list of Link from `queue.first`", "Text `queue.first.text`"],
    );
  });

  test("is no list's where objects have keys of users', though V8 has one hidden class for all of those", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const [shape, prototype] = [heap.node("object shape", "system / Map", { size: 80 }), heap.object("Object")];
    const dictionary = (): { object: NodeRow; put: (key: string, value: NodeRow) => void } => {
      const [object, table] = [heap.object("Object"), heap.array("", { size: 400 })];
      heap.internal(object, "map", shape);
      // Behind the properties, as V8 has them.
      const put = (key: string, value: NodeRow): void =>
        void heap
          .unlink(object, "properties")
          .unlink(object, "__proto__")
          .property(object, key, value)
          .internal(object, "properties", table)
          .property(object, "__proto__", prototype);
      return { object, put };
    };
    const days = dictionary();
    program.variable("visits", program.object("Visits", { days: days.object }));
    const { suspects } = await reportAfter(program, (round) => {
      const day = dictionary();
      times(60, (i) => day.put(`page ${i}`, program.object("Visit", {}, JOB)));
      days.put(`day ${round}`, day.object);
    });
    assert.deepEqual(
      suspects.map(({ kind, verdict }) => [kind, verdict]),
      [["replaced-container", "settled"]],
    );
  });

  test("is no list's where one of its links has something that grows", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const log = program.array();
    const second = program.object("Session", { log });
    program.variable("sessions", program.object("Session", { next: second }));
    const leak = await leakAfter(program, (round) => {
      times(40, () => program.push(log, program.object("Line", {}, JOB)));
      if (round === 1) heap.property(second, "next", program.object("Session"));
    });
    assert.match(leak.title, /^Array `sessions\.next\.log`/);
  });
});
