import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LeakReport } from "@leakdiff/core";
import { compareHeaps } from "#core/compare-heaps.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { heapsAfter, reportAfter, SmallProgram } from "../../../support/small-program.js";
import { onlyLeak, times } from "../../../support/suspects.js";

const EACH = 40;

interface Slots {
  readonly program: SmallProgram;
  /** Puts as many pages as each round has into the next places. */
  readonly fill: (round: number) => void;
}

/** An Array in a variable that has room for so many elements, and undefined in so many of its places. */
function slotsWith(room: number, empty: number): Slots {
  const program = new SmallProgram();
  const { heap } = program;
  const slots = program.variable("slots", heap.object("Array", { size: 32 }));
  const store = heap.array("(object elements)", { size: 8 * (room + 2) });
  heap.internal(slots, "elements", store);
  const nothing = heap.node("hidden", "undefined");
  times(empty, (i) => heap.element(slots, i, nothing));
  let next = 0;
  const put = (page: NodeRow): void => {
    const place = next++;
    if (place < empty) heap.unlink(slots, place);
    heap.element(slots, place, page).internal(store, String(place), page);
  };
  return { program, fill: () => times(EACH, () => put(program.object("Page", {}, 300))) };
}

async function told(
  { program, fill }: Slots,
  rounds = 3,
): Promise<[LeakReport["verdict"], string | undefined, unknown]> {
  const { verdict, suspects } = await reportAfter(program, fill, rounds);
  return [verdict, suspects[0]?.verdict, suspects[0]?.growth.entryCounts];
}

suite("an array that fills the places it was given", () => {
  test("is no leak, with as many elements as are in its places, which held undefined before", async () => {
    assert.deepEqual(await told(slotsWith(1000, 1000)), ["no-leak", "filling", [40, 80, 120]]);
    assert.deepEqual(await told(slotsWith(1000, 1000), 2), ["no-leak", "filling", [40, 80]]);
    assert.deepEqual(
      await told(slotsWith(130, 130)),
      ["no-leak", "filling", [40, 80, 120]],
      "when it is almost full, too",
    );
  });

  test("is not denied with two snapshots: it grew", async () => {
    const { program, fill } = slotsWith(1000, 1000);
    const { sentence } = await reportAfter(program, fill, 2);
    assert.equal(sentence, "nothing grew that would not come to an end");
  });

  test("is no leak where there are no elements yet, but more room than V8 makes by itself", async () => {
    assert.deepEqual(await told(slotsWith(1000, 0)), ["no-leak", "filling", [40, 80, 120]]);
  });

  test("is one where V8 may have made the room, which will not be enough", async () => {
    const slots = slotsWith(200, 0);
    times(2, () => slots.fill(0));
    assert.deepEqual(await told(slots), ["leak", "growing", [120, 160, 200]]);
  });

  test("is one where the room becomes larger", async () => {
    const slots = slotsWith(1000, 1000);
    const { program } = slots;
    const list = program.variable("list", program.array());
    const report = await reportAfter(program, () =>
      times(EACH, () => program.push(list, program.object("Page", {}, 300))),
    );
    assert.match(onlyLeak(report).title, /`list`/);
  });

  test("is none after a clean-up, either", async () => {
    const { program, fill } = slotsWith(1000, 1000);
    const report = await compareHeaps(heapsAfter(program.heap, 3, fill), { cleanup: true });
    assert.equal(report.suspects[0]?.verdict, "filling");
  });
});
