import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareWidths, width } from "#cli/render/text-width.js";
import { inSetting, serverText } from "../support/capture-programs.js";
import { SnapshotBuilder } from "../support/snapshot-builder.js";

const bin = fileURLToPath(new URL("../../../packages/cli/bin/leakdiff.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real program. With `hangUp` its reader goes away before it can say anything. */
function leakdiff(argv: readonly string[], { hangUp = false, input = "" } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { NODE_OPTIONS: _, FORCE_COLOR: __, ...env } = process.env;
    const child = spawn(process.execPath, [bin, ...argv], { env });
    let stdout = "";
    let stderr = "";
    if (hangUp) child.stdout.destroy();
    else child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

describe("bin/leakdiff.js", () => {
  it("prints its version", async () => {
    const { code, stdout, stderr } = await leakdiff(["--version"]);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    assert.deepEqual([code, stderr], [0, ""]);
  });

  it("prints help that a pipe can read", async () => {
    const { code, stdout, stderr } = await leakdiff(["--help"]);
    assert.match(stdout, /^Names what leaks[^]*Exit codes/);
    assert.doesNotMatch(stdout, /[^\P{Cc}\n]| \n/u);
    assert.deepEqual([code, stderr], [0, ""]);
  });

  it("says what is wrong on stderr and exits with 2", async () => {
    const { code, stdout, stderr } = await leakdiff(["a", "b", "--exit-zro"]);
    assert.equal(stderr, "leakdiff: there is no option --exit-zro; did you mean --exit-zero?\nsee leakdiff --help\n");
    assert.deepEqual([code, stdout], [2, ""]);
  });

  it("says in one line that a file is not there, and exits with 2", async () => {
    const { code, stdout, stderr } = await leakdiff(["no-such.heapsnapshot", "b.heapsnapshot"]);
    assert.match(stderr, /^leakdiff: no-such\.heapsnapshot .*\n$/);
    assert.deepEqual([code, stdout], [2, ""]);
  });

  it("reads standard input, and calls it so", async () => {
    const { code, stdout, stderr } = await leakdiff(["summary", "-"], { input: new SnapshotBuilder().json() });
    assert.match(stdout, /^standard input: 0 B in 1 node /);
    assert.deepEqual([code, stderr], [0, ""]);
  });

  it("lines names up that take two columns a character", async () => {
    const heap = new SnapshotBuilder();
    for (const name of ["Page", "缓存缓存"]) heap.property(heap.global(), name, heap.object(name, { size: 1000 }));
    const { stdout } = await leakdiff(["summary", "-"], { input: heap.json() });
    await prepareWidths();
    const [plain, wide] = ["Page", "缓存缓存"].map((name) =>
      stdout.split("\n").findLast((line) => line.includes(name))!,
    );
    assert.equal(width(wide!), width(plain!), stdout);
  });

  it(
    "says that its report cannot be written, also where it ends a scenario that leaves things open",
    {
      skip: !existsSync("/dev/full"),
    },
    () =>
      inSetting(async ({ out, write }) => {
        const load = ["--scenario", write("idle.mjs", "export default () => {};"), "--warmup", "0", "--cycles", "1"];
        const program = [process.execPath, write("server.cjs", serverText({}))];
        const full = openSync("/dev/full", "w");
        const argv = ["run", ...load, "--snapshots", "2", "--out", out, "--", ...program];
        const child = spawn(process.execPath, [bin, ...argv], { stdio: ["ignore", full, "pipe"] });
        let stderr = "";
        child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
        const [code] = (await once(child, "close")) as [number | null];
        closeSync(full);
        assert.match(stderr, /^leakdiff: the output cannot be written: ENOSPC.*$/m);
        assert.equal(code, 2);
      }),
  );

  it("ends at Ctrl-C, also while a pipe that it reads goes on", { skip: process.platform === "win32" }, async () => {
    const child = spawn(process.execPath, [bin, "summary", "-"]);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const ended = once(child, "close");
    // More than a pipe holds: when it has gone, somebody reads.
    child.stdin.on("error", () => {}).write(`{"snapshot":${" ".repeat(1 << 20)}`);
    await once(child.stdin, "drain");
    child.kill("SIGINT");
    const [code] = (await ended) as [number | null];
    assert.deepEqual([code, stderr], [130, "leakdiff: interrupted\n"]);
  });

  it("does not mind a reader that has seen enough", async () => {
    const { code, stderr } = await leakdiff(["--help"], { hangUp: true });
    assert.deepEqual([code, stderr], [0, ""]);
  });
});
