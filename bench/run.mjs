// Measures leakdiff beside its peers, as whole processes, in turns:
//   npm run bench -- [MEGABYTES ...] [--rounds N] [--peers-to MEGABYTES] [--shapes ITEMS] [--files a.heapsnapshot,b,c]
// Peers that are not installed (npm install --prefix bench), and all of them above --peers-to (200), are left out.
// --shapes adds one file of each extreme shape, --files measures snapshots that are there. Writes bench/RESULTS.md, with NOTES.md in it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    folder: { type: "string", default: join(here, "snapshots") },
    "peers-to": { type: "string", default: "200" },
    shapes: { type: "string" },
    files: { type: "string", multiple: true, default: [] },
  },
});
const sizes = positionals.length > 0 || values.files.length > 0 ? positionals.map(Number) : [13, 50, 200];
const rounds = Number(values.rounds);
const scratch = mkdtempSync(join(tmpdir(), "leakdiff-bench-"));

const leakdiff = join(here, "..", "packages", "cli", "bin", "leakdiff.js");
const operations = join(here, "operations.mjs");
const ROOM = "--max-old-space-size=16000"; // leakdiff needs no such thing

/** What issue and README promise of a group, for files of 200 MB and more. */
const TARGETS = {
  "one file": { peer: "heap-snapshot-toolkit, classes", ratio: 0.25, peak: 1.8 },
  "two files": { peer: "heap-snapshot-toolkit, diff", ratio: 0.15, peak: 2.5 },
  "three files": { peer: "memlab find-leaks", ratio: 0.18, peak: 3 },
};

function namesFor(size) {
  return ["a", "b", "c"].map((letter) => join(values.folder, `${size}mb.${letter}.heapsnapshot`));
}

/** Groups of rows that are compared: the first of each is leakdiff. */
function groupsFor([a, b, c]) {
  const small = statSync(a).size <= Number(values["peers-to"]) * 1.2e6;
  const toolkit = small && versionOf("heap-snapshot-toolkit") !== null;
  const memlab = small && binOf("memlab");
  const work = ["--work-dir", join(scratch, "memlab")];
  return [
    {
      title: "one file",
      file: a,
      rows: [
        ["leakdiff summary", [leakdiff, "summary", a]],
        ["heap-snapshot-toolkit, classes", toolkit && [ROOM, operations, "toolkit-summary", a]],
        ["floor: read the bytes", [operations, "read", a]],
        ["floor: parse into columns", [operations, "parse", a]],
        ["the same in plain JavaScript", [operations, "parse-plain", a]],
      ],
    },
    {
      title: "two files",
      file: a,
      rows: [
        ["leakdiff a b", [leakdiff, a, b]],
        ["leakdiff a b --memory low", [leakdiff, a, b, "--memory", "low"]],
        ["heap-snapshot-toolkit, diff", toolkit && [ROOM, operations, "toolkit-diff", a, b]],
      ],
    },
    {
      title: "three files",
      file: a,
      rows: [
        ["leakdiff a b c", [leakdiff, a, b, c]],
        ["leakdiff a b c --memory low", [leakdiff, a, b, c, "--memory", "low"]],
        [
          "memlab find-leaks",
          memlab && [ROOM, memlab, "find-leaks", "--baseline", a, "--target", b, "--final", c, ...work],
        ],
        ["floor: parse into columns", [operations, "parse", a, b, c]],
      ],
    },
  ].slice(0, b === undefined ? 1 : c === undefined ? 2 : 3);
}

/** One file of each shape that is hard on somebody. */
function shapeGroups(items) {
  return ["shared", "wide", "deep", "strings", "edges"].map((shape) => {
    const file = join(scratch, `${shape}.heapsnapshot`);
    spawnSync(process.execPath, [join(here, "make-synthetic.mjs"), file, String(items), shape], { stdio: "inherit" });
    return { title: `one file, ${shape}`, file, rows: [["leakdiff summary", [leakdiff, "summary", file]]] };
  });
}

function measured(words) {
  const usageFile = join(scratch, "usage.json");
  rmSync(usageFile, { force: true });
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--require", join(here, "usage.cjs"), ...words], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, BENCH_USAGE: usageFile },
    maxBuffer: 1 << 28,
  });
  const wallSeconds = (performance.now() - start) / 1000;
  if (!existsSync(usageFile) || status === null || status > 1) {
    console.error(`failed (${status}): ${words.join(" ")}\n${String(stderr).slice(0, 500)}`);
    return null;
  }
  return { wallSeconds, ...JSON.parse(readFileSync(usageFile, "utf8")) };
}

