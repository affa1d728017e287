import assert from "node:assert/strict";
import { join } from "node:path";
import { Readable } from "node:stream";
import { suite, test } from "node:test";
import { endingOf } from "#capture/program/program-end.js";
import { ProgramOutput } from "#capture/program/program-output.js";
import type { Program } from "#capture/program/start-program.js";
import { inSetting, NODE, serverText } from "../../support/capture-programs.js";

/** As V8 of Node 20 puts it. */
const FATAL = `
<--- Last few GCs --->

[4711:0x420d5ca0]    11410 ms: Scavenge (reduce) 59.7 (60.9) -> 59.6 (61.7) MB, 23.95 / 0.00 ms  allocation failure;
[4711:0x420d5ca0]    11478 ms: Mark-Compact (reduce) 60.2 (61.7) -> 59.9 (62.2) MB, 28.20 / 0.01 ms

<--- JS stacktrace --->

FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
`;

suite("the end of a program whose first process exits with 0", () => {
  for (const [pid, ended] of [
    [4711, "out-of-memory"],
    [4712, "exited"],
    [undefined, "exited"],
  ] as const) {
    test(`is ${ended} where process 4711 ran out of memory, and ${pid ?? "none"} is looked at`, () =>
      inSetting(async ({ folder }) => {
        const output = new ProgramOutput(join(folder, "program.log"));
        const text = Readable.from([FATAL]);
        output.drain(text);
        await new Promise((resolve) => text.once("close", resolve));
        const program = { output, left: () => [] } as unknown as Program;
        assert.equal(endingOf({ code: 0, signal: null }, program, pid).ended, ended);
        await output.end();
      }));
  }

  test(
    "is out-of-memory where a shell goes on when the server has died of it",
    { skip: process.platform === "win32" },
    () =>
      inSetting(async ({ write, capture }) => {
        const hungry = serverText({ "/": "kept.push(new Array(25_000).fill(0.5));" }, "const kept = [];");
        const shell = `"$0" --max-old-space-size=30 "$1"; echo over`;
        const run = capture({
          command: ["sh", "-c", shell, NODE, write("server.cjs", hungry)],
          load: { urls: ["/"], requests: 20, connections: 1 },
          warmup: 50,
        });
        await assert.rejects(run, {
          code: "out-of-memory",
          message: /^the program ran out of heap memory and died after/,
        });
      }),
  );
});
