import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  type Column,
  ColumnAside,
  type ColumnWriter,
  ColumnsGoingAside,
  type WriteOrder,
  writeColumn,
} from "#core/graph/columns-aside.js";
import { ColumnMemory } from "#core/parse/column-memory.js";
import { uint32Column } from "#core/parse/columns.js";
import { temporaryFile } from "#core/temporary-file.js";

const some = (): Record<string, Column> => ({
  type: Uint8Array.of(1, 2, 3),
  name: Uint32Array.of(2 ** 32 - 1, 0, 7, 8),
  size: Float64Array.of(2 ** 40, 5),
  none: new Uint32Array(0),
});

suite("columns put aside", () => {
  test("take no memory, and are what they were when they are asked for, as often as they are put back", () => {
    const file = temporaryFile()!;
    const columns = some();
    const going = new ColumnsGoingAside(file.descriptor);
    going.put({ type: columns["type"]!, name: columns["name"]! });
    going.put({ size: columns["size"]!, none: columns["none"]! });
    assert.deepEqual(Object.values(columns).map(({ length }) => length), [0, 0, 0, 0]); // prettier-ignore
    for (const [name, expected] of Object.entries(some())) {
      const aside = new ColumnAside(file.descriptor, going.columns[name]!);
      const rows = aside.rows;
      assert.deepEqual(rows, expected);
      assert.equal(aside.rows, rows);
      aside.putBack();
      assert.equal(rows.length, 0);
      assert.deepEqual(aside.rows, expected);
    }
    file.remove();
  });

  test("can be had to change, with no change of what the next one sees", () => {
    const file = temporaryFile()!;
    const going = new ColumnsGoingAside(file.descriptor);
    going.put({ inFile: Uint32Array.of(1, 2) });
    for (const column of [going.columns["inFile"]!, Uint32Array.of(1, 2)]) {
      const aside = new ColumnAside(file.descriptor, column);
      for (let time = 0; time < 2; time++) {
        const copy = aside.copy();
        assert.deepEqual([...copy], [1, 2]);
        copy.fill(9);
        assert.deepEqual([...aside.rows], [1, 2]);
      }
    }
    file.remove();
  });

  test("can be in memory as well, until they are put back", () => {
    const file = temporaryFile()!;
    const going = new ColumnsGoingAside(file.descriptor);
    going.put({ before: Uint8Array.of(7) });
    for (const column of Object.values(some())) {
      const expected = column.slice();
      const aside = going.asideAsWell(column, "own");
      assert.equal(aside.rows, column);
      aside.putBack();
      assert.equal(column.length, 0);
      assert.deepEqual(aside.rows, expected);
    }
    assert.deepEqual([...new ColumnAside(file.descriptor, going.columns["before"]!).rows], [7]);
    file.remove();
  });

  test("stay where there is no file for them, or no room in it", () => {
    const folder = mkdtempSync(join(tmpdir(), "leakdiff-"));
    writeFileSync(join(folder, "columns"), "");
    const readOnly = openSync(join(folder, "columns"), "r");
    for (const file of [null, readOnly]) {
      const going = new ColumnsGoingAside(file);
      const { type, name, size } = some() as Record<string, Column>;
      going.put({ type: type!, name: name!, size: size! });
      assert.deepEqual(going.columns, { type, name, size });
      const aside = new ColumnAside(file, going.columns["name"]!);
      aside.putBack();
      assert.deepEqual(aside.rows, some()["name"]);
      const asWell = going.asideAsWell(size!, "own");
      asWell.putBack();
      assert.equal(asWell.rows, size);
    }
    closeSync(readOnly);
    rmSync(folder, { recursive: true });
  });

  test("are written by another thread while it lasts, and by this one where it does not", async () => {
    const file = temporaryFile()!;
    const told: WriteOrder[] = [];
    const writers: Record<string, ColumnWriter> = {
      atOnce: { write: writeColumn, written: async () => undefined },
      atLast: { write: (order) => told.push(order), written: async () => told.splice(0).forEach(writeColumn) },
      lost: { write: () => undefined, written: () => Promise.reject(new Error("lost")) },
    };
    for (const [name, writer] of Object.entries(writers)) {
      const memory = ColumnMemory.withRoomFor(1000)!;
      const going = new ColumnsGoingAside(file.descriptor, writer);
      const [seen, other, own] = [uint32Column(3, memory).fill(7), uint32Column(3, memory).fill(8), Uint8Array.of(9)];
      going.put({ seen, own });
      assert.deepEqual([...going.copyOf("seen", "own")], [7, 7, 7]);
      const isWritten = !ArrayBuffer.isView(going.columns["seen"]);
      going.put({ other });
      assert.deepEqual([isWritten, ArrayBuffer.isView(going.columns["seen"])], [false, name !== "atOnce"]);
      await going.settle();
      assert.deepEqual(Object.values(going.columns).map((column) => ArrayBuffer.isView(column)), [false, false, false]); // prettier-ignore
      const rows = Object.entries(going.columns).map(([key, place]) => [key, [...new ColumnAside(file.descriptor, place).rows]]); // prettier-ignore
      assert.deepEqual(Object.fromEntries(rows), { seen: [7, 7, 7], own: [9], other: [8, 8, 8] });
      assert.equal(memory.take(12, false)!.byteOffset, seen.byteOffset); // which is free
    }
    file.remove();
  });

  test("that another thread could not write stay, if this one cannot either", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leakdiff-"));
    writeFileSync(join(folder, "columns"), "");
    const readOnly = openSync(join(folder, "columns"), "r");
    const going = new ColumnsGoingAside(readOnly, { write: writeColumn, written: async () => undefined });
    going.put({ seen: uint32Column(2, "shared").fill(5) });
    await going.settle();
    assert.deepEqual([...(going.columns["seen"] as Uint32Array)], [5, 5]);
    closeSync(readOnly);
    rmSync(folder, { recursive: true });
  });

  test("lie one behind the other, whatever their sizes", () => {
    const file = temporaryFile()!;
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array(), fc.uint32Array(), fc.float64Array())), (list) => {
        const going = new ColumnsGoingAside(file.descriptor);
        going.put(Object.fromEntries(list.map((column, i) => [`c${i}`, column.slice()])));
        list.forEach((column, i) => {
          const { rows } = new ColumnAside(file.descriptor, going.columns[`c${i}`]!);
          assert.deepEqual([...rows], [...column]);
        });
      }),
    );
    file.remove();
  });
});
