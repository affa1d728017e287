import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { basename } from "node:path";
import { suite, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { findLeaks } from "@leakdiff/core";
import { inSetting, NODE, serverText } from "../support/capture-programs.js";
import { certificateIn, hasOpenssl } from "../support/certificate.js";
import { samePlaces } from "../support/lockstep.js";

const LEAK = serverText(
  { "/": "kept.push(new Page(kept.length));" },
  "const kept = []; class Page { constructor(number) { this.numbers = new Array(300).fill(number); } }",
);

const hasIPv6 = Object.values(networkInterfaces()).some((all) => all!.some(({ address }) => address === "::1"));

/** Entries of `kept` in each snapshot. */
async function keptIn(files: readonly string[]): Promise<readonly number[] | null | undefined> {
  const { suspects } = await findLeaks(files);
  return suspects.find(({ title }) => title.startsWith("Array `kept`"))?.growth.entryCounts;
}

/** Type and name by id, of what V8 numbers for good: odd ids, and neither numbers nor values that have no bytes. */
function namesById(file: string): Map<number, string> {
  const { snapshot, nodes, strings } = JSON.parse(readFileSync(file, "utf8")) as {
    snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
    nodes: number[];
    strings: string[];
  };
  const fields = snapshot.meta.node_fields;
  const [type, name, id, size] = ["type", "name", "id", "self_size"].map((field) => fields.indexOf(field));
  const names = new Map<number, string>();
  for (let node = 0; node < nodes.length; node += fields.length) {
    const typeName = snapshot.meta.node_types[0][nodes[node + type!]!]!;
    const number = nodes[node + id!]!;
    if (number % 2 === 0 || typeName === "number" || nodes[node + size!] === 0) continue;
    names.set(number, `${typeName} ${strings[nodes[node + name!]!]}`);
  }
  return names;
}

suite("captureSnapshots", { concurrency: 3 }, () => {
  test("takes snapshots in which a leak is found, entry by entry", () =>
    inSetting(async ({ write, capture, files, events }) => {
      const { files: taken, ...result } = await capture({
        command: [NODE, write("server.cjs", LEAK)],
        snapshots: 3,
      });
      assert.deepEqual(
        taken.map((file) => basename(file)),
        ["a.heapsnapshot", "b.heapsnapshot", "c.heapsnapshot"],
      );
      assert.deepEqual(files(), ["a.heapsnapshot", "b.heapsnapshot", "c.heapsnapshot", "program.log"]);
      if (process.platform !== "win32") for (const file of taken) assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.deepEqual([result.ended, result.unit, result.loads], ["complete", "request", [10, 10]]);
      assert.deepEqual(
        result.samples.map(({ cycle, requests }) => [cycle, requests]),
        [0, 1, 2, 3, 4, 5].map((cycle) => [cycle, 5 * cycle]),
      );
      const ready = events.find(({ kind }) => kind === "ready")!;
      for (const sample of result.samples) {
        assert.equal(sample.process, (ready as { pid: number }).pid);
        assert.ok(
          sample.heapUsed > 1e6 && sample.rss! > sample.heapUsed && sample.heapLimit! > 1e8 && sample.collected,
        );
      }

      const report = await findLeaks(taken, { cycles: result.loads });
      assert.equal(report.verdict, "leak");
      const [first] = report.suspects;
      assert.match(first!.title, /`kept`.*server\.cjs/);
      assert.deepEqual(first!.growth.entryCounts, [5, 15, 25]);

      const [a, b, c] = taken.map(namesById);
      for (const [earlier, later] of [[a!, b!] as const, [b!, c!] as const]) {
        const shared = [...earlier.keys()].filter((id) => later.has(id));
        const others = shared.filter((id) => earlier.get(id) !== later.get(id));
        // V8 may give the place of an object that died, and its id with it, to another one: what lives keeps its own.
        assert.ok(shared.length > 10_000 && others.length < shared.length / 1000, `${others.length}`);
        const pages = [...earlier.keys()].filter((id) => earlier.get(id) === "object Page");
        assert.equal(pages.length, earlier === a ? 5 : 15);
        assert.deepEqual(
          pages.filter((id) => later.get(id) !== "object Page"),
          [],
        );
      }
      // Functions and symbols that are reached by the same names are made once in such a program: all keep their ids.
      for (const [earlier, later] of [
        [taken[0]!, taken[1]!],
        [taken[1]!, taken[2]!],
      ] as const) {
        const places = samePlaces(earlier, later).filter(({ type }) => /^(?:closure|symbol|regexp)$/.test(type));
        assert.ok(places.length > 4000, `${places.length}`);
        assert.deepEqual(
          places.filter(({ id, otherId }) => id !== otherId),
          [],
        );
      }
    }));

  test("accuses no healthy server, not even for what an inspector keeps of its log", () =>
    inSetting(async ({ write, capture }) => {
      const server = serverText({ "/": "console.log({ payload: new Array(2000).fill(Math.random()) });" });
      const { files, loads } = await capture({
        command: [NODE, write("server.cjs", server)],
        snapshots: 3,
        cycles: 1,
        warmup: 2,
        load: { urls: ["/"], requests: 20 },
      });
      const report = await findLeaks(files, { cycles: loads });
      assert.deepEqual([report.verdict, report.suspects.map(({ title }) => title)], ["no-leak", []]);
    }));

  test("looks at the process that listens, of all that a command starts; takes a module's function for load", () =>
    inSetting(async ({ write, capture, events }) => {
      const server = write("server.cjs", `console.log("server", process.pid);${LEAK}`);
      const wrapper = write(
        "wrapper.cjs",
        `require("node:child_process").spawn(process.execPath, [${JSON.stringify(server)}], { stdio: "inherit" });`,
      );
      const scenario = write(
        "scenario.mjs",
        "export default async ({ url, cycle }) => { for (let i = 0; i < cycle; i++) await (await fetch(url)).text(); };",
      );
      const { files, samples, log, unit, loads } = await capture({
        command: [NODE, wrapper],
        load: { scenario },
      });
      const [started, ready] = events;
      assert.equal(ready!.kind, "ready");
      const listening = (ready as { pid: number }).pid;
      assert.notEqual(listening, (started as { pid: number }).pid);
      assert.deepEqual(readFileSync(log!, "utf8"), `server ${listening}\n`);
      assert.equal(samples[0]!.process, listening);
      assert.deepEqual([unit, loads], ["run", [2]]);
      assert.deepEqual(await keptIn(files), [1, 6]);
    }));

  test("takes a command for load, and tells it where the program is", () =>
    inSetting(async ({ write, capture }) => {
      const load = write(
        "load.mjs",
        `const { LEAKDIFF_URL: url, LEAKDIFF_CYCLE: cycle } = process.env;
         for (let i = 0; i < Number(cycle); i++) await (await fetch(url)).text();
         process.exit();`,
      );
      const { files, unit, loads, samples } = await capture({
        command: [NODE, write("server.cjs", LEAK)],
        load: { command: `"${process.execPath}" "${load}"` },
        warmup: 1,
        cycles: 2,
      });
      assert.deepEqual([unit, loads], ["run", [2]]);
      assert.ok(
        samples.every(({ requests }) => requests === undefined),
        "nobody counted requests",
      );
      assert.deepEqual(await keptIn(files), [1, 6]);
    }));

  test("looks at one process of a cluster, and says so", { skip: process.platform !== "linux" }, () =>
    inSetting(async ({ write, capture, events }) => {
      const cluster = `
        const cluster = require("node:cluster");
        if (cluster.isPrimary) for (let i = 0; i < 2; i++) cluster.fork();
        else { ${LEAK} }`;
      const { files, notes } = await capture({ command: [NODE, write("cluster.cjs", cluster)], cycles: 4 });
      const [started, ready] = events as { pid: number }[];
      assert.notEqual(ready!.pid, started!.pid);
      assert.match(
        notes[0]!,
        /^2 processes share the work; these are snapshots of one of them, process \d+, so it got/,
      );
      assert.ok((await keptIn(files))![1]! > (await keptIn(files))![0]!);
    }),
  );

  test("finds a server whose parent waits for it, and answers nobody", () =>
    inSetting(async ({ write, capture }) => {
      const server = JSON.stringify(write("server.cjs", LEAK));
      const parent = `require("node:child_process").spawnSync(process.execPath, [${server}], { stdio: "inherit" });`;
      const { files } = await capture({ command: [NODE, write("parent.cjs", parent)] });
      assert.deepEqual(await keptIn(files), [5, 15]);
    }));

  test("reaches a server that listens on IPv6 only", { skip: !hasIPv6 && "there is no IPv6 here" }, () =>
    inSetting(async ({ write, capture, events }) => {
      const server = LEAK.replace(/server\.listen\(.*\)/, 'server.listen({ port: 0, host: "::", ipv6Only: true })');
      const { files } = await capture({ command: [NODE, write("server.cjs", server)] });
      const ready = events.find(({ kind }) => kind === "ready") as { url: string };
      assert.match(ready.url, /^http:\/\/\[::1\]:\d+$/);
      assert.deepEqual(await keptIn(files), [5, 15]);
    }),
  );

  test("says once that requests fail now and then", () =>
    inSetting(async ({ write, capture, events }) => {
      const server = serverText(
        { "/": "response.statusCode = ++requests % 5 === 0 ? 500 : 200;" },
        "let requests = 0;",
      );
      const { notes } = await capture({ command: [NODE, write("server.cjs", server)] });
      assert.equal(notes.length, 1, notes.join("\n"));
      assert.match(notes[0]!, /^3 of 15 requests failed, in 3 cycles from cycle 1 on: http:\S+ answers 500$/);
      const told = events.flatMap((event) => (event.kind === "note" ? [event.message] : []));
      assert.equal(told.length, 1, told.join("\n"));
      assert.match(told[0]!, /^1 of 5 requests of cycle 1 failed: http:\S+ answers 500$/);
    }));

  test("finds out that a server speaks HTTPS", { skip: !hasOpenssl && "no openssl" }, () =>
    inSetting(async ({ folder, write, capture, events }) => {
      const { key, cert } = certificateIn(folder);
      const read = (file: string) => `require("node:fs").readFileSync(${JSON.stringify(file)})`;
      const server = LEAK.replace('require("node:http")', 'require("node:https")').replace(
        "createServer(",
        `createServer({ key: ${read(key)}, cert: ${read(cert)} }, `,
      );
      const { files } = await capture({ command: [NODE, write("server.cjs", server)] });
      const ready = events.find(({ kind }) => kind === "ready") as { url: string };
      assert.match(ready.url, /^https:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(await keptIn(files), [5, 15]);
    }),
  );

  test("tells no resident set where a parenthesis in the title makes Node read another number", () =>
    inSetting(async ({ write, capture }) => {
      const server = write("server.cjs", `process.title = "a (b) c) d"; ${LEAK}`);
      const { samples } = await capture({ command: [NODE, server] });
      for (const { rss, heapUsed } of samples) assert.ok(rss === undefined && heapUsed > 1e6, `${rss}`);
    }));

  test("waits for a text, and needs no server", () =>
    inSetting(async ({ write, capture }) => {
      const program = write(
        "program.cjs",
        `const kept = []; process.stdin.on("data", () => {});
         setInterval(() => kept.push({ at: Date.now() }), 1); console.log("now ready, at last");`,
      );
      const { files } = await capture({
        command: [NODE, program],
        readyText: "ready, at",
        load: { command: `"${process.execPath}" -e 0` },
        cycles: 1,
      });
      assert.match((await findLeaks(files)).suspects[0]!.title, /`kept`/);
    }));

  test("takes ten thousand lines of log without holding the program up; packs the files if asked to", () =>
    inSetting(async ({ write, capture }) => {
      const noisy = serverText({
        "/": "for (let i = 0; i < 10_000; i++) process.stderr.write(`line ${i} ${'x'.repeat(100)}\\n`);",
      });
      const { log, files } = await capture({
        command: [NODE, write("server.cjs", noisy)],
        load: { urls: ["/"], requests: 1 },
        cycles: 1,
        warmup: 0,
        gzip: true,
      });
      const lines = readFileSync(log!, "utf8").trimEnd().split("\n");
      assert.equal(lines.length, 10_000);
      assert.match(lines[9999]!, /^line 9999 x{100}$/);
      assert.match(files[1]!, /b\.heapsnapshot\.gz$/);
      for (const file of files) JSON.parse(gunzipSync(readFileSync(file)).toString());
    }));
});
