import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import { SourceRoot } from "#core/sources/source-root.js";
import { withFolder } from "../../support/folder.js";

suite("a folder of sources", () => {
  const located = (folder: string, path: string): string[] => {
    const root = new SourceRoot(folder);
    return root.locate(path.split("/").filter((part) => part !== "")).map((file) => file.slice(folder.length + 1));
  };

  test("has the file whose path ends most like the script's", () =>
    withFolder(
      { "packages/a/dist/server.js": "", "packages/b/dist/server.js": "", "server.js": "", "node_modules/x/i.js": "" },
      (folder) => {
        assert.deepEqual(located(folder, "/srv/packages/a/dist/server.js"), ["packages/a/dist/server.js"]);
        assert.deepEqual(located(folder, "/other/machine/b/dist/server.js"), ["packages/b/dist/server.js"]);
        assert.deepEqual(located(folder, `${folder}/server.js`), ["server.js"]);
        assert.deepEqual(located(folder, "/srv/node_modules/x/i.js"), ["node_modules/x/i.js"]);
        assert.deepEqual(located(folder, "/srv/i.js"), [], "others' code is found by its whole path only");
        assert.deepEqual(located(folder, "/srv/none.js"), []);
        assert.deepEqual(located(folder, ""), []);
      },
    ));

  test("says all that end alike", () =>
    withFolder({ "a/dist/server.js": "", "b/dist/server.js": "" }, (folder) => {
      assert.deepEqual(located(folder, "/srv/dist/server.js"), ["a/dist/server.js", "b/dist/server.js"]);
    }));

  test("lets nobody out of it, by no path and no link", () =>
    withFolder({ "outside/secret.js": "secret", "root/a.js": "a" }, (parent) => {
      const folder = join(parent, "root");
      symlinkSync(join(parent, "outside"), join(folder, "linked"), "junction");
      symlinkSync(join(parent, "outside", "secret.js"), join(folder, "link.js"));
      const root = new SourceRoot(folder);
      assert.deepEqual(root.locate(["linked", "secret.js"]), []);
      assert.deepEqual(root.locate(["link.js"]), []);
      assert.deepEqual(root.locate(["..", "outside", "secret.js"]), []);
      const from = join(folder, "a.js");
      for (const path of [
        "../outside/secret.js",
        join(parent, "outside", "secret.js"),
        "linked/secret.js",
        "link.js",
        "..",
      ])
        assert.equal(root.codeBeside(from, path), null, path);
      assert.equal(root.read(join(parent, "outside", "secret.js"), 100), null);
      assert.equal(root.codeBeside(from, "a.js"), from);
    }));

  test("opens code only, and nothing larger than asked for", () =>
    withFolder(
      { ".env": "PASSWORD=1", id_rsa: "1", "config.json": "{}", ".hidden.js": "", "a.js": "12345" },
      (folder) => {
        mkdirSync(join(folder, "folder.js"));
        for (const name of [".env", "id_rsa", "config.json", ".hidden.js", "folder.js"])
          assert.deepEqual(located(folder, name), [], name);
        symlinkSync(join(folder, ".env"), join(folder, "env.js"));
        symlinkSync(join(folder, ".env"), join(folder, "env.js.map"));
        assert.deepEqual(located(folder, "env.js"), []);
        const root = new SourceRoot(folder);
        for (const name of [".env", "id_rsa", "config.json", ".hidden.js", "env.js", "env.js.map", "a.js.map"]) {
          assert.equal(root.codeBeside(join(folder, "a.js"), name), null, name);
          assert.equal(root.mapBeside(join(folder, "a.js"), name), null, name);
        }
        assert.equal(root.read(join(folder, "a.js"), 5), "12345");
        assert.equal(root.read(join(folder, "a.js"), 4), null);
      },
    ));

  test("is called as it was given", () =>
    withFolder({ "src/a.ts": "" }, (folder) => {
      const file = join(folder, "src", "a.ts");
      assert.equal(new SourceRoot(folder).display(file), `${folder.replaceAll("\\", "/")}/src/a.ts`);
      const here = process.cwd();
      try {
        process.chdir(folder);
        assert.equal(new SourceRoot(".").display(file), "src/a.ts");
        process.chdir(dirname(file));
        assert.equal(new SourceRoot("..").display(file), "../src/a.ts");
      } finally {
        process.chdir(here);
      }
      assert.throws(() => new SourceRoot(join(folder, "none")), /there is no folder/);
      assert.throws(() => new SourceRoot(file), /is no folder/);
    }));

  test("names only files inside, whatever it is asked for", () =>
    withFolder({ "a/a.js": "", "a.js": "", "b/a/a.js": "" }, (folder) => {
      const root = new SourceRoot(folder);
      const part = fc.constantFrom("..", ".", "a", "b", "a.js", "/", "~", "\u0000");
      fc.assert(
        fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
          for (const file of [...root.locate(parts), root.codeBeside(join(folder, "a.js"), parts.join("/")) ?? folder])
            assert.ok(file.startsWith(folder));
        }),
      );
    }));
});
