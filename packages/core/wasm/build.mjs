// Compiles rows.ts and heap.ts, if what they became is older than any file here: node packages/core/wasm/build.mjs
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const OUTPUTS = {
  "rows.ts": ["../dist/parse/rows.wasm"],
  "heap.ts": ["../dist/graph/heap.wasm", "--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"],
};

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const newest = Math.max(...readdirSync(path(".")).map((file) => statSync(path(file)).mtimeMs));

for (const [source, [target, ...more]] of Object.entries(OUTPUTS)) {
  const output = path(target);
  if (existsSync(output) && statSync(output).mtimeMs >= newest) continue;
  const { main } = await import("assemblyscript/asc");
  mkdirSync(dirname(output), { recursive: true });
  const options = [
    "--outFile",
    output,
    "--runtime",
    "stub",
    "--importMemory",
    "--enable",
    "simd",
    "-O3",
    "--noAssert",
    ...more,
  ];
  const { error, stderr } = await main([path(source), ...options]);
  if (error !== null) {
    process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
    process.exitCode = 1;
  }
}
