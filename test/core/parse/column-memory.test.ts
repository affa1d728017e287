import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { ColumnMemory, commonMemory, memoryOf } from "#core/parse/column-memory.js";
import { beside, besideToTheLast, copied, discard, movedOut, uint32Column } from "#core/parse/columns.js";

/** Bytes of the smallest memory. */
const PAGE = 1 << 16;

suite("a memory of columns", () => {
  test("gives zeros that nobody else has, whatever was taken and freed before", () => {
    const steps = fc.array(
      fc.record({
        free: fc.boolean(),
        which: fc.nat(),
        length: fc.nat(PAGE / 4),
        lasting: fc.boolean(),
        cleared: fc.boolean(),
      }),
      { minLength: 20, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const memory = ColumnMemory.withRoomFor(PAGE - 16)!;
        const taken: Uint8Array[] = [];
        for (const [i, { free, which, length, lasting, cleared }] of all.entries()) {
          if (free && taken.length > 0) {
            memory.free(taken.splice(which % taken.length, 1)[0]!);
            continue;
          }
          const bytes = (lasting ? memory.lasting : memory).take(length, cleared);
          if (bytes === null) continue;
          assert.equal(bytes.length, length);
          if (cleared) assert.ok(bytes.every((byte) => byte === 0));
          bytes.fill((i % 255) + 1);
          taken.push(bytes);
        }
        for (const bytes of taken) assert.ok(bytes.every((byte) => byte === bytes[0]));
        for (const bytes of taken) memory.free(bytes);
        assert.equal(memory.take(PAGE - 16, false)?.length, PAGE - 16);
      }),
    );
  });

  test("has no room left when it is full, and columns lie elsewhere then", () => {
    const memory = ColumnMemory.withRoomFor(100)!;
    assert.equal(memoryOf(uint32Column(1000, memory)), memory);
    const elsewhere = uint32Column(PAGE, memory);
    assert.equal(memoryOf(elsewhere), null);
    assert.equal(elsewhere.length, PAGE);
    assert.equal(ColumnMemory.withRoomFor(1)!.lasting.take(PAGE, true), null);
  });

  test("is where what comes beside a column lies, until that is moved out", () => {
    const column = uint32Column(3, ColumnMemory.withRoomFor(100)!);
    column.set([1, 2, 3]);
    const other = copied(column, beside(column));
    const lasting = uint32Column(3, besideToTheLast(column));
    assert.equal(commonMemory(column, other, lasting), memoryOf(column));
    assert.equal(commonMemory(column, new Uint32Array(3)), null);
    const moved = movedOut(other);
    assert.deepEqual([...moved], [1, 2, 3]);
    assert.equal(memoryOf(moved), null);
    assert.equal(movedOut(moved), moved);
    discard(column, lasting, moved);
    assert.equal(moved.length, 0);
  });
});
