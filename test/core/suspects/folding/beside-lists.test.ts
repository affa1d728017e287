import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Suspect } from "@leakdiff/core";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, times } from "../../../support/suspects.js";

const PLACES = 1000;

interface Around {
  /** Whether the table has the key of each page, or one of its own. */
  readonly isIndex?: boolean;
  /** Entries of the table for each page. */
  readonly each?: number;
}

/** An Array that was given its places at first, and is filled one after the other. */
function filling(
  { heap }: SmallProgram,
  nothing: NodeRow,
): { readonly array: NodeRow; readonly put: (node: NodeRow) => void } {
  const array = heap.object("Array", { size: 32 });
  const store = heap.array("(object elements)", { size: 8 * (PLACES + 2) });
  heap.internal(array, "elements", store);
  times(PLACES, (i) => heap.element(array, i, nothing));
  let next = 0;
  const put = (node: NodeRow): void => {
    heap.unlink(array, next).element(array, next, node).internal(store, String(next), node);
    next++;
  };
  return { array, put };
}

/** Titles of what leaks of a cache that has keys and pages in arrays of one size, and a table beside them. */
async function leaksWith({ isIndex = true, each = 1 }: Around): Promise<string[]> {
  const program = new SmallProgram();
  const { heap } = program;
  const nothing = heap.node("hidden", "undefined");
  const [keys, pages] = [filling(program, nothing), filling(program, nothing)];
  const table = program.map();
  program.variable("cache", program.object("Cache", { keys: keys.array, pages: pages.array, table }));
  const report = await reportAfter(program, () =>
    times(40, () => {
      const key = heap.string("key", { size: 48 });
      keys.put(key);
      pages.put(program.object("Page", {}, 300));
      times(each, () => program.add(table, isIndex ? key : heap.string("other", { size: 300 }), nothing));
    }),
  );
  assert.equal(report.suspects.find(({ title }) => title.includes("pages"))?.verdict, "filling");
  return leaksOf(report).map(({ title }) => title);
}

suite("what is beside a list in its object", () => {
  test("is no leak if it is the table of lists that only fill up: it has what is in them, and as many", async () => {
    assert.deepEqual(await leaksWith({}), []);
  });

  test("is a leak where it has something else", async () => {
    const [leak] = await leaksWith({ isIndex: false });
    assert.match(leak!, /`cache\.table`/);
  });

  test("is a leak where it has more", async () => {
    const [leak] = await leaksWith({ isIndex: false, each: 2 });
    assert.match(leak!, /`cache\.table`/);
  });

  /** Titles of what leaks of an object that has rows, and numbers: so many of them in each round for each row. */
  async function leaksWithNumbers(each: number, where: "one" | "two" | "scope" = "one"): Promise<string[]> {
    const program = new SmallProgram();
    const [rows, numbers] = [program.array(), program.array()];
    if (where === "one") program.variable("cache", program.object("Cache", { rows, numbers }));
    if (where === "two") program.variable("cache", program.object("Cache", { rows }));
    if (where === "two") program.variable("other", program.object("Other", { numbers }));
    if (where === "scope") program.variable("rows", rows);
    if (where === "scope") program.variable("numbers", numbers);
    const report = await reportAfter(program, () =>
      times(300, () => {
        program.push(rows, program.object("Row", {}, 100));
        program.pushNumbers(numbers, each);
      }),
    );
    return leaksOf(report).map(({ title }) => /`(.+)`/.exec(title)![1]!);
  }

  test("is told with it if it has room for as many numbers", async () => {
    assert.deepEqual(await leaksWithNumbers(1), ["cache.rows"]);
  });

  test("is told in the order of names where several have as many numbers, whichever V8 has first", async () => {
    for (const isTurned of [false, true]) {
      const program = new SmallProgram();
      const [rows, one, other] = [program.array(), program.array(), program.array()];
      const [hours, values] = isTurned ? [one, other] : [other, one];
      program.variable("cache", program.object("Cache", { rows, hours, values }));
      const report = await reportAfter(program, () =>
        times(300, () => {
          program.push(rows, program.object("Row", {}, 100));
          for (const numbers of [one, other]) program.pushNumbers(numbers, 1);
        }),
      );
      const [{ growAlong }] = report.suspects as [Suspect];
      assert.deepEqual(
        growAlong.map((each) => /`cache\.(.+)`/.exec(each)![1]),
        ["hours", "values"],
      );
    }
  });

  test("is told with the list that stands for another of as many, too", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const nothing = heap.node("hidden", "undefined");
    const [keys, live, numbers] = [filling(program, nothing), program.array(), program.array()];
    const pages = filling(program, nothing);
    const cache = program.object("Cache", { keys: keys.array, pages: pages.array, live, numbers });
    program.variable("cache", cache);
    const report = await reportAfter(program, () =>
      times(300, () => {
        const page = program.object("Page", {}, 500);
        program.push(live, page);
        keys.put(heap.string("key", { size: 300 }));
        pages.put(page);
        program.pushNumbers(numbers, 1);
      }),
    );
    const [{ title, growAlong }, ...others] = report.suspects as [Suspect, ...Suspect[]];
    assert.deepEqual(
      [title, ...growAlong].map((each) => /`cache\.(.+)`/.exec(each)![1]),
      ["keys", "live", "numbers"],
    );
    assert.deepEqual(others, []);
  });

  test("is a leak of its own if it has room for more, or is somewhere else", async () => {
    assert.deepEqual(await leaksWithNumbers(3), ["cache.rows", "cache.numbers"]);
    assert.deepEqual(await leaksWithNumbers(1, "two"), ["cache.rows", "other.numbers"]);
    assert.deepEqual(await leaksWithNumbers(1, "scope"), ["rows", "numbers"]);
  });
});
