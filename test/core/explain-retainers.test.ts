import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { explainRetainers } from "#core/explain-retainers.js";
import { SnapshotBuilder } from "../support/snapshot-builder.js";

const [LIST, STORE, USER, SHAPE] = [101, 103, 105, 107];

suite("explainRetainers", () => {
  let folder = "";
  let file = "";
  before(() => {
    // global -> Array 101 -> elements 103 -> plain object 105 { "eve@example.com" }
    //                    \-----------------^  ^- object shape 107, which only V8 refers to
    const heap = new SnapshotBuilder();
    const list = heap.object("Array", { id: LIST });
    const store = heap.array("(object elements)", { id: STORE });
    const user = heap.object("Object", { id: USER });
    heap.property(heap.global(), "list", list).internal(list, "elements", store);
    heap.element(list, 0, user).hidden(store, 3, user);
    heap.property(user, "eve@example.com", heap.object("Session"));
    heap.internal(heap.node("object shape", "system / Map", { id: SHAPE }), "prototype", user);
    folder = mkdtempSync(join(tmpdir(), "leakdiff-"));
    file = join(folder, "a.heapsnapshot");
    writeFileSync(file, heap.bytes());
  });
  after(() => rmSync(folder, { recursive: true }));

  test("says of each that refers to the object who that is, of V8's own too", async () => {
    const { retainers, omitted } = await explainRetainers(file, USER);
    assert.deepEqual(
      retainers.map(({ words, node, distance }) => [words, node.id, distance]),
      [
        ["element of Array", LIST, 2],
        ["3 of (object elements)", STORE, 3],
        ["prototype of system / Map", SHAPE, -1],
      ],
    );
    assert.equal(omitted, 0);
  });

  test("tells no shape of an object whose properties look like data", async () => {
    const report = await explainRetainers(file, USER);
    assert.equal(report.node.class, "Object");
    assert.doesNotMatch(JSON.stringify(report), /eve/);
  });
});
