import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { leakAfter, leaksOf, times } from "../../../support/suspects.js";

/** A state that is copied each round, rooms and all: 40 rooms in the first, then 60. */
class CopiedState {
  readonly program = new SmallProgram("let state;\n");
  readonly #state = this.program.variable("state", this.program.object("Object"));
  readonly #messages: NodeRow[][] = [];
  #copies: NodeRow[] = [];

  /** Copies the state after `add` has changed the messages of each room. */
  copy(add: (messages: NodeRow[]) => void): void {
    const { program } = this;
    const { heap } = program;
    const rooms = this.#messages.length === 0 ? 40 : 60;
    while (this.#messages.length < rooms) this.#messages.push([]);
    if (this.#copies.length > 0) heap.unlink(this.#state, "rooms");
    for (const old of this.#copies) heap.free(old);
    const copies = this.#messages.map((messages) => {
      add(messages);
      return program.object("Object", Object.fromEntries(messages.map((message, i) => [`at${i}`, message])));
    });
    const table = program.object("Object", Object.fromEntries(copies.map((room, i) => [`room ${i}`, room])));
    heap.property(this.#state, "rooms", table);
    this.#copies = [...copies, table];
  }
}

suite("entries of which there are no more", () => {
  test("are a leak if more and more comes into them", async () => {
    const state = new CopiedState();
    const { program } = state;
    const leak = await leakAfter(program, () =>
      state.copy((messages) => times(2, () => messages.push(program.object("Message", {}, 300)))),
    );
    assert.match(leak.title, /`state\.rooms`/);
    assert.equal(leak.verdict, "growing");
    assert.equal(leak.growth.entryCounts, null);
  });

  test("are none if what comes takes the place of something", async () => {
    const state = new CopiedState();
    const { program } = state;
    // Without much that stays the snapshots would not be those of one process.
    const settings = program.variable("settings", program.array());
    times(300, () => program.push(settings, program.object("Setting")));
    let size = 300;
    const report = await reportAfter(program, () => {
      state.copy((messages) => {
        for (const before of messages.splice(0)) program.heap.free(before);
        messages.push(program.object("Message", {}, size));
      });
      size += 200;
    });
    assert.deepEqual(leaksOf(report), []);
  });

  test("are none if they are registrations of objects that are gone", async () => {
    const program = new SmallProgram("const finalizer = new FinalizationRegistry(close);\n");
    const { heap } = program;
    const settings = program.variable("settings", program.array());
    times(300, () => program.push(settings, program.object("Setting")));
    const finalizer = program.variable("finalizer", program.object("FinalizationRegistry"));
    let cells = 0;
    const register = (isGone: boolean): void => {
      const cell = heap.node("hidden", "system / WeakCell", { size: 48 });
      heap.internal(finalizer, `cell${cells++}`, cell).internal(cell, "holdings", program.object("Handle", {}, 300));
      if (!isGone) heap.weak(cell, "target", settings);
    };
    const report = await reportAfter(program, (round) => {
      if (round < 2) times(40, () => register(false));
      times(40, () => register(true));
    });
    assert.deepEqual(leaksOf(report), []);
  });
});
