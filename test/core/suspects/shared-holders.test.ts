import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../support/small-program.js";
import { leakAfter, times } from "../../support/suspects.js";

suite("two holders of the same objects", () => {
  test("are one leak that names both, and which comes first is up to their names", async () => {
    for (const isMapFirst of [false, true]) {
      const program = new SmallProgram();
      const [list, index] = isMapFirst ? ["byRoom", "allBookings"] : ["allBookings", "byRoom"];
      const bookings = program.variable(list, program.array());
      const rooms = program.variable(index, program.map());
      const leak = await leakAfter(program, () =>
        times(40, () => {
          const booking = program.object("Booking", {}, 300);
          program.push(bookings, booking);
          program.add(rooms, program.heap.string("room"), booking);
        }),
      );
      assert.match(leak.title, /`allBookings`/);
      assert.equal(leak.alsoHeldBy.length, 1);
      assert.match(leak.alsoHeldBy[0]!, /`byRoom`/);
    }
  });
});
