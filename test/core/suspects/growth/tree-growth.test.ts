import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";

const LEAF = 400;

/** Adds a leaf below the parent: a tree with two children each, whose inner nodes never change again. */
function grow(program: SmallProgram, nodes: NodeRow[], name = "TreeNode"): void {
  const parent = nodes[(nodes.length - 1) >> 1]!;
  const leaf = program.object(name, {}, LEAF);
  program.heap.property(parent, nodes.length % 2 === 1 ? "left" : "right", leaf);
  nodes.push(leaf);
}

suite("growth at the ends of a tree", () => {
  test("is summed up under the variable that holds the tree", async () => {
    const program = new SmallProgram();
    const nodes = [program.variable("prices", program.object("TreeNode"))];
    const report = await reportAfter(program, () => {
      for (let i = 0; i < 40; i++) grow(program, nodes);
    });
    const [leak, ...others] = report.suspects;
    assert.deepEqual(others, []);
    assert.equal(leak!.kind, "linked-objects");
    assert.match(leak!.title, /^linked TreeNode objects from `prices`, module scope of server\.js/);
    assert.deepEqual(leak!.growth.bytes, [40 * LEAF, 40 * LEAF]);
    assert.deepEqual(leak!.leaked.classes, [{ name: "TreeNode", count: 80, bytes: 80 * LEAF }]);
  });

  test("is no list's, though most keys came in order, and the longest way gets few links", async () => {
    const program = new SmallProgram();
    const nodes = [program.variable("prices", program.object("TreeNode"))];
    const add = (parent: NodeRow, side: string): void => {
      nodes.push(program.object("TreeNode", {}, LEAF));
      program.heap.property(parent, side, nodes[nodes.length - 1]!);
    };
    for (let i = 0; i < 60; i++) add(nodes[i]!, "right");
    const report = await reportAfter(program, (round) => {
      if (round === 1) for (let i = 60; i < 90; i++) add(nodes[i]!, "right");
      if (round === 2) for (let i = 60; i < 120; i++) add(nodes[i]!, "left");
    });
    assert.deepEqual(
      report.suspects.map(({ kind, verdict }) => `${kind} ${verdict}`),
      ["linked-objects growing"],
    );
  });

  test("is found in two snapshots, though a way down got no longer when the tree was balanced", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const way = Array.from({ length: 9 }, () => program.object("TreeNode", {}, LEAF));
    way.forEach((node, i) => i > 0 && heap.property(way[i - 1]!, "right", node));
    const [, upper, left, , , , above, lower, last] = way;
    program.variable("prices", way[0]!);
    const report = await reportAfter(
      program,
      (round) => {
        if (round === 0) return;
        heap.unlink(upper!, "right").unlink(above!, "right").property(upper!, "right", lower!);
        heap.property(lower!, "left", left!);
        for (const end of [last!, above!]) {
          const nodes = [program.object("TreeNode", {}, LEAF)];
          heap.property(end, "right", nodes[0]!);
          for (let i = 0; i < 20; i++) grow(program, nodes);
        }
      },
      2,
    );
    assert.deepEqual(
      report.suspects.map(({ kind, verdict }) => `${kind} ${verdict}`),
      ["linked-objects grew"],
    );
  });

  test("is that of plain objects, too, where they are of one literal", async () => {
    for (const literals of [1, 7]) {
      const program = new SmallProgram();
      const shapes = Array.from({ length: literals }, () => program.heap.node("object shape", "system / Map"));
      const top = program.variable("prices", program.object("Object"));
      const nodes = [top];
      program.heap.internal(top, "map", shapes[0]!);
      const report = await reportAfter(program, () => {
        for (let i = 0; i < 40; i++) {
          grow(program, nodes, "Object");
          program.heap.internal(nodes.at(-1)!, "map", shapes[nodes.length % literals]!);
        }
      });
      const trees = report.suspects.filter(({ kind }) => kind === "linked-objects");
      assert.equal(trees.length, literals === 1 ? 1 : 0);
      if (literals === 1) assert.deepEqual(trees[0]!.growth.bytes, [40 * LEAF, 40 * LEAF]);
    }
  });

  test("is none of objects that a minifier gave one name, but of different classes", async () => {
    for (const isOneClass of [true, false]) {
      const program = new SmallProgram();
      const { heap } = program;
      const [client, query] = [program.object("t"), program.object("t")];
      const ofClass = (prototype: NodeRow): NodeRow => {
        const made = program.object("t", {}, LEAF);
        heap.property(made, "__proto__", prototype);
        return made;
      };
      const [cache, store] = [ofClass(client), ofClass(isOneClass ? client : query)];
      heap.property(program.variable("cache", cache), "store", store);
      const report = await reportAfter(program, (round) => {
        for (let i = 0; i < 40; i++)
          heap.property(store, `q${round * 40 + i}`, ofClass(isOneClass ? client : program.object("t")));
      });
      assert.equal(report.suspects[0]!.kind === "linked-objects", isOneClass);
    }
  });

  test("is found through the Map of each node's children", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const trieNode = (): { node: NodeRow; children: NodeRow } => {
      const children = heap.object("Object", { size: 24 });
      return { node: program.object("TrieNode", { children }), children };
    };
    const root = trieNode();
    program.variable("words", root.node);
    const ends = [root];
    const report = await reportAfter(program, () => {
      for (let i = 0; i < 40; i++) {
        const child = trieNode();
        heap.element(ends[ends.length >> 2]!.children, ends.length, child.node);
        ends.push(child);
      }
    });
    assert.deepEqual(
      report.suspects.map(({ title }) => title.replace(/,.*/, "")),
      ["linked TrieNode objects from `words`"],
    );
    assert.deepEqual(report.suspects[0]!.growth.bytes, [40 * 56, 40 * 56]);
  });

  test("counts what was taken out of the tree against it", async () => {
    const program = new SmallProgram();
    const nodes = [program.variable("prices", program.object("TreeNode"))];
    for (let i = 0; i < 200; i++) grow(program, nodes);
    const report = await reportAfter(program, () => {
      for (let i = 0; i < 40; i++) program.heap.free(nodes.splice(101, 1)[0]!);
      for (let i = 0; i < 40; i++) {
        const leaf = program.object("TreeNode", {}, LEAF);
        program.heap.property(nodes[60 + i]!, `child${nodes.length}`, leaf);
        nodes.push(leaf);
      }
    });
    assert.deepEqual(
      report.suspects.filter(({ verdict }) => verdict === "growing"),
      [],
    );
  });

  test("is none where a container in the tree is what grows", async () => {
    const program = new SmallProgram();
    const nodes = [program.variable("widgets", program.object("Widget"))];
    for (let i = 0; i < 30; i++) grow(program, nodes, "Widget");
    const log = program.array();
    program.heap.property(nodes[20]!, "log", log);
    const report = await reportAfter(program, () => {
      for (let i = 0; i < 40; i++) program.push(log, program.object("Line", {}, LEAF));
    });
    assert.deepEqual(
      report.suspects.map(({ kind }) => kind),
      ["module-array"],
    );
    assert.match(report.suspects[0]!.title, /log/);
  });

  test("is no endless matter where a new handle keeps the wrapper that it is counted for", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const parser = program.object("HTTPParser");
    const handles = heap.subroot("(Global handles)");
    let handle: NodeRow | undefined;
    let size = 0;
    const report = await reportAfter(program, () => {
      if (handle !== undefined) heap.free(handle);
      handle = heap.native("HTTPParser", { size: (size += 100_000) });
      heap.element(handles, heap.edgeCount(handles) + 1, handle);
      heap.property(handle, "wrapped", parser).property(parser, "native_wrapper", handle);
    });
    assert.equal(report.suspects.length, 1);
  });
});
