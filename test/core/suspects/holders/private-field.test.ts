import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { addWeakMapEntry } from "../../../support/arbitrary-heap.js";
import { SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import type { Suspect } from "#core/report/leak-report.js";
import { leakAfter, leakKeptWithIt, times } from "../../../support/suspects.js";

suite("a private field of an instance", () => {
  test("is told with its class and where that is", async () => {
    const leak = await leakKeptWithIt("`telemetry.#events`");
    assert.equal(leak.kind, "private-field");
    assert.match(leak.title, /a private field of Telemetry \(kept-with-it\.mjs:\d+\)$/);
  });

  test("is none if a public property of the private object grows", async () => {
    const program = new SmallProgram();
    const list = program.array();
    const log = program.object("Log", { list });
    program.variable("telemetry", program.object("Telemetry", { "#log": log }));
    const leak = await leakAfter(program, () => times(40, () => program.push(list, program.object("Event", {}, 300))));
    assert.equal(leak.kind, "module-array");
    assert.match(leak.title, /`telemetry\.#log\.list`/);
  });

  test("is told as such where a compiler made a WeakMap of it, of a class that this one extends as well", async () => {
    const leak = await leakInWeakMap("_Peer_inbox");
    assert.equal(leak.kind, "private-field");
    assert.match(leak.title, /^Array `client\.#inbox`, .*, a private field of Client \(server\.js:2\)/);
    assert.equal(leak.path.find(({ holder }) => holder)?.words, "`#inbox` of Client");
  });

  test("is none if the program has a WeakMap of its own", async () => {
    for (const name of ["_inbox", "_Peer_", "Peer_inbox", "_Other_inbox"]) {
      const leak = await leakInWeakMap(name);
      assert.equal(leak.kind, "weak-map");
      assert.ok(leak.title.startsWith(`Array \`${name}.get(client)\`, `), leak.title);
      assert.equal(leak.path.find(({ holder }) => holder)?.words, "value in WeakMap");
    }
  });
});

/** What a Client has in a variable's WeakMap grows; its class extends Peer. */
function leakInWeakMap(name: string): Promise<Suspect> {
  const program = new SmallProgram("class Peer {}\nclass Client extends Peer {}\n");
  const { heap } = program;
  const [above, own] = ["Peer", "Client"].map((class_, i) =>
    program.object("Object", { constructor: program.variable(class_, program.function(class_, program.scope, i + 1)) }),
  ) as [NodeRow, NodeRow];
  heap.property(own, "__proto__", above);
  const client = program.variable("client", program.object("Client", { ["__proto__"]: own }));
  const table = heap.array("", { size: 100 });
  heap.internal(program.variable(name, program.object("WeakMap")), "table", table);
  const inbox = program.array();
  addWeakMapEntry(heap, { key: client, table, value: inbox, counter: 1 });
  return leakAfter(program, () => times(40, () => program.push(inbox, program.object("Letter", {}, 300))));
}
