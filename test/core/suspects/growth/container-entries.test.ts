import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { enlargement, entriesOf, entrySeries } from "#core/suspects/growth/container-entries.js";
import { NO_NODE } from "#core/graph/heap-graph.js";
import { analysed } from "../../../support/analysed.js";
import { addWeakMapEntry } from "../../../support/arbitrary-heap.js";
import { heapsAfter, SmallProgram } from "../../../support/small-program.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { times } from "../../../support/suspects.js";

/** What is counted in one node of a program. */
function entriesIn(program: SmallProgram, node: NodeRow) {
  return entriesOf(analysed(program.heap), node);
}

suite("the entries of a container", () => {
  test("are the elements of an Array, holes before the last among them", () => {
    const program = new SmallProgram();
    const array = program.variable("array", program.array());
    assert.deepEqual(entriesIn(program, array), { count: 0, word: "elements" });
    program.push(array, program.object("A"), program.object("B"));
    program.pushNumbers(array, 3);
    program.push(array, program.object("C"));
    assert.deepEqual(entriesIn(program, array), { count: 6, word: "elements" });
  });

  test("are counted once where they are many, however often they are asked for: each of many lists in a Map does", () => {
    const program = new SmallProgram();
    const map = program.variable("map", program.map());
    times(1200, (i) => program.add(map, program.heap.string(`user ${i}`), program.object("User")));
    const heap = analysed(program.heap);
    let asked = 0;
    const text = (index: number): string => (asked++, heap.graph.strings.text(index));
    const strings = Object.assign(Object.create(heap.graph.strings), { text });
    const counting = { ...heap, graph: { ...heap.graph, strings } };
    assert.deepEqual(entriesOf(counting, map), { count: 1200, word: "entries" });
    assert.ok(asked > 1200);
    asked = 0;
    assert.deepEqual(entriesOf(counting, map), { count: 1200, word: "entries" });
    assert.equal(asked, 0);
  });

  test("are no more than the slots there are, where an Array holds numbers", () => {
    const program = new SmallProgram();
    const array = program.variable("array", program.array());
    program.pushNumbers(array, 1000);
    const entries = entriesIn(program, array)!;
    assert.equal(entries.word, "element slots");
    assert.ok(entries.count >= 1000 && entries.count <= 1520, `${entries.count}`);
  });

  test("are the elements of a frozen Array, which V8 writes below its store only", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const past = program.variable("past", program.object("Array"));
    const store = heap.array("(object elements)", { size: 16 + 88 * 8 });
    heap.internal(past, "elements", store);
    times(48, (i) => heap.internal(store, String(i), program.object("State")));
    assert.deepEqual(entriesIn(program, past), { count: 48, word: "elements" });
  });

  test("are no more than slots of a queue that sets what it is done with to null", () => {
    for (const [type, name] of [
      ["hidden", "system / Oddball"],
      ["hidden", "null"],
      ["native", "null"],
    ] as const) {
      const program = new SmallProgram();
      const nothing = program.heap.node(type, name);
      const queue = program.variable("queue", program.array());
      times(60, () => program.push(queue, nothing));
      program.push(queue, program.object("Request"));
      assert.equal(entriesIn(program, queue)?.word, "element slots");
      times(61, () => program.push(queue, program.object("Request")));
      assert.deepEqual(entriesIn(program, queue), { count: 122, word: "elements" });
    }
  });

  test("are those there are of an Array whose last one lies far behind the others, whatever its length", () => {
    const program = new SmallProgram();
    const array = program.variable("array", program.array());
    times(3, () => program.push(array, program.object("Order")));
    times(2, (i) => program.heap.element(array, 2_000_000_000 - i, program.object("Order")));
    assert.deepEqual(entriesIn(program, array), { count: 5, word: "elements" });
  });

  test("are the keys of a Map and the members of a Set, deleted ones not", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const hole = heap.node("hidden", "system / Oddball");
    const [map, set] = [program.variable("map", program.map()), program.variable("set", program.set())];
    times(30, () => program.add(map, program.object("Key"), program.object("Value")));
    times(4, () => program.add(map, hole, hole));
    times(20, () => program.add(set, program.object("Member")));
    program.add(set, hole);
    assert.deepEqual(entriesIn(program, map), { count: 30, word: "entries" });
    assert.deepEqual(entriesIn(program, set), { count: 20, word: "entries" });
  });

  test("are those of a class that extends Map or Set, and none of an object that has some other table", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const [map, set] = [
      program.variable("map", program.map("Tenants")),
      program.variable("set", program.set("Handlers")),
    ];
    times(30, () => program.add(map, program.object("Key"), program.object("Value")));
    times(20, () => program.add(set, program.object("Member")));
    const weak = program.variable("weak", program.object("Registry")); // extends WeakMap
    heap.internal(weak, "table", heap.array("", { size: 8 * (2 + 3 + 2 * 64) }));
    const other = program.variable("other", program.object("Lexer"));
    heap.property(other, "table", program.map());
    assert.deepEqual(entriesIn(program, map), { count: 30, word: "entries" });
    assert.deepEqual(entriesIn(program, set), { count: 20, word: "entries" });
    assert.equal(entriesIn(program, weak), null);
    assert.equal(entriesIn(program, other), null);
  });

  test("are no more than slots of a Map or Set of numbers, which leave no trace there", () => {
    const program = new SmallProgram();
    const { heap } = program;
    for (const [name, width] of [
      ["Map", 3],
      ["Set", 2],
      ["Ids", 2], // extends Set
    ] as const) {
      const numbers = program.variable(name, program.object(name));
      heap.internal(numbers, "table", heap.array("", { size: 8 * (2 + 3 + 32 + 64 * width) }));
      assert.deepEqual(entriesIn(program, numbers), { count: 64, word: "entry slots" }, name);
      const none = program.variable(`empty${name}`, program.object(name));
      heap.internal(none, "table", heap.array("", { size: 8 * (2 + 3 + 2 + 4 * width) }));
      assert.deepEqual(entriesIn(program, none), { count: 0, word: "entries" }, name);
    }
    assert.equal(enlargement("entry slots"), 2);
    assert.equal(enlargement("entries"), null);
  });

  test("are the names of an object with many whose values are numbers, which its hash table has alone", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const [hits, mixed, few] = [program.object("Object"), program.object("Object"), program.object("Object")];
    for (const dictionary of [hits, mixed, few]) {
      const store = heap.array("(object properties)", { size: 8 * (2 + 6 + 3 * 64) });
      heap.internal(dictionary, "properties", store);
      times(dictionary === few ? 10 : 30, (i) => {
        heap.internal(store, String(6 + 3 * i), heap.string(`10.0.0.${i}`));
        if (dictionary === hits || i % 3 === 0) return;
        const value = i % 3 === 1 ? heap.string(`text ${i}`) : heap.object("Visit");
        heap.internal(store, String(7 + 3 * i), value).property(dictionary, `10.0.0.${i}`, value);
      });
    }
    assert.deepEqual(entriesIn(program, hits), { count: 30, word: "properties" });
    assert.deepEqual(entriesIn(program, mixed), { count: 30, word: "properties" });
    assert.equal(entriesIn(program, few), null);
  });

  test("are slots of an object that has numbers by index, unless it has anything else so", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const hits = program.variable("hits", program.object("Object"));
    heap.internal(hits, "elements", heap.array("(object elements)", { size: 8 * (2 + 100) }));
    assert.deepEqual(entriesIn(program, hits), { count: 100, word: "property slots" });
    heap.element(hits, 3, program.object("Hit"));
    assert.equal(entriesIn(program, hits), null);
  });

  test("are the elements of an object of a class that extends Array", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const ofArrays = program.object("Array", { copyWithin: heap.closure("copyWithin") });
    for (const [above, word] of [
      [ofArrays, "elements"],
      [program.object("Object"), "properties"],
    ] as const) {
      const stack = program.variable(`of ${word}`, program.object("Stack"));
      const prototype = program.object("Object");
      heap.property(stack, "__proto__", prototype).property(prototype, "__proto__", above);
      heap.internal(stack, "elements", heap.array("(object elements)", { size: 8 * (2 + 100) }));
      times(60, (i) => heap.element(stack, i, program.object("Frame")));
      assert.deepEqual(entriesIn(program, stack), { count: 60, word });
    }
  });

  test("are those of a WeakSet, whose values have the name of a hole, as long as the key has not", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const set = program.variable("seen", program.object("WeakSet"));
    const table = heap.array("", { size: 400 });
    heap.internal(set, "table", table);
    const yes = heap.node("hidden", "system / Oddball");
    times(3, (i) => {
      const key = program.variable(`key${i}`, program.object("Key"));
      addWeakMapEntry(heap, { key, table, value: yes, counter: i + 1 });
    });
    const text = `part of key (system / Oddball @${heap.id(yes)}) -> value (system / Oddball @${heap.id(yes)})`;
    heap.internal(table, `9 / ${text} pair in WeakMap (table @${heap.id(table)})`, yes);
    assert.deepEqual(entriesIn(program, set), { count: 3, word: "entries" });
  });

  test("are those of a WeakMap whose keys live", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const map = program.variable("weak", program.object("WeakMap"));
    const table = heap.array("", { size: 400 });
    heap.internal(map, "table", table);
    times(5, (i) => {
      const key = program.variable(`key${i}`, program.object("Key"));
      addWeakMapEntry(heap, { key, table, value: program.object("Value"), counter: i + 1 });
    });
    assert.deepEqual(entriesIn(program, map), { count: 5, word: "entries" });
  });

  test("are the reactions of a promise that is pending", () => {
    const program = new SmallProgram();
    const { heap } = program;
    const promise = program.variable("ready", program.object("Promise"));
    assert.equal(entriesIn(program, promise), null);
    let last: NodeRow | undefined;
    times(3, () => {
      const reaction = heap.node("hidden", "system / PromiseReaction");
      if (last === undefined) heap.internal(promise, "reactions_or_result", reaction);
      else heap.hidden(last, 0, reaction);
      last = reaction;
    });
    assert.deepEqual(entriesIn(program, promise), { count: 3, word: "reactions" });
    heap.hidden(last!, 0, last!); // and no end of them, in a damaged file
    assert.equal(entriesIn(program, promise)!.count, 3);
  });

  test("are the properties of an object with many; one with few is a record", () => {
    const program = new SmallProgram();
    const [record, dictionary] = [program.object("Object"), program.object("Object")];
    times(23, (i) => program.heap.property(record, `p${i}`, program.object("A")));
    times(24, (i) => program.heap.property(dictionary, `p${i}`, program.object("A")));
    for (const object of [record, dictionary]) program.heap.property(object, "__proto__", program.object("Object"));
    assert.equal(entriesIn(program, record), null);
    assert.deepEqual(entriesIn(program, dictionary), { count: 24, word: "properties" });
  });

  test("are none of texts, functions and what has no store", () => {
    const program = new SmallProgram();
    assert.equal(entriesIn(program, program.heap.string("Array")), null);
    assert.equal(entriesIn(program, program.main), null);
    for (const ours of ["Map", "Set"]) assert.equal(entriesIn(program, program.object(ours)), null);
    assert.deepEqual(entriesIn(program, program.object("WeakMap")), { count: 0, word: "entries" });
  });

  test("of one container are told for every snapshot, by what it is in the last", () => {
    const program = new SmallProgram();
    const dictionary = program.variable("byName", program.object("Object"));
    const heaps = heapsAfter(program.heap, 3, (round) =>
      times(10, (i) => program.heap.property(dictionary, `n${round}${i}`, program.object("A"))),
    );
    const rows = [dictionary, dictionary, dictionary];
    assert.deepEqual(entrySeries(heaps, rows), { counts: [10, 20, 30], word: "properties" });
    assert.deepEqual(entrySeries(heaps, [NO_NODE, dictionary, dictionary])?.counts, [0, 20, 30]);
    assert.equal(entrySeries(heaps, [dictionary, dictionary, NO_NODE]), null);
    assert.equal(entrySeries(heaps.slice(0, 2), rows.slice(0, 2)), null);
    const map = new SmallProgram();
    const cache = map.variable("cache", map.map());
    const filled = heapsAfter(map.heap, 3, (round) =>
      times(round * 5, () => map.add(cache, map.object("Key"), map.object("Value"))),
    );
    assert.deepEqual(entrySeries(filled, [cache, cache, cache]), { counts: [0, 5, 15], word: "entries" });
  });
});
