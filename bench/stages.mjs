// Where leakdiff's time goes, stage by stage: node bench/stages.mjs FILE...
// One file is summed up, two and more are compared. Prints what each stage took, as JSON.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const self = fileURLToPath(import.meta.url);

const IN_WORDS = {
  start: "until the first byte is read",
  read: "read",
  graph: "types, detachedness",
  dominators: "owners, dominators, retained sizes",
  classes: "classes, distances",
  load: "read and analyse all files",
  compare: "match, classes, what each holder keeps",
  suspects: "suspects, paths, report",
};

/** Stages of each file when there are several are one, as threads do them at the same time. */
const WHILE_LOADING = new Set(["read", "graph", "dominators"]);

async function measure(files) {
  const { findLeaks, summarize } = await import("../packages/core/dist/index.js");
  const stages = [];
  let stage = "start";
  let since = 0; // of this process
  const next = (name) => {
    if (name === stage) return;
    const now = performance.now();
    stages.push({ stage, seconds: (now - since) / 1000, peakBytes: peakSinceLast() });
    stage = name;
    since = now;
  };
  const onProgress = ({ stage: name }) => next(files.length > 1 && WHILE_LOADING.has(name) ? "load" : name);
  if (files.length === 1) await summarize(files[0], { onProgress });
  else await findLeaks(files, { onProgress });
  next("end");
  return stages;
}

/** Resident memory at its highest since this was last asked for; null where the system does not tell. */
function peakSinceLast() {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"));
    writeFileSync("/proc/self/clear_refs", "5");
    return 1024 * Number(kilobytes);
  } catch {
    return null;
  }
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** What the stages take, in words, each the median of so many processes. */
export function measureStages(files, rounds) {
  const runs = Array.from({ length: rounds }, () => {
    const { stdout } = spawnSync(process.execPath, [self, ...files], { encoding: "utf8" });
    return JSON.parse(stdout);
  });
  return runs[0].map(({ stage }, i) => ({
    stage: IN_WORDS[stage],
    seconds: median(runs.map((run) => run[i].seconds)),
    peakBytes: median(runs.map((run) => run[i].peakBytes)),
  }));
}

if (process.argv[1] === self) console.log(JSON.stringify(await measure(process.argv.slice(2))));
