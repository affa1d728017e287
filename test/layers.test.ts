import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

// A folder of core imports itself and the folders to its left, and so does a folder in `suspects`.
const order = ["parse", "graph", "sources", "analysis", "diff", "suspects", "report"];
const orderInSuspects = ["naming", "growth", "folding", "holders", "telling"];

// Names from npm, and the one file or folder that may import each.
const packages: Record<string, string> = {
  yargs: "packages/cli/src/args",
  "cli-table3": "packages/cli/src/render/table.ts",
  "cli-progress": "packages/cli/src/progress.ts",
  "string-width": "packages/cli/src/render/text-width.ts",
  undici: "packages/capture/src/load/request-load.ts",
  ws: "packages/capture/src/inspector/connection.ts",
};

const SUSPECTS = "packages/core/src/suspects/";

/** The one dependency of core. */
const MAPS = "@jridgewell/trace-mapping";

interface Import {
  readonly from: string;
  readonly line: number;
  readonly to: string;
  /** It costs nothing when the file is loaded: of types only, or by `import()`. */
  readonly free: boolean;
}

/** Every import that breaks a rule, as "file:line imports x, but ...". */
function faults(sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([from, text]) =>
    importsOf(from, text).flatMap((found) => {
      const reason = from.startsWith("packages/core/") ? faultInCore(found) : faultAbove(found);
      return reason === null ? [] : [`${from}:${found.line} imports ${found.to}, but ${reason}`];
    }),
  );
}

function faultInCore({ from, to, free }: Import): string | null {
  if (to.startsWith("node:")) return null;
  if (!to.startsWith(".")) {
    if (to !== MAPS) return "core has no other dependency at run time than what reads source maps";
    if (!from.startsWith("packages/core/src/sources/")) return "only sources may";
    return free ? null : "it is loaded when sources are asked for, with import()";
  }
  const target = posix.join(posix.dirname(from), to);
  if (!target.startsWith("packages/core/src/")) return "it is outside packages/core/src";
  if (from.startsWith(SUSPECTS) && target.startsWith(SUSPECTS))
    return faultInOrder(folderOf(from, SUSPECTS), folderOf(target, SUSPECTS), orderInSuspects, "suspects");
  const here = folderOf(from);
  const there = folderOf(target);
  return target.endsWith("src/progress.js") ? null : faultInOrder(here, there, order, "src");
}

/** @param here and @param there folders in `parent`; null: what stands at its top */
function faultInOrder(here: string | null, there: string | null, order: string[], parent: string): string | null {
  if (here === null) return null;
  if (there === null) return `${here} is below what stands at the top of ${parent}`;
  if (!order.includes(there) || !order.includes(here)) return `the folder is not in the order ${order.join(" -> ")}`;
  return order.indexOf(there) > order.indexOf(here) ? `${here} comes before ${there}` : null;
}

/** In the packages that are built on core: cli and capture. */
function faultAbove({ from, to, free }: Import): string | null {
  const here = from.split("/", 2).join("/");
  if (to.startsWith("node:")) return null;
  if (to === "@leakdiff/core") return here === "packages/cli" ? null : "capture knows nothing of core";
  if (to === "@leakdiff/capture") {
    if (here !== "packages/cli") return "a package does not import itself by name";
    return free ? null : "capture is loaded when it is needed, with import()";
  }
  if (to.startsWith(".")) {
    return posix.join(posix.dirname(from), to).startsWith(`${here}/`)
      ? null
      : "other packages are imported by their public names";
  }
  const owner = packages[to.split("/")[0]!];
  if (owner === undefined) return "it is not a dependency, or not by its public name";
  return from === owner || from.startsWith(`${owner}/`) || from === `${owner}.ts` ? null : `only ${owner} may`;
}

function folderOf(path: string, parent = "packages/core/src/"): string | null {
  const [folder, rest] = path.slice(parent.length).split("/");
  return rest === undefined ? null : folder!;
}

// `import ... from "x"`, `export ... from "x"`, `import("x")`, `import "x"`, and files named for a worker.
function importsOf(from: string, text: string): Import[] {
  const pattern =
    /^\s*(?:import\s*|(?:import|export)\s+[\w$*{},\s]+?\sfrom\s*)["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']|\bnew URL\(\s*["'](\.[^"']+)["']/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    from,
    line: text.slice(0, match.index + match[0].length).split("\n").length,
    to: (match[1] ?? match[2] ?? match[3])!,
    free: match[2] !== undefined || /^\s*(?:import|export)\s+type\b/.test(match[0]),
  }));
}

