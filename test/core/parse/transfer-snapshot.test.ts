import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import { type PostedSnapshot, reviveSnapshot, transferList } from "#core/parse/transfer-snapshot.js";
import { graphOfRaw } from "../../support/arbitrary-graph.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

async function smallSnapshot(layout: "node20" | "node24") {
  const heap = new SnapshotBuilder();
  heap.property(heap.global(), "list", heap.object("Array", { at: { scriptId: 7, line: 3, column: 11 } }));
  async function* bytes() {
    yield heap.bytes({ layout });
  }
  return readSnapshot(bytes());
}

suite("a snapshot posted to another thread", () => {
  test("is the same there, and was moved, not copied", async () => {
    const raw = await smallSnapshot("node20");
    const graph = graphOfRaw(raw);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(raw, transferList(raw));
    const { message } = receiveMessageOnPort(port2) as { message: PostedSnapshot };
    port1.close();
    const revived = reviveSnapshot(message);
    assert.deepEqual(graphOfRaw(revived), graph);
    assert.equal(revived.strings.text(revived.strings.indexOf("list")), "list");
    assert.equal(raw.nodeId.byteLength, 0);
    assert.equal(raw.edgeTarget.byteLength, 0);
  });

  test("must have been read: a stand-in for its strings has no memory to move", async () => {
    const raw = await smallSnapshot("node24");
    const strings = { length: 0, text: () => "", indexOf: () => -1, hash: () => 0 };
    assert.throws(() => transferList({ ...raw, strings }), TypeError);
  });
});
