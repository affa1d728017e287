// Measures leakdiff beside its peers, as whole processes, in turns:
//   npm run bench -- [MEGABYTES ...] [--rounds N] [--peers-to MEGABYTES] [--shapes ITEMS] [--files a.heapsnapshot,b,c]
// Peers that are not installed (npm install --prefix bench), and all of them above --peers-to (200), are left out; such
// large files are measured once only.
// --shapes adds one file of each extreme shape, --files measures snapshots that are there. The native tool needs a recent
// C library; BENCH_NATIVE_LOADER has the words to start it by where the system's is older: "…/ld-linux-x86-64.so.2
// --library-path …". Writes bench/RESULTS.md, with NOTES.md in it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureStages, median } from "./stages.mjs";

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
const isLarge = (bytes) => bytes > Number(values["peers-to"]) * 1.2e6;
const roundsOf = (bytes) => (isLarge(bytes) ? 1 : rounds);
const scratch = mkdtempSync(join(tmpdir(), "leakdiff-bench-"));

const leakdiff = join(here, "..", "packages", "cli", "bin", "leakdiff.js");
const operations = join(here, "operations.mjs");
const ROOM = "--max-old-space-size=16000"; // leakdiff needs no such thing

const NATIVE = "@heap-snapshot/tool, native";
const LOW = "--memory low";

/** What is aimed at, for files of 200 MB and more: time as a part of another row's, peak as a multiple of the file. */
const TARGETS = [
  { group: "one file", row: "leakdiff summary", beside: "heap-snapshot-toolkit, classes", time: 0.25, peak: 1.8 },
  { group: "one file", row: "leakdiff summary", beside: `${NATIVE}: summary`, time: 1 },
  { group: "two files", row: "leakdiff a b", beside: "heap-snapshot-toolkit, diff", time: 0.15, peak: 2.5 },
  { group: "two files", row: "leakdiff a b", beside: `${NATIVE}: diff`, time: 0.4 },
  { group: "two files", row: `leakdiff a b ${LOW}`, beside: "leakdiff a b", time: 2, peak: 1.6 },
  { group: "three files", row: "leakdiff a b c", beside: "memlab find-leaks", time: 0.18, peak: 3 },
  { group: "three files", row: `leakdiff a b c ${LOW}`, beside: "leakdiff a b c", time: 2, peak: 1.6 },
];

function namesFor(size) {
  return ["a", "b", "c"].map((letter) => join(values.folder, `${size}mb.${letter}.heapsnapshot`));
}

