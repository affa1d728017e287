import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { suite, test } from "node:test";
import { attach } from "@leakdiff/capture";
import { findLeaks } from "@leakdiff/core";
import { inSetting } from "../support/capture-programs.js";

// Where they are, to test with them: `npm run test:runtimes` says it.
const { LEAKDIFF_DENO: deno, LEAKDIFF_BUN: bun } = process.env;

const DENO_SERVER = `
  interface Visit { path: string; body: number[] }
  const kept: Visit[] = [];
  Deno.serve({ port: 0, hostname: "127.0.0.1" }, async (request: Request) => {
    const { pathname: path } = new URL(request.url);
    if (path === "/watch") (async () => { for await (const { kind } of Deno.watchFs(".")) console.log(kind); })();
    if (path === "/leak") kept.push({ path, body: new Array(300).fill(kept.length) });
    return new Response(String(kept.length));
  });
`;

suite("Deno", { skip: deno === undefined && "no Deno in LEAKDIFF_DENO" }, () => {
  for (const [path, verdict, first] of [
    ["/leak", "leak", /^Array `kept`, module scope of server\.ts/],
    ["/watch", "leak", /^FsWatcher objects that are never ended: a function \(server\.ts:/],
    ["/", "no-leak", undefined],
  ] as const) {
    test(`is started and looked at, with the verdict ${verdict}`, () =>
      inSetting(async ({ write, capture, events }) => {
        const command = [deno!, "run", "--allow-all", "--no-lock", write("server.ts", DENO_SERVER)];
        const load = { urls: [path], requests: 20 };
        const { files, loads } = await capture({ command, load, snapshots: 3, warmup: 2 });
        const ready = events.find(({ kind }) => kind === "ready") as { runtime: string };
        assert.match(ready.runtime, /^Deno \d/);
        // At rest it makes three snapshots that are the same.
        const report = await findLeaks(files, { cycles: loads, distinct: true });
        assert.equal(report.verdict, verdict);
        if (first === undefined) assert.deepEqual(report.suspects, []);
        else assert.match(report.suspects[0]!.title, first);
      }));
  }

  test("is attached to by the port of its inspector", () =>
    inSetting(async ({ write, out }) => {
      const words = ["run", "--allow-all", "--no-lock", "--inspect=127.0.0.1:0", write("server.ts", DENO_SERVER)];
      const child = spawn(deno!, words, { env: { ...process.env, NO_COLOR: "1" } });
      const ended = once(child, "exit");
      try {
        let output = "";
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding("utf8").on("data", (text: string) => (output += text));
        while (!/Listening on/.test(output))
          await Promise.race([once(child.stdout, "data"), once(child.stderr, "data")]);
        const [, target] = /ws:\/\/(\S+?)\//.exec(output)!;
        const [, url] = /Listening on (\S+?)\/?\s/.exec(output)!;
        const work = async () => {
          for (let i = 0; i < 40; i++) await (await fetch(`${url}/leak`)).text();
        };
        await work();
        const { files, samples } = await attach({ target: target!, out, next: work });
        assert.equal(samples[0]!.process, child.pid);
        const [suspect] = (await findLeaks(files)).suspects;
        assert.match(suspect!.title, /^Array `kept`, module scope of server\.ts/);
        assert.deepEqual(suspect!.growth.entryCounts, [40, 80, 120]);
      } finally {
        child.kill("SIGKILL");
        await ended;
      }
    }));
});

suite("Bun", { skip: bun === undefined && "no Bun in LEAKDIFF_BUN" }, () => {
  test("writes files that are read, and of which nothing is claimed, since it numbers objects afresh", () =>
    inSetting(async ({ write, folder }) => {
      const program = `
        import { generateHeapSnapshot } from "bun";
        class Visit { body = new Array(30).fill(1); }
        const kept: Visit[] = [];
        for (const name of ["a", "b", "c"]) {
          for (let i = 0; i < 500; i++) kept.push(new Visit());
          await Bun.write(process.argv[2] + "/" + name + ".heapsnapshot", generateHeapSnapshot("v8"));
        }
      `;
      execFileSync(bun!, [write("program.ts", program), folder]);
      const files = ["a", "b", "c"].map((name) => join(folder, `${name}.heapsnapshot`));
      const report = await findLeaks(files);
      assert.deepEqual([report.verdict, report.comparison, report.suspects], ["cannot-tell", "by-name", []]);
      const visits = report.classes.find(({ name }) => name === "Visit");
      assert.deepEqual(
        visits!.intervals.map(({ born }) => born.count),
        [500, 500],
      );
    }));
});
