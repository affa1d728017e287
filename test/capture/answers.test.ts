import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { answerOf } from "#capture/program/answers.js";

suite("answerOf", () => {
  test("is what a worker thread answers, or why there is no answer", async () => {
    assert.equal(await answerOf("worker thread 1", Promise.resolve(7)), 7);
    const failure = new Error("it ended");
    await assert.rejects(answerOf("worker thread 1", Promise.reject(failure)), failure);
  });

  test("says that a thread does not answer, and that it may be one of a pool that waits", async () => {
    await assert.rejects(answerOf("worker thread 1 (worker.js)", new Promise(() => {}), 10), {
      code: "no-inspector",
      message: /^worker thread 1 \(worker\.js\) does not answer: it may be waiting in Atomics\.wait/,
    });
  });
});
