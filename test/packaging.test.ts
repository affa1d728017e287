import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SnapshotBuilder } from "./support/snapshot-builder.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The fields of a package.json that are looked at here. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
}

/** Packs the packages as npm would publish them, without their scripts: what is compiled is there already. */
function pack(names: readonly string[], destination: string): void {
  const words = ["pack", "--silent", "--ignore-scripts", "--pack-destination", destination];
  for (const name of names) words.push("-w", name);
  const npm = process.env["npm_execpath"] ?? "";
  if (/npm-cli\.c?js$/.test(npm)) execFileSync(process.execPath, [npm, ...words], { cwd: root, stdio: "pipe" });
  else execFileSync(`npm ${words.map((word) => `"${word}"`).join(" ")}`, { cwd: root, stdio: "pipe", shell: true });
}

suite("the packages, as npm would publish them", () => {
  const names = { core: "@leakdiff/core", capture: "@leakdiff/capture", cli: "leakdiff" } as const;
  let folder = "";

  const installed = (name: string): string => join(folder, "node_modules", name);
  const manifestOf = (name: string): Manifest =>
    JSON.parse(readFileSync(join(installed(name), "package.json"), "utf8")) as Manifest;
  const filesOf = (name: string): string[] =>
    readdirSync(installed(name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(installed(name).length + 1)
          .replaceAll("\\", "/"),
      );

  /** What `npm install` of both archives would make of an empty folder; other packages are those of the workspace. */
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "leakdiff-"));
    // What lies in the folders above is none of its business.
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    pack(Object.values(names), folder);
    for (const name of Object.values(names)) {
      const archiveName = new RegExp(`^${name.replace(/^@/, "").replace("/", "-")}-\\d`);
      const archive = readdirSync(folder).find((file) => archiveName.test(file));
      const place = join(folder, "unpacked", name);
      mkdirSync(place, { recursive: true });
      mkdirSync(dirname(installed(name)), { recursive: true });
      execFileSync("tar", ["-xzf", `${"../".repeat(name.split("/").length + 1)}${archive}`], { cwd: place });
      symlinkSync(join(place, "package"), installed(name), "junction");
    }
    const needed = Object.values(names).flatMap((name) => Object.keys(manifestOf(name).dependencies ?? {}));
    for (const name of needed) {
      if (existsSync(installed(name))) continue;
      mkdirSync(dirname(installed(name)), { recursive: true });
      symlinkSync(join(root, "node_modules", name), installed(name), "junction");
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("hold what is compiled, its source, a README and the licence, and nothing else", () => {
    const expected = {
      core: /^(?:(?:dist|src)\/.+|wasm\/[a-z-]+(?:\.d)?\.ts|LICENSE|README\.md|package\.json|leak-report\.schema\.json)$/,
      capture: /^(?:(?:dist|src)\/.+|preload\/announce-inspector\.cjs|LICENSE|README\.md|package\.json)$/,
      cli: /^(?:(?:bundled|dist|src)\/.+|bin\/leakdiff\.js|(?:capture|trend)-report\.schema\.json|LICENSE|README\.md|package\.json)$/,
    };
    const notOfSource = {
      core: ["dist/parse/rows.wasm", "dist/graph/heap.wasm"],
      capture: [],
      cli: ["main.js", "load-worker.js", "helper-worker.js", "rows.wasm", "heap.wasm"].map((file) => `bundled/${file}`),
    };
    for (const [source, name] of Object.entries(names)) {
      const files = filesOf(name);
      const others = files.filter(
        (file) => !expected[source as keyof typeof names].test(file) || /tsbuildinfo/.test(file),
      );
      assert.deepEqual(others, [], name);
      const compiled = files.filter((file) => file.startsWith("src/")).map((file) => file.slice(4, -".ts".length));
      const missing = compiled.filter(
        (file) => !files.includes(`dist/${file}.js`) || !files.includes(`dist/${file}.d.ts`),
      );
      assert.deepEqual(missing, [], name);
      for (const file of notOfSource[source as keyof typeof names])
        assert.ok(files.includes(file), `${name} has no ${file}`);
      for (const file of ["LICENSE", "README.md"]) assert.ok(files.includes(file), `${name} has no ${file}`);
    }
  });

  test("export and start only what they hold", () => {
    for (const name of Object.values(names)) {
      const { exports, bin = {} } = manifestOf(name);
      const targets = Object.values(exports).flatMap((target) =>
        typeof target === "string" ? target : Object.values(target),
      );
      for (const target of [...targets, ...Object.values(bin)])
        assert.ok(existsSync(join(installed(name), target)), target);
    }
  });

  test("are of one version, the program asks for that version of the libraries, and all for the Node they need", () => {
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
    const [core, capture, cli] = [manifestOf(names.core), manifestOf(names.capture), manifestOf(names.cli)];
    for (const library of [core, capture]) {
      assert.equal(library.version, cli.version, library.name);
      assert.equal(cli.dependencies?.[library.name], cli.version, library.name);
    }
    for (const manifest of [core, capture, cli]) assert.deepEqual(manifest.engines, engines, manifest.name);
    assert.deepEqual(Object.keys(core.dependencies ?? {}), ["@jridgewell/trace-mapping"]);
  });

  test("name the leak when installed, in worker threads too", () => {
    const heap = new SnapshotBuilder();
    const list = heap.object("Array", { size: 32 });
    heap.property(heap.global(), "listItems", list);
    const files = ["a", "b", "c"].map((snapshot, round) => {
      for (let i = 0; i < 50; i++) heap.element(list, 50 * round + i, heap.object("Session", { size: 200 }));
      const file = `${snapshot}.heapsnapshot`;
      // Files of 16 MiB and more go to workers; JSON may have any amount of spaces.
      writeFileSync(join(folder, file), heap.json() + " ".repeat(round === 2 ? 17 << 20 : 0));
      return file;
    });
    const bin = join(installed(names.cli), manifestOf(names.cli).bin!["leakdiff"]!);
    const { NODE_OPTIONS: _, FORCE_COLOR: __, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...files], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    assert.match(stdout, /^leak: 1 holder grows steadily\n\n +1 +\+20\.0 kB +Array .*listItems/);
    assert.deepEqual([status, stderr], [1, ""]);
  });

  test("answer a program that imports them", async () => {
    const consumer = join(folder, "consumer.mjs");
    const schema = `${names.core}/leak-report.schema.json`;
    writeFileSync(
      consumer,
      `export * from "${names.core}";
       export { main } from "${names.cli}";
       export const schema = import.meta.resolve("${schema}");`,
    );
    const { findLeaks, main, schema: found } = (await import(pathToFileURL(consumer).href)) as Record<string, unknown>;
    assert.deepEqual([typeof findLeaks, typeof main], ["function", "function"]);
    assert.equal((JSON.parse(readFileSync(new URL(found as string), "utf8")) as { title: string }).title, "LeakReport");
  });
});
