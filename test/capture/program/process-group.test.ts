import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, isGroupAlive } from "#capture/program/process-group.js";

suite("a process that has ended, and whose parent never asks how", { skip: process.platform !== "linux" }, () => {
  test("is not alive, nor is its group", async () => {
    // The shell is replaced by one that knows of no child.
    const parent = spawn("sh", ["-c", "setsid sleep 0.5 & echo $!; exec sleep 100"]);
    const ended = new Promise((resolve) => parent.on("close", resolve));
    try {
      const text = await new Promise<string>((resolve) => parent.stdout.setEncoding("utf8").once("data", resolve));
      const pid = Number(text);
      const state = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[2];
      for (let tries = 0; tries < 500 && state() !== "Z"; tries++) await sleep(10);
      assert.equal(state(), "Z");
      assert.ok(process.kill(pid, 0) && process.kill(-pid, 0), "signals reach it all the same");
      assert.deepEqual([isAlive(pid), isGroupAlive(pid)], [false, false]);
      assert.deepEqual([isAlive(parent.pid!), isAlive(process.pid)], [true, true]);
    } finally {
      parent.kill("SIGKILL");
      await ended;
    }
  });

  test("is there, and its group, as long as it runs", async () => {
    const child = spawn("sleep", ["100"], { detached: true });
    const ended = new Promise((resolve) => child.on("close", resolve));
    assert.deepEqual([isAlive(child.pid!), isGroupAlive(child.pid!)], [true, true]);
    child.kill("SIGKILL");
    await ended;
    assert.deepEqual([isAlive(child.pid!), isGroupAlive(child.pid!)], [false, false]);
  });
});
