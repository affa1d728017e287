import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { explainRetainers, findLeaks, type LeakReport } from "@leakdiff/core";
import { withFolder } from "../../support/folder.js";
import { plainEnvironment } from "../../support/real-snapshots.js";

// Two modules, each with a leak: a Map at the top of a file, and an array in the scope of a function.
const SOURCES = {
  "src/session-store.ts": `
export interface Session { readonly user: string }
class SessionRecord implements Session {
  readonly payload: number[] = [];
  constructor(readonly user: string) { for (let i = 0; i < 9; i++) this.payload.push(i / 3); }
}
const recentSessions = new Map<string, SessionRecord>();
export function rememberSession(user: string): Session {
  const session = new SessionRecord(user);
  recentSessions.set(user + recentSessions.size, session);
  return session;
}
`,
  "src/main.ts": `
import { writeHeapSnapshot } from "node:v8";
import { rememberSession } from "./session-store.js";
type Job = () => unknown;
function makeQueue(prefix: string) {
  const pendingJobs: Job[] = [];
  return { add(name: string): void { pendingJobs.push(() => prefix + name); } };
}
const queue = makeQueue("job");
let round = 0;
function next(): void {
  for (let i = 0; i < 500; i++) { rememberSession("user" + i); queue.add(String(i)); }
  writeHeapSnapshot(process.argv[2] + "/" + round++ + ".heapsnapshot");
  if (round < 3) setTimeout(next, 1);
}
setTimeout(next, 1);
`,
};

interface Bundle {
  readonly file: string;
  readonly snapshots: readonly string[];
}