function measureGroup({ title, file, rows }) {
  const present = rows.filter(([, words]) => words);
  const runs = present.map(() => []);
  for (let round = 0; round < rounds; round++)
    present.forEach(([name, words], i) => {
      process.stderr.write(`${title}: ${name}, ${round + 1} of ${rounds}\n`);
      const run = measured(words);
      if (run !== null) runs[i].push(run);
    });
  const bytes = statSync(file).size;
  const middle = (i, field) => median(runs[i].map((run) => run[field]));
  return present.map(([name], i) => {
    if (runs[i].length === 0) return `| ${mb(bytes)} | ${title} | ${name} | failed | | | | | |`;
    const wall = middle(i, "wallSeconds");
    const cpu = middle(i, "cpuSeconds");
    const peak = middle(i, "peakBytes");
    const ratio = (field, of) => (i === 0 ? "1" : (middle(0, field) / of).toFixed(2));
    const { wallSeconds, cpuSeconds } = {
      wallSeconds: ratio("wallSeconds", wall),
      cpuSeconds: ratio("cpuSeconds", cpu),
    };
    if (bytes > 150e6 && TARGETS[title]?.peer === name)
      noteTarget(title, bytes, wallSeconds, cpuSeconds, middle(0, "peakBytes"));
    const cells = [
      mb(bytes),
      title,
      name,
      wall.toFixed(2),
      cpu.toFixed(2),
      mb(peak),
      (peak / bytes).toFixed(1),
      wallSeconds,
      cpuSeconds,
    ];
    return `| ${cells.join(" | ")} |`;
  });
}

const measuredTargets = [];

function noteTarget(title, bytes, wall, cpu, peak) {
  const { peer, ratio, peak: most } = TARGETS[title];
  const cells = [title, mb(bytes), peer, `≤ ${ratio}`, wall, cpu, `≤ ${most} × the file`, (peak / bytes).toFixed(1)];
  measuredTargets.push(`| ${cells.join(" | ")} |`);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function mb(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

function versionOf(name) {
  try {
    return JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return null;
  }
}

function binOf(name) {
  if (versionOf(name) === null) return null;
  const manifest = createRequire(join(here, "package.json")).resolve(`${name}/package.json`);
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin[name]);
}

try {
  const lines = [];
  for (const size of sizes) {
    spawnSync(process.execPath, [ROOM, join(here, "make-snapshots.mjs"), values.folder, String(size)], {
      stdio: "inherit",
    });
    for (const group of groupsFor(namesFor(size))) lines.push(...measureGroup(group));
  }
  for (const files of values.files) for (const group of groupsFor(files.split(","))) lines.push(...measureGroup(group));
  if (values.shapes !== undefined)
    for (const group of shapeGroups(Number(values.shapes))) lines.push(...measureGroup(group));
  const machine = `${availableParallelism()} processors (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 1e9)} GB`;
  const peers = ["heap-snapshot-toolkit", "memlab"].map((name) => `${name} ${versionOf(name) ?? "not installed"}`);
  const report = `# What leakdiff takes, beside its peers

Made by \`npm run bench -- ${process.argv.slice(2).join(" ")}\` on ${new Date().toISOString().slice(0, 10)}: ${machine}; Node ${process.versions.node}, ${peers.join(", ")}.
Whole processes, from start to the last line printed; each row ${rounds === 1 ? "one run" : `the median of ${rounds} runs`}, the rows of a group in turns.
Ratios are leakdiff's time by the row's. Peak is resident memory, also in parts of the file. The load was ${loadavg()[0].toFixed(0)} at the
end: where it is more than the processors, ratios within a group count, seconds do not, and those of processor time
more than those of wall time, which are noisy and show nothing of what leakdiff does on two processors at once.

## Targets

| operation | file | beside | time, target | wall | processor | peak, target | peak / file |
| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |
${measuredTargets.join("\n")}

${readFileSync(join(here, "NOTES.md"), "utf8")}
## All rows

| file | operation | program | wall s | processor s | peak | peak / file | wall ratio | processor ratio |
| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join("\n")}
`;
  writeFileSync(join(here, "RESULTS.md"), report);
  console.log(report);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
