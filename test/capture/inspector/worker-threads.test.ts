import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Channel } from "#capture/inspector/channel.js";
import { WorkerThreads } from "#capture/inspector/worker-threads.js";

/** A session with a page, or with something that has no workers: what it is asked for, and what it answers. */
class FakePage extends Channel {
  readonly closed = new Promise<void>(() => {});
  readonly isOpen = true;
  readonly asked: string[] = [];
  readonly isPage: boolean;

  constructor(isPage: boolean) {
    super(undefined);
    this.isPage = isPage;
  }

  pause(): void {}
  resume(): void {}
  async close(): Promise<void> {}

  protected async transmit(text: string): Promise<void> {
    const { id, method, params } = JSON.parse(text);
    this.asked.push(method);
    if (!this.isPage || method.startsWith("NodeWorker.")) return this.#say({ id, error: { message: "not found" } });
    if (method === "Target.setAutoAttach" && params.autoAttach)
      for (const [type, title, url] of [
        ["service_worker", "Service Worker", "/sw.js"],
        ["worker", "parser", "/parse.js"],
        ["worker", "/plain.js", "/plain.js"],
      ])
        this.#event("Target.attachedToTarget", { sessionId: url, targetInfo: { type, title, url } });
    this.#say({ id, result: {} });
    if (method !== "Target.sendMessageToTarget") return;
    const inner = JSON.stringify({ id: JSON.parse(params.message).id, result: { usedSize: 7, totalSize: 9 } });
    this.#event("Target.receivedMessageFromTarget", { sessionId: params.sessionId, message: inner });
  }

  #event(method: string, params: object): void {
    this.#say({ method, params });
  }

  #say(message: object): void {
    this.take(JSON.stringify(message));
  }
}

suite("workers", () => {
  test("of a page are told by name and file, without its service worker, and spoken to through the page", async () => {
    const page = new FakePage(true);
    const workers = await WorkerThreads.of(page);
    assert.deepEqual(workers?.all, [
      { id: 1, name: "parser", file: "/parse.js" },
      { id: 2, name: "", file: "/plain.js" },
    ]);
    const session = workers.session(workers.all[0]!)!;
    assert.deepEqual(await session.connection.send("Runtime.getHeapUsage"), { usedSize: 7, totalSize: 9 });
    await workers.close();
    assert.equal(page.asked.at(-1), "Target.setAutoAttach");
    assert.deepEqual(workers.all, []);
  });

  test("are none of what is neither Node nor a page", async () => {
    assert.equal(await WorkerThreads.of(new FakePage(false)), undefined);
  });
});
