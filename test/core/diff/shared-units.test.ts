import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { ByteColumn } from "#core/graph/heap-graph.js";
import { creditSharedUnits } from "#core/diff/shared-units.js";
import { arbitraryHistory, heapsOf, sumsOf } from "../../support/arbitrary-history.js";
import { growthOver, heapsAfter, ownGrowth, SmallProgram, survivorWithId } from "../../support/small-program.js";
import type { NodeRow } from "../../support/snapshot-builder.js";

suite("what several holders refer to", () => {
  test("is given to the holder that collects it", () => {
    //            bookings -> Array -> Booking ↘
    //   scope <                                 Booking -> Night      both refer to all; the Array to new ones only
    //            byRoom  -> Map   -> Booking ↗
    const program = new SmallProgram();
    const byRoom = program.variable("byRoom", program.map());
    const bookings = program.variable("bookings", program.array());
    const at = grow(program, () => {
      const booking = program.object("Booking", { night: program.object("Night", {}, 2000) });
      program.push(bookings, booking);
      program.add(byRoom, program.heap.object("String"), booking);
    });
    const grown = [at(bookings), at(byRoom)];
    assert.deepEqual(grown.map((bytes) => bytes[0]! >= 2000).sort(), [false, true], `${grown}`);
    // Nothing is left with the scope, which dominates it.
    assert.deepEqual(at(program.scope), [0, 0]);
  });

  test("is given to who refers to it, rather than to who has things that do and are gone next time", () => {
    //   scope -state-> State -> Page ...       scope -view-> View -> Hook -> State       all but pages and View are new
    const program = new SmallProgram();
    const view = program.variable("view", program.object("View"));
    const pages: NodeRow[] = [];
    let before: NodeRow[] = [];
    const at = grow(program, (round) => {
      for (const each of before) program.heap.free(each);
      pages.push(program.object("Page", {}, 3000));
      const state = program.object("State", Object.fromEntries(pages.map((page, i) => [`page${i}`, page])));
      program.variable("state", state);
      const hooks = Array.from({ length: round + 1 }, () => program.object("Hook", { state }));
      for (const [i, hook] of hooks.entries()) program.heap.property(view, `hook${i}`, hook);
      before = [state, ...hooks];
    });
    assert.deepEqual(at(program.scope), [3000, 3000]);
    assert.deepEqual(at(view), [32, 32]);
  });

  test("is given to the older of two that gain alike, wherever V8 has moved them", () => {
    for (const older of [0, 1]) {
      const program = new SmallProgram();
      const ids = older === 0 ? [100_001, 100_003] : [100_003, 100_001];
      const holders = ids.map((id, i) => program.variable(`holder${i}`, program.heap.object("Holder", { id })));
      const at = grow(program, (round) => {
        const page = program.object("Page", {}, 3000);
        for (const holder of holders) program.heap.property(holder, `page${round}`, page);
      });
      assert.deepEqual(at(holders[older]!), [3000, 3000]);
      assert.deepEqual(at(holders[1 - older]!), [0, 0]);
    }
  });

  test("is given to the same one in all snapshots, whichever of them V8 has just given a new backing store", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const holders = ["one", "two"].map((name) => program.variable(name, program.object("Holder")));
    const stores: NodeRow[] = [];
    const kept: NodeRow[] = [];
    const at = grow(program, (round) => {
      kept.push(program.object("Page", {}, 3000));
      holders.forEach((holder, i) => {
        const old = stores[i];
        if (old === undefined || i === round % 2) {
          if (old !== undefined) heap.unlink(holder, "elements").free(old);
          stores[i] = heap.array("(object elements)", { size: 200 });
          heap.internal(holder, "elements", stores[i]!);
          kept.slice(0, -1).forEach((page, slot) => heap.internal(stores[i]!, String(slot), page));
        }
        heap.internal(stores[i]!, String(kept.length - 1), kept.at(-1)!);
      });
    });
    assert.deepEqual(holders.map(at).sort(), [
      [0, 0],
      [3000, 3000],
    ]);
  });

  test("is not led on from one of Node's timers to the next: the list has them, not who keeps one of them", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const list = program.variable("list", program.object("TimersList"));
    const windows: { window: NodeRow; active: NodeRow }[] = [];
    let timers: NodeRow[] = [];
    const at = grow(program, () => {
      for (let i = 0; i < 2; i++) {
        const active = program.object("Active");
        windows.push({ window: program.object("Page", { active }, 3000), active });
      }
      const old = timers;
      // Each is armed anew when it is due.
      timers = windows.map(({ window, active: own }, i) => {
        if (old[i] !== undefined) heap.unlink(own, "timer").free(old[i]);
        const timer = program.object("Timeout", { window }, 80);
        heap.property(own, "timer", timer);
        return timer;
      });
      heap.unlink(list, "_idleNext").unlink(list, "_idlePrev");
      const [first, second, ...others] = timers as [NodeRow, NodeRow, ...NodeRow[]];
      [list, second, first, ...others].forEach((each, i, ring) => {
        const next = ring[(i + 1) % ring.length]!;
        heap.property(each, "_idleNext", next).property(next, "_idlePrev", each);
      });
    });
    assert.deepEqual(
      [list, windows[0]!.active].map((each) => at(each).map((bytes) => bytes >= 3000)),
      [
        [true, true],
        [false, false],
      ],
    );
  });

  test("goes to the one whose references grow, not to one that always has a few", () => {
    // all -> Array keeps every Session; recent -> Array of the newest two refers to some of them as well
    const program = new SmallProgram();
    const recent = program.variable("recent", program.object("Recent"));
    const all = program.variable("all", program.array());
    const at = grow(program, () => {
      for (const name of ["newest", "second"]) {
        const session = program.object("Session", {}, 3000);
        program.heap.unlink(recent, name).property(recent, name, session);
        program.push(all, session);
      }
    });
    assert.deepEqual(
      at(all).map((bytes) => bytes >= 6000),
      [true, true],
    );
    assert.deepEqual(at(recent), [0, 0]);
  });

  test("goes to who keeps what has left a bounded one, also by way of something of its own", () => {
    // open -> the ten newest Sessions; jobs -> Array of a Job for each Session that there ever was, or of the Sessions
    for (const isJob of [true, false]) {
      const program = new SmallProgram();
      const open = program.variable("open", program.object("Open"));
      const jobs = program.variable("jobs", program.array());
      let made = 0;
      const at = grow(program, (round) => {
        for (let i = 0; i < (round === 0 ? 10 : 5); i++) {
          const session = program.object("Session", {}, 3000);
          program.heap.unlink(open, `place${made % 10}`).property(open, `place${made++ % 10}`, session);
          program.push(jobs, isJob ? program.object("Job", { session }) : session);
        }
      });
      assert.deepEqual(
        at(jobs).map((bytes) => bytes >= 15_000),
        [true, true],
      );
      assert.deepEqual(at(open), [0, 0]);
    }
  });

  test("takes what it alone keeps along, and what hangs on several such units", () => {
    // two Arrays -> Order × 2 -> one Customer, new each round
    const program = new SmallProgram();
    const [open, all] = [program.variable("open", program.array()), program.variable("all", program.array())];
    const at = grow(program, () => {
      const customer = program.object("Customer", {}, 5000);
      for (let i = 0; i < 2; i++) {
        const order = program.object("Order", { customer }, 50);
        program.push(open, order);
        program.push(all, order);
      }
    });
    assert.deepEqual(at(program.scope), [0, 0]);
    assert.ok(
      [at(open), at(all)].some((grown) => grown.every((bytes) => bytes >= 5100)),
      `${at(open)} ${at(all)}`,
    );
  });

  test("goes to one and the same of two that gain alike, in whatever order their units are", () => {
    //   listeners -> Array -> function ⇄ Watcher ⇄ function <- Array <- handlers
    const program = new SmallProgram();
    const [listeners, handlers] = ["listeners", "handlers"].map((name) => program.variable(name, program.array()));
    const at = grow(program, (round) => {
      const made = [listeners!, handlers!].map((list) => ({ list, listener: NaN }));
      if (round % 2 === 1) made.reverse();
      for (const each of made) each.listener = program.object("Listener", {}, 50);
      const watcher = program.object("Watcher", {}, 5000);
      for (const { list, listener } of made) {
        program.push(list, listener);
        program.heap.property(listener, "watcher", watcher).element(watcher, list, listener);
      }
    });
    assert.deepEqual([listeners!, handlers!].map((list) => at(list).map((bytes) => bytes >= 5000)).sort(), [
      [false, false],
      [true, true],
    ]);
  });

  test("is not a root's, which V8 and Node have for every open handle, if the program refers to it as well", () => {
    // scope -sockets-> Array -> Socket <- Node's handle <- root
    const program = new SmallProgram();
    const sockets = program.variable("sockets", program.array());
    const at = grow(program, () => {
      const socket = program.object("Socket", {}, 4000);
      program.push(sockets, socket);
      program.heap.element(program.heap.root(), program.heap.id(socket), socket);
    });
    assert.deepEqual(
      at(sockets).map((bytes) => bytes >= 4000),
      [true, true],
    );
  });

  test("stays where it is if one holder keeps it alone", () => {
    const program = new SmallProgram();
    const own = program.variable("own", program.array());
    const at = grow(program, () => program.push(own, program.object("Page", {}, 4000)));
    assert.deepEqual(at(own), [4000, 4000]);
  });

  test("leaves the sums over all holders what they were", () => {
    fc.assert(
      fc.property(arbitraryHistory(3), (history) => {
        const growth = sumsOf(heapsOf(history));
        const sum = (columns: readonly ByteColumn[]): number[] =>
          columns.map((column) => [...column].reduce((total, value) => total + value, 0));
        const before = [growth.program, growth.engine].map(sum);
        creditSharedUnits(growth);
        assert.deepEqual([growth.program, growth.engine].map(sum), before);
      }),
    );
  });

  test("has its region where its bytes are", () => {
    fc.assert(
      fc.property(arbitraryHistory(3), (history) => {
        const growth = sumsOf(heapsOf(history));
        creditSharedUnits(growth);
        growth.heaps.forEach(({ graph }, i) => {
          const bytes = new Float64Array(growth.survivors.count);
          for (let node = 0; node < graph.nodeCount; node++)
            bytes[growth.cuts[i]!.regionOf(node)]! += graph.selfSize[node]!;
          assert.deepEqual(
            Float64Array.from(growth.program[i]!, (each, survivor) => each + growth.engine[i]![survivor]!),
            bytes,
          );
        });
      }),
    );
  });
});

function grow(program: SmallProgram, round: (number: number) => void): (holder: NodeRow) => number[] {
  const growth = growthOver(heapsAfter(program.heap, 3, round));
  return (holder) => ownGrowth(growth, survivorWithId(growth, program.heap.id(holder)));
}
