import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { onlyLeak, times } from "../../../support/suspects.js";

/** Where V8 says that the classes and functions of a small program begin. */
const AT = { scriptId: 7, line: 0, column: 0 };

suite("what Node keeps to use it again", () => {
  test("is no leak: parsers that are free", async () => {
    for (const [file, verdict] of [
      ["node:internal/freelist", "no-leak"],
      ["/app/free-list.js", "leak"],
    ] as const) {
      const program = new SmallProgram("class FreeList {}\n", file);
      const list = program.array();
      const parsers = program.variable("parsers", program.heap.object("FreeList", { size: 32, at: AT }));
      program.heap.property(parsers, "list", list);
      const report = await reportAfter(program, () =>
        times(40, () => program.push(list, program.object("HTTPParser", {}, 300))),
      );
      assert.equal(report.verdict, verdict, file);
    }
  });

  test("is no leak: what it is to be told of objects that are gone, in two snapshots", async () => {
    const FILES = ["node:internal/deps/undici/undici", "/app/handles.js"];
    for (const [file, isGone] of FILES.flatMap((each) => [[each, true] as const, [each, false] as const])) {
      const program = new SmallProgram("const finalizer = new FinalizationRegistry(close);\n", file);
      const { heap } = program;
      const finalizer = program.variable("finalizer", program.object("FinalizationRegistry"));
      const report = await reportAfter(
        program,
        () =>
          times(40, (i) => {
            const cell = heap.node("object", "system / WeakCell", { size: 48 });
            heap.internal(finalizer, `cell${i}`, cell).internal(cell, "holdings", program.object("Handle", {}, 300));
            if (!isGone) heap.weak(cell, "target", program.scope);
          }),
        2,
      );
      assert.equal(report.verdict, isGone ? "no-leak" : "grew", `${file} ${isGone}`);
    }
  });

  test("is no leak: connections of an Agent that are idle", async () => {
    for (const [name, verdict] of [
      ["freeSockets", "no-leak"],
      ["lostSockets", "leak"],
    ] as const) {
      const program = new SmallProgram();
      const idle = program.array();
      const table = program.object("Object", { "shop:443:": idle });
      const [sockets, requests] = [program.object("Object"), program.object("Object")];
      program.variable("agent", program.object("Agent", { sockets, requests, [name]: table }));
      const report = await reportAfter(program, () =>
        times(40, () => program.push(idle, program.object("Socket", {}, 300))),
      );
      assert.equal(report.verdict, verdict, name);
      assert.equal(report.totals.engine[0]! > 40 * 300, verdict === "no-leak");
    }
  });

  test("is no leak: connections of an Agent that are idle to hosts to which there were none", async () => {
    const program = new SmallProgram();
    const table = program.object("Object", {}, 300);
    const [sockets, requests] = [program.object("Object"), program.object("Object")];
    program.variable("agent", program.object("Agent", { sockets, requests, freeSockets: table }));
    const report = await reportAfter(program, (round) => {
      const idle = program.array();
      program.heap.property(table, `shop${round}:443:`, idle);
      times(20, () => program.push(idle, program.object("Socket", {}, 300)));
    });
    assert.equal(report.verdict, "no-leak");
  });

  test("is not what connections that nobody ends are a consequence of", async () => {
    const program = new SmallProgram("class FreeList {}\n", "node:internal/freelist");
    const { heap } = program;
    const list = program.array();
    heap.property(program.variable("parsers", heap.object("FreeList", { size: 32, at: AT })), "list", list);
    const handles = heap.subroot("(Global handles)");
    const report = await reportAfter(program, () =>
      times(40, () => {
        const socket = program.object("Socket", {}, 300);
        heap.internal(handles, String(socket), socket);
        program.push(list, program.object("HTTPParser", {}, 300));
      }),
    );
    assert.equal(onlyLeak(report).holder.class, "(Global handles)");
  });

  test("is a leak where the table of idle connections is none of an Agent's", async () => {
    const program = new SmallProgram();
    const idle = program.array();
    program.variable("pool", program.object("Pool", { freeSockets: program.object("Object", { "shop:443:": idle }) }));
    const report = await reportAfter(program, () =>
      times(40, () => program.push(idle, program.object("Socket", {}, 300))),
    );
    assert.equal(report.verdict, "leak");
  });

  test("is a leak where the program holds the same connections, whatever it has them in", async () => {
    const program = new SmallProgram();
    const [idle, seen] = [program.array(), program.array()];
    const freeSockets = program.object("Object", { "shop:443:": idle });
    const [sockets, requests] = [program.object("Object"), program.object("Object")];
    program.variable("agent", program.object("Agent", { sockets, requests, freeSockets }));
    const inner = program.object("Inner", { seen });
    program.variable(
      "monitor",
      program.object("Monitor", { a: program.object("A", { b: program.object("B", { inner }) }) }),
    );
    const report = await reportAfter(program, () =>
      times(200, () => {
        const socket = program.object("Socket", {}, 300);
        program.push(idle, socket);
        program.push(seen, socket);
      }),
    );
    assert.equal(report.verdict, "leak");
  });

  test("is no leak: connections that Node ends when they were idle for long enough, unless much waits in them", async () => {
    for (const [file, size, verdict] of [
      ["node:net", 3000, "no-leak"],
      ["node:net", 30_000, "leak"],
      ["/app/clock.js", 3000, "leak"],
    ] as const) {
      const program = new SmallProgram("function onTimeout() {}\n", file);
      const onTimeout = program.function("onTimeout", program.scope, 1);
      const list = program.object("TimersList");
      program.heap.element(program.variable("timerListMap", program.object("Object")), 5000, list);
      program.heap.property(list, "_idleNext", list);
      let last = list;
      const report = await reportAfter(program, () =>
        times(40, () => {
          const timer = program.object("Timeout", { _onTimeout: onTimeout, _idlePrev: last, _idleNext: list }, size);
          program.heap.unlink(last, "_idleNext").property(last, "_idleNext", timer);
          if (last !== list) program.heap.unlink(list, "_idlePrev");
          program.heap.property(list, "_idlePrev", timer);
          last = timer;
        }),
      );
      assert.equal(report.verdict, verdict, `${file} ${size}`);
    }
  });
});
