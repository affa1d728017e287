import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportOn } from "../../../support/real-reports.js";
import { onlyLeak } from "../../../support/suspects.js";

suite("the path to a suspect", () => {
  test("leads through the variables of a generator that waits to the container", async () => {
    const { path } = onlyLeak(await reportOn("waiting-generator"));
    const at = path.findIndex(({ holder }) => holder);
    const [variable, call, container] = path.slice(at - 2, at + 1).map(({ words }) => words);
    assert.equal(variable, "variable `ids`");
    assert.match(call!, /^call of function idsFrom \(waiting-generator\.mjs:3:\d+\)$/);
    assert.equal(container, "variable `givenIds`");
    assert.equal(path[at]!.node.name, "Array");
  });
});
