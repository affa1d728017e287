// Writes three snapshots of a server-like process, each about as large as asked, with a known leak:
//   node bench/make-snapshots.mjs FOLDER MEGABYTES
// Users, orders, caches, closures, buffers and texts of all kinds stay; `requestLog` and the listeners of `bus` grow from
// one snapshot to the next; a bounded cache is filled afresh each time. The random numbers are always the same.
import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import v8 from "node:v8";

const [folder, megabytes] = [process.argv[2], Number(process.argv[3])];
if (folder === undefined || !(megabytes > 0)) throw new Error("usage: make-snapshots.mjs FOLDER MEGABYTES");

let seed = 1;
const random = (below) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};
const word = () => (random(2 ** 31) + 36 ** 5).toString(36);

class LineItem {
  constructor() {
    this.sku = `sku-${random(5000)}`;
    this.price = random(10_000) / 100;
    this.note = random(4) === 0 ? word() : null;
  }
}
class Order {
  constructor(user) {
    this.user = user;
    this.at = new Date(1.7e12 + random(1e9));
    this.items = Array.from({ length: 1 + random(5) }, () => new LineItem());
  }
}
class User {
  constructor(id) {
    this.id = id;
    this.name = `${word()} ${word()}`;
    this.rights = new Map([["read", true], [word(), { level: random(5) }]]); // prettier-ignore
    this.tags = new Set([word(), random(100)]);
    this.orders = Array.from({ length: random(4) }, () => new Order(this));
    this.rename = (name) => void (this.name = name);
  }
}
class Session {
  constructor(n) {
    this.id = `${n}-${word()}`;
    this.headers = { host: "example.com", cookie: word(), trace: [word(), n] };
  }
}
class Listener {
  constructor(n) {
    this.history = [n, word(), { seen: n }];
    bus.on("tick", () => this.history.length);
  }
}

const users = new Map();
const pages = [];
const buffers = [];
const pending = [];
const cache = new Map();
const requestLog = [];
const bus = new EventEmitter().setMaxListeners(0);

// One part is about 1 MB of snapshot.
function addPart() {
  for (let i = 0; i < 170; i++) users.set(users.size, new User(users.size));
  for (let i = 0; i < 60; i++)
    pages.push({ title: word(), parts: [{ text: word() + word() }, { text: word(), n: i }] });
  for (let i = 0; i < 10; i++) buffers.push(Buffer.alloc(256 + random(1024)), new Float64Array(16));
  for (let i = 0; i < 10; i++) pending.push(new Promise(() => undefined).then(() => i));
}

function traffic(count) {
  for (let i = 0; i < count; i++) {
    requestLog.push(new Session(requestLog.length));
    if (i % 3 === 0) new Listener(i);
  }
  cache.clear();
  for (let i = 0; i < count; i++) cache.set(word(), { body: word(), at: i });
}

mkdirSync(folder, { recursive: true });
const write = (name) => v8.writeHeapSnapshot(join(folder, `${name}.heapsnapshot`));
const name = (letter) => `${megabytes}mb.${letter}`;
if (["a", "b", "c"].every((letter) => existsSync(join(folder, `${name(letter)}.heapsnapshot`)))) process.exit();

// The first write says how large the process is by itself and what a part adds.
addPart();
const before = statSync(write("trial")).size;
for (let i = 0; i < 10; i++) addPart();
const perPart = (statSync(write("trial")).size - before) / 10;
const parts = Math.max(0, Math.round((megabytes * 1e6 - before) / perPart) - 10);
for (let i = 0; i < parts; i++) addPart();
const { unlinkSync } = await import("node:fs");
unlinkSync(join(folder, "trial.heapsnapshot"));
const requests = Math.max(200, Math.round(megabytes * 20));
for (const letter of ["a", "b", "c"]) {
  traffic(requests);
  await setImmediate();
  write(name(letter));
}
globalThis.kept = [users, pages, buffers, pending, cache, requestLog, bus];
