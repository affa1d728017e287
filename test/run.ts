// All tests in one process: a process per file costs more than the tests. It lists sources, not outputs, so that a
// stale compiled test never runs. `npm test -- dominators` runs the files whose path contains the word, or one
// of several.
import { readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const compiled = dirname(fileURLToPath(import.meta.url));
const sources = join(compiled, "..", "..", "test");
const words = process.argv.slice(2);

const files = readdirSync(sources, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => words.length === 0 || words.some((word) => file.split(sep).join("/").includes(word)))
  .sort();
for (const file of files) await import(pathToFileURL(join(compiled, relative(".", file).replace(/\.ts$/, ".js"))).href);
