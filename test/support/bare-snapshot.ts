import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

// What is hard on a parser, in a heap that is otherwise Node's own.
const PROGRAM = `
  class Session { user = "user \\u{1F600} \\ud800 \\u2028 \\u0000"; }
  const kept = { ["__proto__x"]: 1, sparse: [], sessions: [new Session(), new Session()], large: Buffer.alloc(1 << 20) };
  kept.sparse[4294967290] = new Session();
  kept.sparse[2147483648] = new Session();
  kept.weak = new WeakMap([[kept.sessions[0], "x".repeat(3000)]]);
  globalThis.kept = kept;
  setImmediate(() => require("node:v8").writeHeapSnapshot(process.argv[1]));
`;

let taken: Promise<string> | undefined;

/** A snapshot of a process of this Node that does next to nothing: some megabytes. Taken once for all tests. */
export function bareSnapshot(): Promise<string> {
  taken ??= take();
  return taken;
}

async function take(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "leakdiff-bare-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "bare.heapsnapshot");
  await promisify(execFile)(process.execPath, ["-e", PROGRAM, file]);
  return file;
}
