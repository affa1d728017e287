import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseArgs } from "#cli/args.js";
import { HOLDER_KINDS } from "#core/suspects/holders/index.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const documents = [
  "README.md",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "packages/core/README.md",
  "packages/capture/README.md",
  "packages/cli/README.md",
];
const textOf = (document: string): string => readFileSync(join(root, document), "utf8");

test("the README names every kind of holder, and no other", () => {
  const listed = textOf("README.md").split("## Kinds of holders")[1]!.split("\n## ")[0]!;
  const ids = [...listed.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
  assert.deepEqual(ids.sort(), HOLDER_KINDS.map(({ id }) => id).sort());
});

test("the README names every command and option that --help does, and no other", async () => {
  const section = textOf("README.md").split("## Commands")[1]!.split("\n## ")[0]!;
  const named = [...section.matchAll(/^\|.*?\|/gm)].flatMap(([cell]) => cell.match(/--[a-z][a-z-]*/g) ?? []);
  const help = await Promise.all(
    [
      ["--help"],
      ["run", "--help"],
      ["attach", "--help"],
      ["trend", "--help"],
      ["summary", "--help"],
      ["retainers", "--help"],
    ].map((words) => parseArgs(words, "0.0.0", 100)),
  );
  const options = help.flatMap((parsed) => {
    assert.equal(parsed.kind, "print");
    const [, list] = parsed.text.split("Options:\n");
    return [...list!.split("\n\n")[0]!.matchAll(/^ +(?:-h, )?(--[a-z-]+)/gm)].map(([, option]) => option);
  });
  assert.deepEqual([...new Set(named)].sort(), [...new Set(options)].sort());
  for (const command of ["run", "attach", "trend", "summary", "retainers", "completion"])
    assert.match(section, new RegExp(`leakdiff ${command}`));
});

test("the README makes leakdiff known to a shell by what is there, and sends nobody to npm for its name", () => {
  const text = textOf("README.md");
  assert.match(text, /^ {4}export PATH="\$PATH:\$PWD\/node_modules\/\.bin" /m);
  assert.ok(existsSync(join(root, "node_modules", ".bin", "leakdiff")));
  for (const document of documents) assert.doesNotMatch(textOf(document), /^ {4}npx leakdiff/m, document);
});

test("links between documents lead somewhere", () => {
  const broken = documents.flatMap((document) =>
    [...textOf(document).matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .filter(([, target]) => !existsSync(join(root, dirname(document), target!)))
      .map(([, target]) => `${document}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test("the files that ARCHITECTURE.md names are there", () => {
  const files = ["packages", "test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => !file.includes("node_modules"))
      .map((file) => `/${folder}/${file.split(sep).join("/")}`),
  );
  const named = [...textOf("ARCHITECTURE.md").matchAll(/`([\w/.-]+\.(?:ts|json))`/g)].map(([, name]) => name!);
  assert.ok(named.length > 30);
  assert.deepEqual(
    named.filter((name) => !files.some((file) => file.endsWith(`/${name}`))),
    [],
  );
});
