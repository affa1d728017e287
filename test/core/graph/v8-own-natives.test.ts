import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeType } from "#core/graph/v8-types.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

test("V8's own objects are hidden also where V8 15 calls them native; texts and bytes outside of its heap are not", () => {
  const heap = new SnapshotBuilder();
  const own = ["system / PropertyArray", "system / JSProxy", "system / NativeContext / http://localhost"];
  const others = ["system / ExternalStringData", "system / JSArrayBufferData", "<div>", "Window / http://localhost"];
  const rows = [...own, ...others].map((name) => heap.native(name));
  const { nodeType } = graphOf(heap);
  assert.deepEqual(
    rows.map((row) => nodeType[row]),
    [...own.map(() => NodeType.hidden), ...others.map(() => NodeType.native)],
  );
});
