// A program with something of everything that heap snapshots treat in a way of its own. Writes two snapshots, named on
// the command line, with changes between them.
"use strict";
const { writeHeapSnapshot } = require("node:v8");

class Session {
  #secret = Symbol("secret");
  constructor(id) {
    this.id = id;
    this.tags = new Set([id, `tag ${id}`]);
    this.user = { name: `user ${id}`, roles: ["a", "b"], address: { street: id, town: id } };
  }
  secret() {
    return this.#secret;
  }
}
// Two classes of one name, in two places.
const Stat = class Stat {};
const other = { Stat: class Stat {} };

const heap = {
  sessions: new Map(),
  stats: [],
  numbers: [],
  doubles: [],
  strings: [],
  closures: [],
  symbols: [],
  weak: new WeakMap(),
  weakSet: new WeakSet(),
  weakRefs: [],
  shapes: [],
  dictionary: Object.create(null),
  buffers: [],
  expressions: [],
  bigints: [],
  promises: [],
};

function grow(from, to) {
  for (let i = from; i < to; i++) {
    const session = new Session(i);
    heap.sessions.set(i, session);
    heap.stats.push(i % 3 === 0 ? new Stat() : new other.Stat());
    heap.numbers.push(i);
    heap.doubles.push(i + 0.5);
    heap.strings.push(`text ${i} `.repeat(3), `head ${i}` + `tail ${heap.strings.length} of a string`, "x".repeat(i));
    heap.strings.push(`some text that is long enough to be cut, number ${i}`.slice(5, 40));
    heap.closures.push(() => session.id + i, session.secret.bind(session));
    heap.symbols.push(Symbol(`symbol ${i}`));
    heap.weak.set(session, { value: i, more: [i] });
    heap.weakSet.add(session.user);
    heap.weakRefs.push(new WeakRef(session));
    heap.shapes.push({ x: i, y: i }, { y: i, x: i }, { x: i, y: i, z: { [`own ${i % 5}`]: i, "a,b": 1 } });
    heap.dictionary[`key ${i}`] = {
      get twice() {
        return 2 * i;
      },
      [Symbol("same")]: i,
      [Symbol.for("same")]: i,
    };
    heap.buffers.push(new Uint8Array(i));
    heap.expressions.push(new RegExp(`a{${i}}`));
    heap.bigints.push(10n ** BigInt(i));
    heap.promises.push(new Promise(() => {}).then(() => session));
  }
}

// Keys with a text so long that V8 has no room for the names of a WeakMap entry are left out: there leakdiff knows more.
grow(0, 120);
setImmediate(() => {
  writeHeapSnapshot(process.argv[2]);
  grow(120, 200);
  for (let i = 0; i < 60; i++) heap.sessions.delete(i);
  heap.stats.splice(10, 50);
  heap.shapes.length -= 20;
  heap.strings.splice(0, 100);
  for (let i = 0; i < 50; i++) delete heap.dictionary[`key ${i}`];
  setImmediate(() => writeHeapSnapshot(process.argv[3]));
});
