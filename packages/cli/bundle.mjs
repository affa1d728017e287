// Puts what the program runs of core and of itself into a file a thread: reading some 200 modules takes a sixth of the time
// that small snapshots do. Other packages are imported as ever. node packages/cli/bundle.mjs, behind `tsc -b`.
import { copyFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const core = path("../core/dist");

rmSync(path("bundled"), { recursive: true, force: true });
await build({
  entryPoints: [path("dist/main.js"), `${core}/load-worker.js`, `${core}/helper-worker.js`],
  entryNames: "[name]",
  outdir: path("bundled"),
  bundle: true,
  alias: { "@leakdiff/core": `${core}/index.js` },
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20.19",
  charset: "utf8",
  logLevel: "warning",
});
for (const file of ["parse/rows.wasm", "graph/heap.wasm"])
  copyFileSync(`${core}/${file}`, path(`bundled/${basename(file)}`));
