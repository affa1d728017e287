import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { SequenceTable } from "#core/analysis/sequence-table.js";

suite("the table of sequences", () => {
  test("gives equal sequences one index, in the order they first come", () => {
    const table = new SequenceTable();
    const sequences = [[1, 2], [2, 1], [], [1, 2], [1], [1, 2, 3], [], [2 ** 32 - 1], [-1]];
    assert.deepEqual(
      sequences.map((sequence) => table.intern(sequence)),
      [0, 1, 2, 0, 3, 4, 2, 5, 5],
    );
    assert.equal(table.count, 6);
    assert.equal(table.intern([9, 9, 1, 2], 2), 0, "from a start on");
  });

  test("tells sequences apart whose hashes are equal, as some of these are", () => {
    const table = new SequenceTable();
    let mistaken = 0;
    for (let i = 0; i < 200_000; i++) if (table.intern([i, 7 * i]) !== i) mistaken++;
    assert.equal(mistaken, 0);
  });

  test("gives what a Map from text to index gives, also when it has grown", () => {
    const value = fc.oneof(fc.nat(3), fc.nat());
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 4 })), fc.nat(3000), (sequences, more) => {
        const table = new SequenceTable();
        const expected = new Map<string, number>();
        const extra = Array.from({ length: more }, (_, i) => [i % 1500, 7]);
        for (const sequence of [...sequences, ...extra, ...sequences]) {
          const key = sequence.join();
          if (!expected.has(key)) expected.set(key, expected.size);
          assert.equal(table.intern(sequence), expected.get(key));
        }
      }),
      { numRuns: 30 },
    );
  });
});
