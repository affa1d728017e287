import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SmallProgram } from "../../../support/small-program.js";
import { leakAfter, times } from "../../../support/suspects.js";

const DETACHED = { detachedness: 2, size: 400 };

suite("elements that are no longer in the document", () => {
  test("are told by what still refers to them", async () => {
    const program = new SmallProgram("const removed = [];\n");
    const removed = program.variable("removed", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(removed, program.heap.native('<div class="row">', DETACHED))),
    );
    assert.equal(leak.kind, "detached-dom");
    assert.match(leak.title, /`removed`/);
    assert.match(leak.title, /Detached <div>/);
  });

  test("are let go of with the functions that know them, where those are what is held", async () => {
    const program = new SmallProgram("const undo = [];\n");
    const undo = program.variable("undo", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const scope = program.newScope(program.scope);
        program.heap.variable(scope, "before", program.heap.native("<p>", DETACHED));
        program.push(undo, program.function("", scope, 1));
      }),
    );
    assert.equal(leak.kind, "detached-dom");
    assert.match(leak.advice, /^The functions that are held here know the element/);
  });

  test("are to be bounded where they may never have been in it", async () => {
    const program = new SmallProgram("const tiles = new Map();\n");
    const tiles = program.variable("tiles", program.map());
    const leak = await leakAfter(program, () =>
      times(40, () => program.add(tiles, program.heap.string("tile"), program.heap.native("<canvas>", DETACHED))),
    );
    assert.match(leak.title, /keeps Detached <canvas>$/);
    assert.match(leak.advice, /^Bound how many of these are kept/);
  });

  test("are none while they are in it", async () => {
    const program = new SmallProgram();
    const rows = program.variable("rows", program.array());
    const leak = await leakAfter(program, () =>
      times(40, () => program.push(rows, program.heap.native("<tr>", { ...DETACHED, detachedness: 1 }))),
    );
    assert.equal(leak.kind, "module-array");
  });

  test("are told though those that came last are shown still", async () => {
    const program = new SmallProgram("const seen = new Set();\n");
    const seen = program.variable("seen", program.set());
    const leak = await leakAfter(program, (round) =>
      times(40, (i) => {
        const detachedness = round === 2 && i >= 30 ? 1 : 2;
        program.add(seen, program.heap.native("<img>", { ...DETACHED, detachedness }));
      }),
    );
    assert.match(leak.title, /^Set `seen`, .*, keeps Detached <img>$/);
  });

  test("are told also where an object of the page's stands between", async () => {
    const program = new SmallProgram("const closed = new Set();\n");
    const closed = program.variable("closed", program.set());
    const leak = await leakAfter(program, () =>
      times(40, () =>
        program.add(closed, program.object("Dialog", { element: program.heap.native("<dialog>", DETACHED) })),
      ),
    );
    assert.equal(leak.kind, "detached-dom");
    assert.match(leak.title, /^Set `closed`, .*, keeps Detached <dialog>$/);
  });

  test("are none if they are handles of Node's, which it calls detached too", async () => {
    const program = new SmallProgram();
    const byRoute = program.variable("byRoute", program.map());
    const leak = await leakAfter(program, () =>
      times(40, () => {
        const handle = program.heap.native("Node / HistogramBase", DETACHED);
        program.add(byRoute, program.object("Histogram", { handle }));
      }),
    );
    assert.equal(leak.kind, "map-cache");
  });

  test("are none if they are a small part of what is kept", async () => {
    const program = new SmallProgram();
    const closed = program.variable("closed", program.set());
    const leak = await leakAfter(program, () =>
      times(40, () =>
        program.add(closed, program.object("Dialog", { element: program.heap.native("<dialog>", DETACHED) }, 4000)),
      ),
    );
    assert.equal(leak.kind, "map-cache");
  });
});
