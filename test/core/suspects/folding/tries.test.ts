import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { foldTries } from "#core/suspects/folding/tries.js";
import type { Finding } from "#core/suspects/growth/finding.js";
import { NO_PATH, inWords } from "#core/suspects/naming/access-words.js";

/** What is left of findings that grow at these places. */
function folded(
  judgements: readonly string[],
  ...places: readonly string[][]
): [words: string, members: number, bytes: number][] {
  const findings = places.map((words, i) => ({
    path: inWords({ ...NO_PATH, anchor: "variable" }, words),
    grown: i,
    container: i,
    judgement: judgements[i] ?? "growing",
    bytes: [100 - i, 100],
    members: 1,
    entries: null,
    folded: [],
    alsoHeldBy: [],
    growAlong: [],
    tops: judgements[i] === "in part" ? [] : null,
    linkedClass: words.at(-1) === "tree" ? "Object" : null,
  }));
  return foldTries(findings as unknown as Finding[]).map(({ path, members, bytes }) => [
    path.words.join(" "),
    members,
    bytes[0]!,
  ]);
}

suite("holders inside a trie", () => {
  test("are one, told by where it begins, however deep each is", () => {
    const trie = [
      ["index", "root", "[…]", "u", "[…]"],
      ["index", "root", "[…]"],
      ["index", "root", "[…]", "e", "t", "a", "[…]"],
    ];
    assert.deepEqual(folded([], ...trie, ["index", "docs"]), [
      ["index root […]", 3, 297],
      ["index docs", 1, 97],
    ]);
    assert.deepEqual(folded([], ...[2, 3, 4].map((depth) => ["tree", ...Array<string>(depth).fill("{…}")])), [
      ["tree {…}", 3, 297],
    ]);
  });

  test("go with the tree of those objects that are of one make", () => {
    const places = [
      ["index", "tree"],
      ["index", "tree", "[…]", "[…]"],
      ["index", "other", "[…]"],
    ];
    assert.deepEqual(folded([], ...places), [
      ["index tree", 1, 199],
      ["index other […]", 1, 98],
    ]);
  });

  test("count for it, too, where they did not grow in all intervals, and are apart where none did", () => {
    const places = [
      ["index", "[…]"],
      ["index", "[…]", "u", "[…]"],
      ["index", "[…]", "e", "[…]"],
    ];
    const one = (words: string, members: number, bytes: number) => [words, members, bytes];
    assert.deepEqual(folded(["growing", "settled", "burst"], ...places), [one("index […]", 1, 297)]);
    assert.deepEqual(folded(["settled", "settled", "burst"], ...places), [
      one("index […]", 2, 199),
      one("index […]", 1, 98),
    ]);
  });

  test("are told apart where only a part of their holder's growth is theirs", () => {
    const places = [2, 3, 4].map((depth) => ["tree", ...Array<string>(depth).fill("{…}")]);
    assert.equal(folded(["growing", "in part", "growing"], ...places).length, 3);
  });

  test("are several if they are few, of one depth, in two tries, or have names", () => {
    for (const places of [
      [
        ["index", "[…]"],
        ["index", "[…]", "u"],
      ],
      ["a", "b", "c"].map((letter) => ["rooms", "[…]", letter]),
      [
        ["one", "[…]"],
        ["one", "[…]", "a"],
        ["two", "[…]"],
        ["two", "[…]", "a"],
      ],
      [
        ["rooms", "[…]", "log"],
        ["rooms", "[…]", "seen", "[…]"],
        ["rooms", "users", "[…]"],
      ],
    ])
      assert.equal(folded([], ...places).length, places.length);
  });
});
