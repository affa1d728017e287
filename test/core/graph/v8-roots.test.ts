import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { nonSyntheticRoots, userRoots } from "#core/graph/v8-roots.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

suite("user roots", () => {
  test("are what the root has shortcuts to", () => {
    const heap = new SnapshotBuilder();
    const global = heap.global();
    heap.gcRoots();
    heap.element(heap.root(), 3, heap.synthetic("Node / Environment"));
    assert.deepEqual(userRoots(graphOf(heap)), [global]);
  });

  test("are, without shortcuts, the native contexts and their global objects, each with a URL or not", () => {
    const heap = new SnapshotBuilder();
    const roots = ["system / NativeContext", "system / NativeContext / https://example.org/"].flatMap((name) => {
      const context = heap.native(name);
      const global = heap.object("Window");
      heap.internal(context, "global_object", global).internal(context, "other", heap.object("Other"));
      return [context, global];
    });
    const older = heap.node("hidden", "system / NativeContext");
    heap.native("system / NativeContextOfSomethingElse");
    heap.object("system / NativeContext");
    assert.deepEqual(userRoots(graphOf(heap)), [...roots, older]);
  });
});

test("where distances start: all that hangs on the root and is not synthetic, and old Chrome's documents", () => {
  const heap = new SnapshotBuilder();
  const documents = heap.synthetic("(Document DOM trees)");
  const object = heap.object("Held by the root");
  heap.gcRoots();
  heap.element(heap.root(), 2, documents).element(heap.root(), 3, object);
  assert.deepEqual(nonSyntheticRoots(graphOf(heap)), [documents, object]);
});
