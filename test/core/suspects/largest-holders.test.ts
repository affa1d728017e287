import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { summarize } from "#core/summarize.js";
import { largestHolders, type NamedHolder } from "#core/suspects/largest-holders.js";
import { analysed } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { snapshotsOf } from "../../support/real-snapshots.js";
import { SmallProgram } from "../../support/small-program.js";
import { times } from "../../support/suspects.js";

const holdersOf = (program: SmallProgram): NamedHolder[] => largestHolders(analysed(program.heap));

suite("the largest holders of one heap", () => {
  test("are told by name, with their entries, and first by bytes", () => {
    const program = new SmallProgram("const users = new Map();\nconst pages = [];\nfunction main() {}\n");
    const users = program.variable("users", program.map());
    const pages = program.variable("pages", program.array());
    times(500, (i) => program.add(users, program.heap.string(`user ${i}`), program.object("User", {}, 200)));
    times(200, () => program.push(pages, program.object("Page", {}, 100)));
    const [first, second] = holdersOf(program);
    assert.equal(first!.title, "Map `users`, module scope of server.js:1");
    assert.deepEqual(first!.entries, { count: 500, word: "entries" });
    assert.deepEqual(first!.position, { file: "/app/server.js", line: 1, column: 7, name: "users" });
    assert.equal(second!.title, "Array `pages`, module scope of server.js:2");
    assert.ok(first!.bytes >= 500 * 200 && second!.bytes >= 200 * 100 && second!.bytes < 500 * 200);
  });

  test("are told by the variable where that is a text, and no container", () => {
    const program = new SmallProgram('let transcript = "";\nfunction main() {}\n');
    program.variable("transcript", program.heap.string("long", { size: 100_000 }));
    assert.match(holdersOf(program)[0]!.title, /`transcript`, module scope of server\.js:1$/);
  });

  test("are scopes, where many variables have a little each", () => {
    const program = new SmallProgram();
    times(30, (i) => program.variable(`text${i}`, program.heap.string("long", { size: 1000 })));
    assert.equal(holdersOf(program)[0]!.title, "module scope of server.js");
  });

  test("say nothing that only growth shows", async () => {
    const { files } = await snapshotsOf("every-kind");
    const { holders } = await summarize(files.at(-1)!);
    const titles = holders.map(({ title }) => title).join("\n");
    for (const name of ["Map `histories`", "timers calling `pollMessages`", "pending Promise `configured`"])
      assert.ok(titles.includes(name), `${name} in\n${titles}`);
    assert.doesNotMatch(titles, /never|again|each time|growing/);
  });

  test("are not what Node has for itself", async () => {
    const { files } = await snapshotsOf("map-cache");
    const { holders } = await summarize(files.at(-1)!);
    assert.doesNotMatch(holders.map(({ title }) => title).join("\n"), /node:|primordials|^process|^global\b/m);
  });

  test("can be told of any heap", () => {
    fc.assert(
      fc.property(arbitraryHeap(30), (sketch) => {
        for (const { title, bytes } of largestHolders(analysed(built(sketch)))) assert.ok(title !== "" && bytes > 0);
      }),
      { numRuns: 300 },
    );
  });
});
