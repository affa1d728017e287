import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportOn } from "../../../support/real-reports.js";
import { onlyLeak } from "../../../support/suspects.js";

suite("Blobs that have a URL", () => {
  test("are told as such", async () => {
    const leak = onlyLeak(await reportOn("object-urls"));
    assert.equal(leak.kind, "object-urls");
    assert.equal(leak.title, "Blobs of URL.createObjectURL(), never revoked");
  });

  test("are none if each URL is revoked", async () => {
    assert.equal((await reportOn("clean-object-urls")).verdict, "no-leak");
  });
});
