import assert from "node:assert/strict";
import { stat } from "node:fs";
import { test } from "node:test";
import { begin } from "#core/progress.js";

test(
  "a stage begins after what came while the one before kept everybody waiting",
  { skip: process.platform === "win32" },
  async () => {
    const heard: string[] = [];
    process.once("SIGUSR2", () => heard.push("signal"));
    await new Promise<void>((resolve, reject) => {
      // As where a file is read: the event loop has looked at signals before it comes here.
      stat(".", () => {
        process.kill(process.pid, "SIGUSR2");
        begin("dominators", "a", { onProgress: ({ stage }) => heard.push(stage) }).then(resolve, reject);
      });
    });
    assert.deepEqual(heard, ["signal", "dominators"]);
  },
);
