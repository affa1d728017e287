import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { matchByName } from "#core/diff/match-by-name.js";
import { NO_NODE } from "#core/graph/heap-graph.js";
import { analysed } from "../../support/analysed.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { SmallProgram } from "../../support/small-program.js";
import type { NodeRow } from "../../support/snapshot-builder.js";

/** Two processes of one program, told apart by the file they run and by what is made first. */
function processes(
  files: readonly [string, string] = ["/app/server.js", "/app/server.js"],
): [SmallProgram, SmallProgram] {
  const [one, other] = files.map((file) => new SmallProgram("source", file)) as [SmallProgram, SmallProgram];
  for (let i = 0; i < 7; i++) other.heap.object("Elsewhere");
  return [one, other];
}

/** The partner in the earlier process of an object of the later one, or NO_NODE. */
function partner(one: SmallProgram, other: SmallProgram, node: NodeRow): number {
  return matchByName(analysed(one.heap), analysed(other.heap))[node]!;
}

suite("matching the objects of two processes by name", () => {
  test("follows variables and properties of the same name", () => {
    const [one, other] = processes();
    const build = (program: SmallProgram): NodeRow[] => {
      const users = program.map();
      const store = program.variable("store", program.object("Store", { users, name: program.heap.string("main") }));
      return [store, users, program.scope, program.main];
    };
    const before = build(one);
    build(other).forEach((node, i) => assert.equal(partner(one, other, node), before[i]));
  });

  test("asks for the same class", () => {
    const [one, other] = processes();
    one.variable("cache", one.map());
    assert.equal(partner(one, other, other.variable("cache", other.set())), NO_NODE);
  });

  test("takes elements, entries and links of lists for what their holder holds", () => {
    const [one, other] = processes();
    const build = (program: SmallProgram): NodeRow[] => {
      const list = program.variable("list", program.array());
      const cache = program.variable("cache", program.map());
      const [element, value] = [0, 1].map(() => {
        const held = [program.object("Element"), program.object("Value")] as const;
        program.push(list, held[0]);
        program.add(cache, program.heap.string("key"), held[1]);
        return held;
      })[1]!;
      const links = [0, 1, 2, 3, 4].map(() => program.object("Edit"));
      links.forEach((link, i) => i === 0 || program.heap.property(links[i - 1]!, "older", link));
      program.variable("newest", links[0]!);
      return [list, cache, element, value, ...links];
    };
    const [list, cache] = build(one);
    const [laterList, laterCache, ...entries] = build(other);
    assert.equal(partner(one, other, laterList!), list);
    assert.equal(partner(one, other, laterCache!), cache);
    for (const entry of entries) assert.equal(partner(one, other, entry), NO_NODE);
  });

  test("finds a module again where the build is installed elsewhere, or has a hash in its name", () => {
    for (const files of [
      ["/releases/1/server.js", "/releases/2/server.js"],
      ["/app/server.js", "file:///app/server.js?v=2"],
      ["C:\\app\\server.js", "/app/server.js"],
      ["/app/dist/main.0123abcd.js", "/app/dist/main.fedc9876.js"],
    ] as const) {
      const [one, other] = processes(files);
      const before = one.variable("list", one.array());
      assert.equal(partner(one, other, other.variable("list", other.array())), before, files[1]);
    }
    const [one, other] = processes(["/app/server.js", "/app/worker.js"]);
    one.heap.unlink(one.heap.global(), "main");
    one.variable("list", one.array());
    assert.equal(partner(one, other, other.variable("list", other.array())), NO_NODE);
  });

  test("gives no object away twice, and pairs a heap with itself without a mistake", () => {
    fc.assert(
      fc.property(arbitraryHeap(), arbitraryHeap(), (one, other) => {
        const [a, b] = [analysed(built(one)), analysed(built(other))];
        const match = matchByName(a, b);
        const given = [...match].filter((node) => node !== NO_NODE);
        assert.equal(new Set(given).size, given.length);
        assert.ok(given.every((node) => node < a.graph.nodeCount));
        matchByName(a, a).forEach((node, same) => {
          if (node === NO_NODE) return;
          assert.equal(a.graph.nodeType[node], a.graph.nodeType[same]);
          assert.equal(a.graph.nodeName[node], a.graph.nodeName[same]);
        });
      }),
    );
  });
});
