import assert from "node:assert/strict";
import { it } from "node:test";
import { prose } from "#cli/render/prose.js";

it("prose keeps a number and its unit on one line, and is harmless", () => {
  assert.equal(
    prose("each keeps 12 strings: 1.3 kB, 99 % of 5 Bytes"),
    "each keeps 12 strings: 1.3\u00a0kB, 99\u00a0% of 5 Bytes",
  );
  assert.equal(prose("a\u001bb"), "a\\u001bb");
});
