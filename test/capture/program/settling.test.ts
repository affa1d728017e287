import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { PATIENCE, SETTLED, Settling } from "#capture/program/settling.js";

/** What is believed of these ports, asked at these moments. */
function believed(...asked: readonly (readonly [now: number, ...ports: number[]])[]): number[][] {
  const settling = new Settling();
  return asked.map(([now, ...ports]) => {
    const told = ports.map((port) => ({ address: "::", port, isSecure: false }));
    return settling.believed(told, now).map(({ port }) => port);
  });
}

suite("Settling", () => {
  test("believes a port that has been there for a while", () => {
    assert.deepEqual(believed([0, 80], [SETTLED - 1, 80], [SETTLED, 80]), [[], [], [80]]);
  });

  test("waits while others come, and believes all together", () => {
    assert.deepEqual(believed([0, 80], [100, 80, 81], [SETTLED, 80, 81], [SETTLED + 100, 80, 81]), [
      [],
      [],
      [],
      [80, 81],
    ]);
  });

  test("believes none that was there for a moment, or goes and comes back", () => {
    assert.deepEqual(believed([0, 80], [200], [SETTLED, 80], [SETTLED + 200, 80]), [[], [], [], []]);
  });

  test("does not wait for ever where ports come and go", () => {
    const times = Array.from({ length: PATIENCE / 100 + 1 }, (_, index) => index * 100);
    const answers = believed(...times.map((now) => [now, 80, 1000 + now] as const));
    assert.deepEqual(answers.at(-2), []);
    assert.deepEqual(answers.at(-1), [80]);
  });

  test("of nothing believes nothing", () => {
    assert.deepEqual(believed([0], [10_000]), [[], []]);
  });
});
