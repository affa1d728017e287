import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportOn } from "../../../support/real-reports.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

suite("Blobs that have a URL", () => {
  test("are told as such", async () => {
    const leak = onlyLeak(await reportOn("object-urls"));
    assert.equal(leak.kind, "object-urls");
    assert.equal(leak.title, "Blobs of URL.createObjectURL(), never revoked");
  });

  test("are none if each URL is revoked", async () => {
    assert.equal((await reportOn("clean-object-urls")).verdict, "no-leak");
  });

  test("are not all that the root keeps, where that refers to what Node has of Blobs as well", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    heap.element(heap.root(), 1, heap.node("synthetic", "Node / BlobBindingData"));
    let kept = 2;
    const report = await reportAfter(program, () =>
      times(40, () => heap.element(heap.root(), kept++, program.object("CompiledFnEntry", {}, 300))),
    );
    assert.deepEqual(
      leaksOf(report).map(({ kind }) => kind),
      ["unknown"],
    );
  });
});
