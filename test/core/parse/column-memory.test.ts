import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
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
        room: fc.constantFrom("any", "lasting", "sparse"),
        cleared: fc.boolean(),
        used: fc.nat(PAGE / 4), // of a column that is cut off there
      }),
      { minLength: 20, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const memory = ColumnMemory.withRoomFor(PAGE - 16)!;
        const taken: Uint8Array[] = [];
        for (const [i, { free, which, length, room, cleared, used }] of all.entries()) {
          if (free && taken.length > 0) {
            memory.free(taken.splice(which % taken.length, 1)[0]!);
            continue;
          }
          const bytes = (room === "any" ? memory : memory[room]).take(length, cleared);
          if (bytes === null) continue;
          assert.equal(bytes.length, length);
          if (cleared) assert.ok(bytes.every((byte) => byte === 0));
          const kept = room === "any" && used < length ? bytes.subarray(0, used) : bytes;
          kept.fill((i % 255) + 1);
          if (kept !== bytes) memory.cutOff(bytes, used);
          taken.push(kept);
        }
        for (const bytes of taken) assert.ok(bytes.every((byte) => byte === bytes[0]));
        for (const bytes of taken) memory.free(bytes);
        // All of it is free again, though not in one piece if some was for columns that are hardly used.
        let left = PAGE - 16;
        for (let size = left; size > 0; size -= 16)
          for (let bytes = memory.take(size, false); bytes !== null; bytes = memory.take(size, false)) left -= size;
        assert.equal(left, 0);
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

  test("takes pages that were hardly used only when there are no others", () => {
    const memory = ColumnMemory.withRoomFor(PAGE - 16)!;
    const [used, hardlyUsed] = [memory.take(800, true)!, memory.sparse.take(800, true)!];
    const places = [used, hardlyUsed].map(({ byteOffset }) => byteOffset);
    discard(used, hardlyUsed);
    assert.equal(memory.take(800, true)!.byteOffset, places[0]);
    assert.ok(memory.take(800, true)!.byteOffset < places[1]!);
    assert.equal(memory.sparse.take(800, true)!.byteOffset, places[1]);
  });

  test("frees columns that were offered when another needs the room, the first of them first, and none that is withdrawn", () => {
    const memory = ColumnMemory.withRoomFor(3 * PAGE - 16)!;
    const gone: string[] = [];
    const columns = {
      a: memory.take(PAGE / 2, false)!,
      b: memory.take(PAGE / 2, false)!,
      c: memory.take(PAGE / 2, false)!,
    };
    for (const [name, column] of Object.entries(columns)) memory.offer(column, () => gone.push(name));
    const { a, b, c } = columns;
    memory.withdraw(b);
    assert.equal(memory.take(PAGE / 2, false)!.byteOffset, a.byteOffset); // rather than pages that nobody has touched
    assert.deepEqual(gone, ["a"]);
    assert.equal(memory.take(PAGE, false)!.byteOffset, c.byteOffset); // together with what lies behind it
    assert.deepEqual(gone, ["a", "c"]);
    memory.free(b);
    assert.equal(memory.take(PAGE / 2, false)!.byteOffset, b.byteOffset);
  });

  test("lends a part, in which another thread takes columns that lie with those it was sent", async () => {
    const memory = ColumnMemory.withRoomFor(4000)!;
    const column = uint32Column(10, memory).fill(7);
    const lent = memory.lend(800)!;
    const message = sent({ lent, column });
    const there = ColumnMemory.borrowed(message.lent);
    assert.equal(memoryOf(message.column), there);
    const taken = uint32Column(200, beside(message.column)).fill(5);
    assert.equal(memoryOf(taken), there);
    assert.equal(memoryOf(uint32Column(1, there)), null); // no more than it was lent
    assert.deepEqual(new Set(new Uint32Array(memory.memory.buffer, lent.start, 200)), new Set([5]));
    assert.ok(uint32Column(900, memory).every((value) => value === 0));
    assert.ok(column.every((value) => value === 7));
    discard(taken);
    memory.takeBack({ ...lent, ...there.unused });
    assert.equal(memory.take(800, true)!.byteOffset, lent.start);
  });

  test("lends a part again, of which some is used, and takes it back but for columns that were left there", () => {
    const memory = ColumnMemory.withRoomFor(4000)!;
    const lent = memory.lend(800)!;
    const untouched = { start: lent.start + 320, end: lent.start + 640 };
    const there = ColumnMemory.borrowed(sent({ ...lent, untouched }));
    const [used, sparse, last] = [there.take(160, false)!, there.sparse.take(320, false)!, there.take(160, false)!];
    assert.deepEqual([used, sparse, last].map(({ byteOffset }) => byteOffset - lent.start), [0, 320, 160]); // prettier-ignore
    there.free(sparse);
    const kept = memory.found(last);
    assert.equal(memoryOf(kept), memory);
    memory.takeBack({ ...lent, ...there.unused }, [kept]);
    // What was hardly used comes last.
    assert.deepEqual([160, 160, 320].map((length) => memory.take(length, false)!.byteOffset - lent.start), [0, 640, 800]); // prettier-ignore
    assert.equal(memory.sparse.take(320, false)!.byteOffset, sparse.byteOffset);
    memory.free(sparse);
    kept.fill(7);
    while (memory.take(16, false)?.fill(9) !== undefined);
    assert.deepEqual(new Set(kept), new Set([7]));
    memory.free(kept);
    assert.equal(memory.take(160, false)!.byteOffset, last.byteOffset);
  });

  test("is never so large that its columns cannot be sent to another thread", () => {
    const column = uint32Column(3, ColumnMemory.withRoomFor(2 ** 40)!).fill(7);
    assert.equal(column.buffer.byteLength, 2 ** 32 - PAGE);
    assert.deepEqual([...structuredClone(column)], [7, 7, 7]);
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

/** A value as another thread gets it. */
function sent<T>(value: T): T {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const { message } = receiveMessageOnPort(port2) as { message: T };
  port1.close();
  return message;
}
