import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { table, type Column } from "#cli/render/table.js";
import { prepareWidths, width } from "#cli/render/text-width.js";

await prepareWidths();

const COLUMNS: readonly Column[] = [
  { title: "class", align: "left" },
  { title: "born", align: "right", spare: 1 },
  { title: "growth", align: "right" },
];
const look = { columns: 80, indent: "  ", heading: (text: string) => text };

describe("table", () => {
  it("lines up words on the left and numbers on the right", () => {
    assert.deepEqual(
      table(
        COLUMNS,
        [
          ["Item", "5,000,000", "+40.0 MB"],
          ["(array)", "12", "+2.0 MB"],
        ],
        look,
      ),
      ["  class          born     growth", "  Item      5,000,000   +40.0 MB", "  (array)          12    +2.0 MB"],
    );
  });

  it("keeps the columns in line behind wide, combined and new characters", () => {
    const names = ["缓存", "🫠 cache", "👩🏽", "e\u0301t\u0301e\u0301", "कैश", "ذَاكِرَة", "plain", "\ue000\ue001\ue000"];
    const lines = table(
      COLUMNS,
      names.map((name) => [name, "1", "+1 B"]),
      look,
    );
    assert.equal(lines.length, names.length + 1);
    assert.deepEqual([...new Set(lines.map((line) => width(line)))], [width(lines[0]!)]);
    names.forEach((name, index) => assert.ok(lines[index + 1]!.includes(name), name));
  });

  it("shortens the first column when the line is too long", () => {
    const [, line] = table(COLUMNS, [["AbstractSingletonProxyFactoryBean", "1", "+1.0 kB"]], { ...look, columns: 44 });
    assert.equal(line, "  AbstractSingleto…toryBean      1   +1.0 kB");
  });

  it("leaves out spare columns when there is no room for them", () => {
    const lines = table(COLUMNS, [["SomeRatherLongName", "1,000,000", "+1.0 kB"]], { ...look, columns: 32 });
    assert.deepEqual(lines, ["  class                 growth", "  SomeRatherLongName   +1.0 kB"]);
  });

  it("takes empty cells, and leaves no space at the end of a line", () => {
    const columns: readonly Column[] = [
      { title: "a", align: "left" },
      { title: "", align: "left" },
    ];
    assert.deepEqual(
      table(
        columns,
        [
          ["x", ""],
          ["", "y"],
        ],
        look,
      ),
      ["  a", "  x", "      y"],
    );
  });
});
