import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeRow } from "../../support/snapshot-builder.js";
import { SmallProgram, reportAfter } from "../../support/small-program.js";
import { times } from "../../support/suspects.js";

/** A page with DevTools open. */
class LoggingPage extends SmallProgram {
  readonly handles: NodeRow = this.heap.subroot("(Global handles)");
  #lastHandle = 0;

  constructor() {
    super();
    this.heap.property(this.heap.global(), "document", this.heap.native("HTMLDocument"));
  }

  log(...objects: readonly NodeRow[]): void {
    for (const object of objects) this.heap.internal(this.handles, `${++this.#lastHandle} / DevTools console`, object);
  }
}

test("a page that logs objects leaks nothing, though DevTools keeps them while it is open", async () => {
  const page = new LoggingPage();
  const report = await reportAfter(page, () => times(40, () => page.log(page.object("Order", {}, 400))));
  assert.equal(report.verdict, "no-leak", report.sentence);
});

test("what several logged objects share is DevTools' as well", async () => {
  const page = new LoggingPage();
  const report = await reportAfter(page, () =>
    times(40, () => {
      const cart = page.object("Cart", {}, 400);
      const before = page.object("State", { cart });
      const after = page.object("State", { cart, before });
      page.heap.property(cart, "owner", before);
      page.log(before, after);
    }),
  );
  assert.equal(report.verdict, "no-leak", report.sentence);
});

test("what the program keeps is the program's, though it logs it, too", async () => {
  const page = new LoggingPage();
  const orders = page.variable("orders", page.map());
  const report = await reportAfter(page, (round) =>
    times(40, (i) => {
      const order = page.object("Order", { cart: page.object("Cart", {}, 400) });
      page.add(orders, page.heap.string(`order ${round} ${i}`), order);
      page.log(order);
    }),
  );
  assert.match(report.suspects[0]?.title ?? report.sentence, /Map `orders`/);
  assert.equal(report.suspects[0]!.growth.entries?.[0], 40);
});

test("so it is if two of the program's objects hold it, or the browser for it", async () => {
  const page = new LoggingPage();
  const [byId, byDate] = [page.variable("byId", page.map()), page.variable("byDate", page.array())];
  const pending = page.heap.native("PendingRequests", { id: 2 });
  page.heap.internal(page.handles, "0", pending);
  const report = await reportAfter(page, (round) =>
    times(200, (i) => {
      const [order, request] = [page.object("Order", {}, 400), page.object("Request", {}, 400)];
      page.add(byId, page.heap.string(`order ${round} ${i}`), order);
      page.push(byDate, order);
      page.heap.element(pending, page.heap.edgeCount(pending) + 1, request);
      page.log(order, request);
    }),
  );
  const [orders, requests, ...others] = report.suspects;
  assert.match(orders?.title ?? report.sentence, /`(byId|byDate)`/);
  assert.equal(orders!.alsoHeldBy.length, 1);
  assert.match(requests?.title ?? report.sentence, /PendingRequests/);
  assert.deepEqual(others, []);
});
