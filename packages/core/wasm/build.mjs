// Compiles rows.ts to dist/parse/rows.wasm, if that is older: node packages/core/wasm/build.mjs
import { existsSync, mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("rows.ts", import.meta.url));
const output = fileURLToPath(new URL("../dist/parse/rows.wasm", import.meta.url));

const newest = Math.max(...[source, fileURLToPath(import.meta.url)].map((file) => statSync(file).mtimeMs));
if (!existsSync(output) || statSync(output).mtimeMs < newest) {
  const { main } = await import("assemblyscript/asc");
  mkdirSync(fileURLToPath(new URL("../dist/parse", import.meta.url)), { recursive: true });
  const options = ["--outFile", output, "--runtime", "stub", "--importMemory", "--enable", "simd", "-O3", "--noAssert"];
  const { error, stderr } = await main([source, ...options]);
  if (error !== null) {
    process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
    process.exitCode = 1;
  }
}
