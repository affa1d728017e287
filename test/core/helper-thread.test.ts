import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { HelperThread } from "#core/helper-thread.js";
import type { RowOrder } from "#core/parse/row-pieces.js";

test("a thread that helps beside its own work keeps the process alive until that is done", () => {
  const script = `
    import { Worker } from "node:worker_threads";
    import { HelperThread } from ${JSON.stringify(import.meta.resolve("#core/helper-thread.js"))};
    const worker = new Worker(\`
      import { parentPort } from "node:worker_threads";
      parentPort.on("message", () => parentPort.postMessage({ kind: "answer", result: null }));
      setTimeout(() => parentPort.postMessage("own work"), 200);
    \`, { eval: true });
    const done = new Promise((resolve) => worker.on("message", (text) => text === "own work" && resolve(text)));
    await new HelperThread(worker, new Promise(() => undefined)).written();
    console.log(await done);
    await worker.terminate();
  `;
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.deepEqual([stdout, status], ["own work\n", 0]);
});

test("a thread that cannot read what it is told is an error, not a wait without end", async () => {
  const { Memory } = Reflect.get(globalThis, "WebAssembly") as {
    Memory: new (pages: object) => { buffer: ArrayBuffer };
  };
  const { buffer } = new Memory({ initial: 1 << 16, maximum: 1 << 16, shared: true });
  const order = { section: { columns: { nodeType: new Uint8Array(buffer, 0, 4) } } } as unknown as RowOrder;
  const helper = new HelperThread();
  await assert.rejects(helper.read(order, Promise.resolve()));
  helper.end();
});
