import assert from "node:assert/strict";
import { test } from "node:test";
import { shortFile } from "#core/suspects/naming/short-file.js";

test("a file is called by its last part, or from the name of its package on", () => {
  const table: readonly [file: string, short: string][] = [
    ["/home/me/app/server.js", "server.js"],
    ["C:\\work\\app\\server.js", "server.js"],
    ["file:///srv/app/server.mjs?update=3#x", "server.mjs"],
    ["server.js", "server.js"],
    ["/app/store/index.js", "store/index.js"],
    ["index.js", "index.js"],
    ["/app/src/users/route.ts", "users/route.ts"],
    ["C:\\app\\(shop)\\cart\\page.tsx", "cart/page.tsx"],
    ["/app/src/routes/cart/+page.server.ts", "cart/+page.server.ts"],
    ["/app/src/routes/+server.ts", "routes/+server.ts"],
    ["/app/dist/server.js", "server.js"],
    ["/app/node_modules/express/lib/router/index.js", "express/lib/router/index.js"],
    ["/app/node_modules/a/node_modules/@scope/b/c.js", "@scope/b/c.js"],
    ["node_modules/express/lib/router/index.js", "express/lib/router/index.js"],
    ["my_node_modules/a/b.js", "b.js"],
    ["node:internal/timers", "node:internal/timers"],
    ["http://localhost:3000/", "localhost:3000/"],
    ["https://example.com/?page=2", "example.com/"],
    ["https://example.com/app/cart", "cart"],
    ["", ""],
    ["/", "/"],
  ];
  for (const [file, short] of table) assert.equal(shortFile(file), short);
});
