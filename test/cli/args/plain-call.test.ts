import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseAnyArgs, parseArgs, parsePlainArgs } from "#cli/args.js";

// What people type, what they mistype, and what yargs makes something of.
const WORDS = [
  [
    "a",
    "b.heapsnapshot",
    "-",
    "",
    "--",
    "123",
    "0x1",
    "1e3",
    "true",
    "false",
    "@7",
    "@12",
    "no",
    "=",
    "a=b",
    "__proto__",
  ],
  ["summary", "retainers", "leaks", "completion", "help", "version", "h", "sumary", "constructor", "hasOwnProperty"],
  [
    "--json",
    "--no-color",
    "--top",
    "--cycles",
    "--min-growth",
    "--cleanup",
    "--exit-zero",
    "--help",
    "-h",
    "--version",
  ],
  ["--json=true", "--json=false", "--top=3", "--top=", "--no-json", "--jsno", "-j", "---json", "--__proto__", "-1"],
  ["3", "1MB", "500,50", "50", "'a'", '"b"', "--top='3'", "it's", "\u0000", "a b", "über"],
].flat();

describe("a plain call", () => {
  it("is understood as yargs understands it, or left to it", async () => {
    let plain = 0;
    const call = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 4 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(call, async (argv) => {
        const answer = parsePlainArgs(argv);
        if (answer === undefined) return;
        plain++;
        assert.deepEqual(answer, await parseAnyArgs(argv, "1.2.3", 80));
      }),
      { numRuns: 1000 },
    );
    assert.ok(plain > 20, `${plain} of 1000 calls were plain`);
  });

  for (const line of [
    "a b",
    "a b c d",
    "- b",
    "a -- -b",
    "summary a",
    "summary a --top 50 --json",
    "--json --no-color summary a",
    "retainers a @7",
    "a b c --cycles 500,50 --min-growth 1MB --exit-zero",
    "--cleanup a b c",
  ]) {
    it(`is one: leakdiff ${line}`, async () => {
      const argv = line.split(" ");
      const answer = parsePlainArgs(argv);
      assert.equal(answer?.kind, "run");
      assert.deepEqual(answer, await parseAnyArgs(argv, "1.2.3", 80));
      assert.deepEqual(answer, await parseArgs(argv, "1.2.3", 80));
    });
  }

  it("loads no parser", () => {
    const hooks = `export async function resolve(name, context, next) {
      if (name === "yargs") throw new Error("yargs is loaded");
      return next(name, context);
    }`;
    const { href } = new URL("../../../../packages/cli/dist/args.js", import.meta.url);
    const script = `
      import { register } from "node:module";
      register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});
      const { parseArgs } = await import(${JSON.stringify(href)});
      for (const argv of [["a", "b", "--json"], ["--help"]])
        console.log(await parseArgs(argv, "1", 80).then(({ kind }) => kind, ({ message }) => message));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    assert.equal(stdout, "run\nyargs is loaded\n", stderr);
  });
});