/** Bundles, runs and takes snapshots. */
async function run(folder: string, format: "cjs" | "esm", more: object = {}): Promise<Bundle> {
  const file = join(folder, "dist", `main.${format === "cjs" ? "cjs" : "mjs"}`);
  await build({
    entryPoints: [join(folder, "src/main.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    minify: true,
    sourcemap: true,
    format,
    logLevel: "error",
    ...more,
  });
  const into = join(folder, format);
  mkdirSync(into);
  await promisify(execFile)(process.execPath, [file, into], { env: plainEnvironment() });
  return {
    file,
    snapshots: readdirSync(into)
      .sort()
      .map((name) => join(into, name)),
  };
}

function said({ suspects }: LeakReport, folder: string): object[] {
  return suspects
    .filter(({ verdict }) => verdict === "growing")
    .map(({ title, holder: { name, location } }) => {
      const { file, line, name: original, text } = location?.original ?? { file: "", line: 0, name: "", text: "" };
      return { title, name, place: `${file.slice(folder.length + 1)}:${line} ${original}`, text };
    });
}

const EXPECTED = [
  {
    title: "Map `recentSessions`, module scope of session-store.ts:7",
    name: "recentSessions",
    place: "src/session-store.ts:7 recentSessions",
    text: "const recentSessions = new Map<string, SessionRecord>();",
  },
  {
    name: "pendingJobs",
    place: "src/main.ts:6 pendingJobs",
    text: "  const pendingJobs: Job[] = [];",
  },
];

suite("a minified bundle of two modules", () => {
  let folder = "";
  let bundles: Record<"cjs" | "esm", Bundle>;
  let done = (): void => undefined;
  let removed: Promise<void>;

  before(
    () =>
      new Promise<void>((resolve, reject) => {
        removed = withFolder(SOURCES, async (made) => {
          folder = made;
          // Two builds of one program, in which all has other names and places.
          const [cjs, esm] = await Promise.all([
            run(folder, "cjs"),
            run(folder, "esm", { banner: { js: "var a0=1,b0=2;\n" }, minifyWhitespace: false }),
          ]);
          bundles = { cjs, esm };
          resolve();
          await new Promise<void>((free) => (done = free));
        });
        removed.catch(reject);
      }),
  );
  after(() => {
    done();
    return removed;
  });

  for (const format of ["cjs", "esm"] as const)
    test(`is told as its source, of ${format}`, async () => {
      const { file, snapshots } = bundles[format];
      const report = await findLeaks(snapshots, { sourceRoot: folder });
      assert.deepEqual(report.warnings, []);
      const [sessions, jobs] = said(report, folder) as [object, { title: string }];
      assert.deepEqual(sessions, EXPECTED[0]);
      const { title, ...others } = jobs;
      assert.deepEqual(others, EXPECTED[1]);
      assert.match(
        title,
        /^Array `pendingJobs`, scope (?:of makeQueue|around add)\(\) in main\.ts:6, made for `queue` of main\.ts:9, keeps callbacks such as a function of `add` \(main\.ts:7\)$/,
      );
      assert.match(report.suspects[0]!.leaked.words, /1 SessionRecord/);
      assert.match(report.suspects[0]!.path.map(({ words }) => words).join(" → "), /variable `recentSessions`/);

      const { location, nodeId } = report.suspects[0]!.holder;
      assert.ok(location!.file.endsWith(`/dist/main.${format === "cjs" ? "cjs" : "mjs"}`));
      const generated = readFileSync(file, "utf8")
        .split("\n")
        [location!.line - 1]!.slice(location!.column - 1);
      assert.match(
        generated,
        /^[\w$]{1,2} ?= ?(?:\/\* @__PURE__ \*\/ )?new Map/,
        "the place in the file that ran is kept",
      );
      const why = await explainRetainers(snapshots[2]!, nodeId, { sourceRoot: folder });
      assert.match(why.path.map(({ words }) => words).join(" → "), /variable `recentSessions`/);
    });

  test("has the same fingerprints after a build that renames and moves everything", async () => {
    const [one, other] = await Promise.all(
      Object.values(bundles).map(async ({ snapshots }) => {
        const { suspects } = await findLeaks(snapshots, { sourceRoot: folder });
        return suspects.filter(({ verdict }) => verdict === "growing").map(({ fingerprint }) => fingerprint);
      }),
    );
    assert.equal(one!.length, 2);
    assert.deepEqual(other, one);
  });

  test("is told as the bundle if no source is asked for, and if the bundle is another by now", async () => {
    const { file, snapshots } = bundles.cjs;
    const plain = await findLeaks(snapshots);
    assert.match(plain.suspects[0]!.title, /^Map `[\w$]{1,2}`, module scope of main\.cjs:1$/);
    assert.equal(plain.suspects[0]!.holder.location?.original ?? null, null);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("setTimeout(", "void 0;setTimeout(")); // behind the head that the snapshot has
    const changed = await findLeaks(snapshots, { sourceRoot: folder });
    writeFileSync(file, text);
    assert.equal(changed.suspects[0]!.title, plain.suspects[0]!.title);
    assert.equal(changed.suspects[0]!.fingerprint, plain.suspects[0]!.fingerprint);
    assert.deepEqual(
      changed.warnings.map(({ code }) => code),
      ["changed-source"],
    );
    const elsewhere = await findLeaks(snapshots, { sourceRoot: join(folder, "src") });
    assert.deepEqual(
      elsewhere.warnings.map(({ code }) => code),
      ["no-source"],
    );
  });
});

test("a folder of sources that is not there is named before anything is read", () =>
  withFolder({}, async (folder) => {
    const sourceRoot = join(folder, "none");
    await assert.rejects(findLeaks(["a", "b"], { sourceRoot }), /there is no folder .*none/);
    await assert.rejects(explainRetainers("a", 1, { sourceRoot }), /there is no folder .*none/);
  }));

// CommonJS, of which a bundler puts a function around each file.
const WRAPPED = {
  "node_modules/tiny-store/package.json": `{ "name": "tiny-store", "main": "index.js" }`,
  "node_modules/tiny-store/index.js": `
exports.createStore = function createStore(value) {
  const listeners = new Set();
  const hub = { on: (listener) => listeners.add(listener), size: () => listeners.size };
  return { subscribe: hub.on, get: () => value, watched: () => hub.size() };
};
`,
  "src/cart.js": `
const { createStore } = require("tiny-store");
const cart = createStore("empty");
const visits = new Map();
exports.visit = function visit(name) {
  visits.set(name, { name, path: ["/" + name] });
  cart.subscribe(() => name + cart.get());
};
exports.size = () => visits.size + cart.watched();
`,
  "src/main.ts": `
import { writeHeapSnapshot } from "node:v8";
import { size, visit } from "./cart.js";
let round = 0;
function next(): void {
  for (let i = 0; i < 500; i++) visit("user" + i + "of" + size());
  writeHeapSnapshot(process.argv[2] + "/" + round++ + ".heapsnapshot");
  if (round < 3) setTimeout(next, 1);
}
setTimeout(next, 1);
`,
};

test("a file that a bundler put a function around is told as a file, and whom a library's scope in it is for", () =>
  withFolder(WRAPPED, async (folder) => {
    const { snapshots } = await run(folder, "esm");
    const { suspects } = await findLeaks(snapshots, { sourceRoot: folder });
    const titles = suspects.filter(({ verdict }) => verdict === "growing").map(({ title }) => title);
    assert.ok(titles.includes("Map `visits`, module scope of cart.js:4"), titles.join("; "));
    const [listeners] = titles.filter((title) => title.startsWith("Set"));
    assert.match(
      listeners!,
      /^Set `listeners`, scope (?:of|around) [^,]* in tiny-store\/index\.js:3, made for `cart` of cart\.js:3, keeps callbacks such as/,
    );
  }));

test("a chain of closures is told by what the source calls the variable that links them", () =>
  withFolder(
    {
      "src/main.ts": `
import { writeHeapSnapshot } from "node:v8";
let formatMessage = (text: string) => text;
function addPrefix(prefix: string): void {
  const previousFormat = formatMessage;
  formatMessage = (text) => prefix + previousFormat(text);
}
let round = 0;
function next(): void {
  for (let i = 0; i < 300; i++) addPrefix(i + ": " + formatMessage.length);
  writeHeapSnapshot(process.argv[2] + "/" + round++ + ".heapsnapshot");
  if (round < 3) setTimeout(next, 1);
}
setTimeout(next, 1);
`,
    },
    async (folder) => {
      const { snapshots } = await run(folder, "esm");
      const { suspects } = await findLeaks(snapshots, { sourceRoot: folder });
      assert.match(suspects[0]!.title, /^chain of closures from `formatMessage`, .*, linked by `previousFormat`/);
      assert.match(suspects[0]!.advice, /in `previousFormat`: wrap it once/);
    },
  ));