function sourcesOf(root: string): Map<string, string> {
  const sources = new Map<string, string>();
  for (const folder of ["packages/core/src", "packages/capture/src", "packages/cli/src"]) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort()) {
      const path = `${folder}/${file.split(sep).join("/")}`;
      if (path.endsWith(".ts")) sources.set(path, readFileSync(join(root, path), "utf8"));
    }
  }
  return sources;
}

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

test("a folder of core imports only itself and those before it, and packages know each other by their public names", () => {
  assert.deepEqual(faults(sourcesOf(root)), []);
});

test("every folder of core has its place in the order", () => {
  for (const [parent, known] of [
    ["packages/core/src/", order],
    [SUSPECTS, orderInSuspects],
  ] as const) {
    const paths = [...sourcesOf(root).keys()].filter((path) => path.startsWith(parent));
    const folders = new Set(paths.map((path) => folderOf(path, parent)).filter((folder) => folder !== null));
    assert.deepEqual(folders, new Set(known));
  }
});

test("a planted import against the order is found, and named by file and line", () => {
  const planted = new Map([
    [
      "packages/core/src/parse/sections.ts",
      'import { a } from "./number-array.js";\nimport type {\n  B,\n} from "../suspects/suspect.js";',
    ],
    [
      "packages/core/src/graph/heap-graph.ts",
      'export * from "../parse/raw-snapshot.js";\nimport { findLeaks } from "../find-leaks.js";',
    ],
    ["packages/core/src/diff/heap-diff.ts", 'import type { Progress } from "../progress.js";\nimport _ from "lodash";'],
    [
      "packages/core/src/find-leaks.ts",
      'import { x } from "./report/build-report.js";\nawait import("../../cli/src/main.js");',
    ],
    [
      "packages/core/src/sources/source-map.ts",
      `import type { TraceMap } from "${MAPS}";\nimport { originalPositionFor } from "${MAPS}";\nawait import("${MAPS}");`,
    ],
    ["packages/core/src/suspects/describe.ts", `const { TraceMap } = await import("${MAPS}");`],
    [
      "packages/core/src/suspects/growth/slots.ts",
      'import { x } from "../naming/words.js";\nimport { y } from "../telling/describe.js";\nimport { z } from "../find.js";',
    ],
    ["packages/core/src/parse/in-workers.ts", 'new Worker(new URL("../report/worker.js", import.meta.url));'],
    [
      "packages/cli/src/main.ts",
      'import { findLeaks } from "@leakdiff/core";\nimport yargs from "yargs";\nimport x from "../../core/dist/index.js";',
    ],
    [
      "packages/capture/src/index.ts",
      'import { findLeaks } from "@leakdiff/core";\nexport { main } from "../../cli/src/main.js";',
    ],
    [
      "packages/cli/src/run.ts",
      'import { x } from "@leakdiff/capture";\nimport type { Y } from "@leakdiff/capture";\nawait import("@leakdiff/capture");',
    ],
    ["packages/cli/src/args.ts", 'import yargs from "yargs";\nimport { y } from "@leakdiff/core/dist/index.js";'],
  ]);
  assert.deepEqual(faults(planted), [
    "packages/core/src/parse/sections.ts:4 imports ../suspects/suspect.js, but parse comes before suspects",
    "packages/core/src/graph/heap-graph.ts:2 imports ../find-leaks.js, but graph is below what stands at the top of src",
    "packages/core/src/diff/heap-diff.ts:2 imports lodash, but core has no other dependency at run time than what reads source maps",
    "packages/core/src/find-leaks.ts:2 imports ../../cli/src/main.js, but it is outside packages/core/src",
    `packages/core/src/sources/source-map.ts:2 imports ${MAPS}, but it is loaded when sources are asked for, with import()`,
    `packages/core/src/suspects/describe.ts:1 imports ${MAPS}, but only sources may`,
    "packages/core/src/suspects/growth/slots.ts:2 imports ../telling/describe.js, but growth comes before telling",
    "packages/core/src/suspects/growth/slots.ts:3 imports ../find.js, but growth is below what stands at the top of suspects",
    "packages/core/src/parse/in-workers.ts:1 imports ../report/worker.js, but parse comes before report",
    "packages/cli/src/main.ts:2 imports yargs, but only packages/cli/src/args may",
    "packages/cli/src/main.ts:3 imports ../../core/dist/index.js, but other packages are imported by their public names",
    "packages/capture/src/index.ts:1 imports @leakdiff/core, but capture knows nothing of core",
    "packages/capture/src/index.ts:2 imports ../../cli/src/main.js, but other packages are imported by their public names",
    "packages/cli/src/run.ts:1 imports @leakdiff/capture, but capture is loaded when it is needed, with import()",
    "packages/cli/src/args.ts:2 imports @leakdiff/core/dist/index.js, but it is not a dependency, or not by its public name",
  ]);
});
