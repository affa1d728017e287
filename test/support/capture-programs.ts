import assert from "node:assert/strict";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Capture, type CaptureEvent, type CaptureOptions, captureSnapshots } from "@leakdiff/capture";
import { answers } from "#capture/program/ports.js";
import { isAlive } from "#capture/program/process-group.js";

/** The Node that programs run on; `npm run test:runtimes` gives others than the one that the tests run on. */
export const NODE = process.env["LEAKDIFF_NODE"] ?? process.execPath;

/** A server of these routes on a free port, or on PORT; `setup` is code of its module scope. */
export function serverText(routes: Readonly<Record<string, string>>, setup = ""): string {
  const table = Object.entries(routes).map(([path, body]) => `${JSON.stringify(path)}(response) { ${body} }`);
  return `
    const http = require("node:http");
    ${setup}
    const routes = { ${table.join(", ")} };
    const server = http.createServer((request, response) => {
      routes[request.url]?.(response);
      response.end("done");
    });
    server.listen(Number(process.env.PORT ?? 0), "127.0.0.1");
  `;
}

/** What every test of a capture starts from: little work, a folder of its own. */
export interface Setting {
  readonly folder: string;
  /** Writes a file into the folder and returns its path. */
  write(name: string, text: string): string;
  /** Where the snapshots go. */
  readonly out: string;
  readonly events: CaptureEvent[];
  /** The files in `out`. */
  files(): string[];
  capture(options: Partial<CaptureOptions> & Pick<CaptureOptions, "command">): Promise<Capture>;
}

/** Runs a test, and asserts that no process and no port of the programs is left, and no unfinished file. */
export async function inSetting(test: (setting: Setting) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "leakdiff-capture-test-"));
  const out = join(folder, "out");
  const events: CaptureEvent[] = [];
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const files = () => (existsSync(out) ? readdirSync(out).sort() : []);
  const capture: Setting["capture"] = ({ onEvent, ...options }) =>
    captureSnapshots({
      load: { urls: ["/"], requests: 5 },
      out,
      newFolder: true, // of the second and later ones of a test
      snapshots: 2,
      cycles: 2,
      warmup: 1,
      ...options,
      onEvent(event) {
        events.push(event);
        onEvent?.(event);
      },
    });
  try {
    await test({ folder, write, out, events, files, capture });
    const started = events.some(({ kind }) => kind === "started");
    for (const event of events) {
      // What was attached to goes on.
      if (!started) continue;
      if (event.kind === "started" || event.kind === "ready") assertGone(event.pid!);
      if (event.kind === "ready" && event.url !== undefined) await assertRefused(Number(new URL(event.url).port));
    }
    assert.deepEqual(
      files().filter((file) => file.endsWith(".part")),
      [],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function assertGone(pid: number): void {
  assert.ok(!isAlive(pid), `process ${pid} is alive`);
}

/** The system may have given the port to the program of another test since, which has it for a while. */
export async function assertRefused(port: number): Promise<void> {
  for (const end = performance.now() + 60_000; await answers({ host: "127.0.0.1", port }); await sleep(100))
    assert.ok(performance.now() < end, `port ${port} answers`);
}

// Below those that systems give to whoever asks for any: such a one might be given away before it is used. Two runs of the
// tests begin at different ones.
let nextPort = 20_000 + (process.pid % 10_000);

/** A port of loopback that nobody has. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort++;
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** Where the inspector of a program listens that was started with `--inspect`, as it says itself. */
export async function inspectorUrl(child: ChildProcessWithoutNullStreams): Promise<string> {
  let text = "";
  while (!/ws:\S+\s/.test(text)) text += String((await once(child.stderr.setEncoding("utf8"), "data"))[0]);
  const [url] = /ws:\S+/.exec(text)!;
  return url;
}