/** Groups of rows that are compared: the first of each is leakdiff. */
function groupsFor([a, b, c]) {
  const small = !isLarge(statSync(a).size);
  const toolkit = small && versionOf("heap-snapshot-toolkit") !== null;
  const memlab = small && binOf("memlab");
  const native = small && nativeTool();
  const work = ["--work-dir", join(scratch, "memlab")];
  return [
    {
      title: "one file",
      file: a,
      stages: [a],
      rows: [
        ["leakdiff summary", [leakdiff, "summary", a]],
        ["heap-snapshot-toolkit, classes", toolkit && [ROOM, operations, "toolkit-summary", a]],
        [`${NATIVE}: summary`, native && [...native, "summary", a]],
        ["floor: read the bytes", [operations, "read", a]],
        ["floor: parse into columns", [operations, "parse", a]],
        ["parse in plain JavaScript", [operations, "parse-plain", a]],
        ["floor: parse and analyse", [operations, "analyse", a]],
        ["parse, and analyse in plain JavaScript", [operations, "analyse-plain", a]],
      ],
    },
    {
      title: "two files",
      file: a,
      stages: [a, b],
      rows: [
        ["leakdiff a b", [leakdiff, a, b]],
        [`leakdiff a b ${LOW}`, [leakdiff, a, b, "--memory", "low"]],
        ["heap-snapshot-toolkit, diff", toolkit && [ROOM, operations, "toolkit-diff", a, b]],
        [`${NATIVE}: diff`, native && [...native, "diff", b, a]],
      ],
    },
    {
      title: "three files",
      file: a,
      stages: [a, b, c],
      rows: [
        ["leakdiff a b c", [leakdiff, a, b, c]],
        [`leakdiff a b c ${LOW}`, [leakdiff, a, b, c, "--memory", "low"]],
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

/** The native peer as words to start it by; null if it is not installed, or does not run here. */
function nativeTool() {
  const file = join(here, "node_modules", "@heap-snapshot", `${process.platform}-${process.arch}`, "heap-snapshot");
  const loader = (process.env.BENCH_NATIVE_LOADER ?? "").split(" ").filter((word) => word !== "");
  const [command, ...words] = [...loader, file];
  const runs = spawnSync(command, [...words, "--help"]).status === 0;
  return runs ? [NATIVE_PROCESS, command, ...words] : null;
}

/** Marks the words of a process that is none of Node's. */
const NATIVE_PROCESS = Symbol("native");

function measured(words) {
  return words[0] === NATIVE_PROCESS ? measuredNative(words.slice(1)) : measuredNode(words);
}

/** By GNU time, which says what a process of any kind has used. */
function measuredNative(words) {
  const usage = join(scratch, "native-usage");
  const { status } = spawnSync("/usr/bin/time", ["-o", usage, "-f", "%e %U %S %M", ...words], { stdio: "ignore" });
  if (status !== 0) return null;
  const [wallSeconds, user, system, kilobytes] = readFileSync(usage, "utf8").split(" ").map(Number);
  return { wallSeconds, cpuSeconds: user + system, peakBytes: kilobytes * 1024 };
}

function measuredNode(words) {
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

function measureGroup({ title, file, rows, stages }) {
  const present = rows.filter(([, words]) => words);
  const runs = present.map(() => []);
  const bytes = statSync(file).size;
  for (let round = 0; round < roundsOf(bytes); round++)
    present.forEach(([name, words], i) => {
      process.stderr.write(`${title}: ${name}, ${round + 1} of ${roundsOf(bytes)}\n`);
      const run = measured(words);
      if (run !== null) runs[i].push(run);
    });
  const measures = present.map(([name], i) => {
    const middle = (field) => median(runs[i].map((run) => run[field]));
    const measure = { name, wall: middle("wallSeconds"), cpu: middle("cpuSeconds"), peak: middle("peakBytes") };
    return runs[i].length === 0 ? { name } : measure;
  });
  noteTargets(title, bytes, measures);
  if (stages !== undefined) noteStages(title, bytes, stages);
  const [ours] = measures;
  if (/^(one file|two files|three files)$/.test(title) && ours.wall !== undefined)
    costs.push({ title, bytes, cpu: ours.cpu, peak: ours.peak });
  return measures.map(({ name, wall, cpu, peak }) => {
    if (wall === undefined) return `| ${mb(bytes)} | ${title} | ${name} | failed | | | | | |`;
    const ratios = name === ours.name ? ["1", "1"] : [(ours.wall / wall).toFixed(2), (ours.cpu / cpu).toFixed(2)];
    const cells = [
      mb(bytes),
      title,
      name,
      wall.toFixed(2),
      cpu.toFixed(2),
      mb(peak),
      (peak / bytes).toFixed(1),
      ...ratios,
    ];
    return `| ${cells.join(" | ")} |`;
  });
}

const stageRows = [];

function noteStages(title, bytes, files) {
  process.stderr.write(`${title}: stage by stage\n`);
  for (const { stage, seconds, peakBytes } of measureStages(files, roundsOf(bytes)))
    stageRows.push(
      `| ${[title, mb(bytes), stage, seconds.toFixed(2), peakBytes === null ? "" : mb(peakBytes)].join(" | ")} |`,
    );
}

const measuredTargets = [];

function noteTargets(title, bytes, measures) {
  if (bytes < 150e6) return;
  for (const { group, row, beside, time, peak: most } of TARGETS) {
    const ours = measures.find(({ name }) => name === row);
    const other = measures.find(({ name }) => name === beside);
    if (group !== title || ours?.wall === undefined || other?.wall === undefined) continue;
    const [wall, cpu] = [(ours.wall / other.wall).toFixed(2), (ours.cpu / other.cpu).toFixed(2)];
    const peak = most === undefined ? ["", ""] : [`≤ ${most}`, (ours.peak / bytes).toFixed(2)];
    measuredTargets.push(`| ${[row, mb(bytes), beside, `≤ ${time}`, wall, cpu, ...peak].join(" | ")} |`);
  }
}

/** What leakdiff took of each size: it should be as much a megabyte. */
const costs = [];

/** A size's cost, that of each megabyte by which it is larger than the size before, and what these are of the first ones. */
function costRows() {
  return ["one file", "two files", "three files"].flatMap((title) => {
    const sizes = costs.filter((cost) => cost.title === title).sort((a, b) => a.bytes - b.bytes);
    const first = sizes.findIndex(({ bytes }) => bytes > 40e6);
    const perMegabyte = sizes.map(({ cpu, bytes }) => cpu / bytes);
    const perFurther = sizes.map(({ cpu, bytes }, i) => (cpu - sizes[i - 1]?.cpu) / (bytes - sizes[i - 1]?.bytes));
    const cells = (costsOf, from, i) => [
      Number.isNaN(costsOf[i]) ? "" : (costsOf[i] * 1e9).toFixed(1),
      from < 0 || i < from ? "" : (costsOf[i] / costsOf[from]).toFixed(2),
    ];
    return sizes.map(({ bytes, peak }, i) => {
      const further = cells(perFurther, first < 0 ? -1 : first + 1, i);
      return `| ${[title, mb(bytes), ...cells(perMegabyte, first, i), ...further, (peak / bytes).toFixed(1)].join(" | ")} |`;
    });
  });
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
  const peers = ["heap-snapshot-toolkit", "memlab", "@heap-snapshot/tool"].map(
    (name) => `${name} ${versionOf(name) ?? "not installed"}`,
  );
  const report = `# What leakdiff takes, beside its peers

Made by \`npm run bench -- ${process.argv.slice(2).join(" ")}\` on ${new Date().toISOString().slice(0, 10)}: ${machine}; Node ${process.versions.node}, ${peers.join(", ")}.
Whole processes, from start to the last line printed; each row ${rounds === 1 ? "one run" : `the median of ${rounds} runs (of larger files than ${values["peers-to"]} MB one)`}, the rows of a group in turns.
Ratios are leakdiff's time by the row's. Peak is resident memory, also in parts of the file. The load was ${loadavg()[0].toFixed(0)} at the
end: where it is more than the processors, ratios within a group count, seconds do not, and those of processor time
more than those of wall time, which are noisy and show nothing of what leakdiff does on two processors at once.

## Targets

| operation | file | beside | time, target | wall | processor | peak / file, target | peak / file |
| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |
${measuredTargets.join("\n")}

## As files grow

Processor time a megabyte, and that of each megabyte by which a file is larger than the one before it, without what starting
takes; each also as a part of the first one of 40 MB and more. Within 0.75 to 1.25 is aimed at.

| operation | file | ms / MB | of the first | ms / further MB | of the first | peak / file |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${costRows().join("\n")}

## Stage by stage

Of leakdiff alone, by its own progress, without printing. Peak is that of the stage.

| operation | file | stage | wall s | peak |
| --- | ---: | --- | ---: | ---: |
${stageRows.join("\n")}

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
