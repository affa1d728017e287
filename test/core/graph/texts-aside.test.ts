import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import { ColumnsGoingAside } from "#core/graph/columns-aside.js";
import { LocationsAside } from "#core/graph/locations-aside.js";
import { StringsAside } from "#core/graph/strings-aside.js";
import { encodeStrings } from "#core/parse/encode-strings.js";
import type { Locations } from "#core/parse/raw-snapshot.js";
import { EncodedStrings, type StringTable, type StringTableData } from "#core/parse/string-table.js";
import { temporaryFile } from "#core/temporary-file.js";
import { arbitraryText } from "../../support/arbitrary-graph.js";

function dataOf(texts: readonly string[]): StringTableData {
  return encodeStrings(texts, "a").data;
}

/** All that a table of these texts can be asked for. */
function answersOf(table: StringTable, texts: readonly string[]): unknown {
  const indexes = [...texts.keys()];
  return {
    length: table.length,
    texts: indexes.map((index) => table.text(index)),
    numbers: indexes.map((index) => table.isNumber(index)),
    hashes: indexes.map((index) => table.hash(index)),
    found: [...texts, "what is not in it"].map((text) => table.indexOf(text)),
    withPart: table.withPart("a"),
  };
}

const locations = (): Locations => ({
  node: Uint32Array.of(1, 5, 9),
  scriptId: Int32Array.of(7, -1, 2 ** 31 - 1),
  line: Int32Array.of(0, 3, -1),
  column: Int32Array.of(4, 5, 6),
});

function valuesOf({ node, scriptId, line, column }: Locations): number[][] {
  return [[...node], [...scriptId], [...line], [...column]];
}

suite("texts put aside", () => {
  test("are those of a table in memory, which is empty", () => {
    const file = temporaryFile()!;
    const text = fc.oneof(arbitraryText, fc.stringMatching(/^[0-9]{1,3}$/), fc.constantFrom("a".repeat(255), '"\\é'.repeat(1000))); // prettier-ignore
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
        const data = dataOf(texts);
        const aside = StringsAside.put(data, file.descriptor, new ColumnsGoingAside(file.descriptor));
        assert.ok(aside instanceof StringsAside);
        assert.equal(data.slots.length, 0);
        const expected = answersOf(new EncodedStrings(dataOf(texts)), texts);
        assert.deepEqual(answersOf(aside, texts), expected);
        aside.putBack();
        assert.deepEqual(answersOf(aside, texts), expected);
        assert.deepEqual(answersOf(aside.brought(), texts), expected);
      }),
    );
    assert.throws(() => StringsAside.put(dataOf(["a"]), file.descriptor, new ColumnsGoingAside(file.descriptor)).text(1), RangeError); // prettier-ignore
    file.remove();
  });

  test("stay in memory where the file has no room for them, places in the source too", () => {
    const folder = mkdtempSync(join(tmpdir(), "leakdiff-"));
    writeFileSync(join(folder, "columns"), "");
    const readOnly = openSync(join(folder, "columns"), "r");
    const texts = ["a", "bc", "12"];
    const table = StringsAside.put(dataOf(texts), readOnly, new ColumnsGoingAside(readOnly));
    assert.ok(table instanceof EncodedStrings);
    assert.deepEqual(answersOf(table, texts), answersOf(new EncodedStrings(dataOf(texts)), texts));
    const places = new LocationsAside(locations(), readOnly, new ColumnsGoingAside(readOnly));
    places.putBack();
    assert.deepEqual(valuesOf(places), valuesOf(locations()));
    closeSync(readOnly);
    rmSync(folder, { recursive: true });
  });

  test("leave what is in the file already", () => {
    const file = temporaryFile()!;
    const before = new ColumnsGoingAside(file.descriptor);
    before.put({ name: Uint32Array.of(1, 2, 3) });
    const going = new ColumnsGoingAside(file.descriptor);
    const given = locations();
    const places = new LocationsAside(given, file.descriptor, going);
    assert.equal(given.line.length, 0);
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(valuesOf(places), valuesOf(locations()));
      places.putBack();
    }
    assert.deepEqual([...before.copyOf("name", "own")], [1, 2, 3]);
    file.remove();
  });
});
