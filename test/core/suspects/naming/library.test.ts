import assert from "node:assert/strict";
import { test } from "node:test";
import { libraryOf } from "#core/suspects/naming/library.js";

test("a library is told by the innermost package that a file is in, its scope standing for all its packages", () => {
  for (const [file, library] of [
    ["/app/node_modules/ajv/dist/core.js", "ajv"],
    ["C:\\app\\node_modules\\ajv\\dist\\core.js", "ajv"],
    ["file:///app/node_modules/.pnpm/x@1/node_modules/@emotion/cache/index.mjs", "@emotion"],
    ["node:internal/timers", "node:"],
    ["ext:deno_node/internal/timers.mjs", "node:"],
    ["/app/src/core.js", ""],
    ["/app/my_node_modules/core.js", ""],
    ["", ""],
  ] as const)
    assert.equal(libraryOf(file), library, file);
});
