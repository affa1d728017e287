import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { pathParts } from "#core/sources/script-path.js";

suite("the path that a script's name stands for", () => {
  test("is that of any system, of a URL, or of a bundler's scheme", () => {
    for (const [name, path] of [
      ["/srv/app/dist/server.js", "srv/app/dist/server.js"],
      ["C:\\app\\dist\\server.js", "C:/app/dist/server.js"],
      ["file:///srv/my%20app/a.mjs?v=1#x", "srv/my app/a.mjs"],
      ["file:///C:/app/a.mjs", "C:/app/a.mjs"],
      ["https://shop.test:8080/assets/index-1a2b.js?v=2", "assets/index-1a2b.js"],
      ["webpack://shop/./src/cart.ts?1a2b", "src/cart.ts"],
      ["webpack:///src/cart.ts", "src/cart.ts"],
      ["webpack-internal:///(rsc)/./app/(shop)/page.tsx", "app/(shop)/page.tsx"],
      ["turbopack:///[project]/app/[id]/page.tsx", "app/[id]/page.tsx"],
      ["../../src/./lib/../cart.ts", "src/cart.ts"],
      ["src/100%.ts", "src/100%.ts"],
    ] as const)
      assert.equal(pathParts(name).join("/"), path, name);
  });

  test("is none for what is no file", () => {
    for (const name of [
      "",
      "node:fs",
      "node:internal/timers",
      "data:text/javascript,1",
      "blob:http://x/1",
      "wasm://x/1",
    ])
      assert.deepEqual(pathParts(name), [], name);
    assert.deepEqual(pathParts("/a/b\0.js"), []);
  });

  test("never leads upwards, and has no empty part", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("..", ".", "", "a", "%2e%2e", "%2F", "\\", "/", ":", "file:", "?"), { maxLength: 12 }),
        (parts) => {
          for (const joint of ["/", ""])
            for (const part of pathParts(parts.join(joint))) assert.ok(part !== "" && part !== "." && part !== "..");
        },
      ),
    );
  });
});
