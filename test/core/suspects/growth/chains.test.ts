import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { chainLength } from "#core/suspects/growth/chains.js";
import { EdgeType } from "#core/graph/v8-types.js";
import { analysed } from "../../../support/analysed.js";
import { SmallProgram } from "../../../support/small-program.js";

const BY_NEXT = { steps: [{ type: EdgeType.property, name: "next" }] };

suite("the length of a list", () => {
  test("counts each link once, also where the list ends in a ring", () => {
    const links = fc
      .integer({ min: 1, max: 60 })
      .chain((count) => fc.record({ count: fc.constant(count), back: fc.option(fc.nat(count - 1), { nil: null }) }));
    fc.assert(
      fc.property(links, ({ count, back }) => {
        const program = new SmallProgram();
        const rows = Array.from({ length: count }, () => program.object("Link"));
        rows.forEach((row, i) => i > 0 && program.heap.property(rows[i - 1]!, "next", row));
        if (back !== null) program.heap.property(rows[count - 1]!, "next", rows[back]!);
        program.variable("head", rows[0]!);
        assert.equal(chainLength(analysed(program.heap), rows[0]!, BY_NEXT), count);
      }),
    );
  });
});
