import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { before, suite, test } from "node:test";
import {
  type ParsedSnapshot,
  type SnapshotJson,
  fromHeapSnapshotParser,
} from "#core/parse/from-heapsnapshot-parser.js";
import type { RawSnapshot } from "#core/parse/raw-snapshot.js";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import { bareSnapshot } from "../support/bare-snapshot.js";
import { SnapshotBuilder } from "../support/snapshot-builder.js";

const { parse } = createRequire(import.meta.url)("heapsnapshot-parser") as {
  parse(snapshot: string): ParsedSnapshot;
};

/** All columns, to be compared at once. */
function columns(raw: RawSnapshot) {
  const { file: _file, textBytes: _bytes, strings, edgesInText: _places, ...rest } = raw;
  const texts = Array.from({ length: strings.length }, (_none, index) => strings.text(index));
  return { ...rest, texts };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

suite("heapsnapshot-parser, the independent witness", () => {
  let text = "";
  let raw: RawSnapshot;

  before(async () => {
    const file = await bareSnapshot();
    text = await readFile(file, "utf8");
    raw = await readSnapshot(file);
  });

  test("reads the same columns from a snapshot of this Node", () => {
    const snapshot = JSON.parse(text) as SnapshotJson;
    const { lostNumbers, ...adapted } = fromHeapSnapshotParser(parse(text), { snapshot });
    assert.equal(lostNumbers, 0);
    assert.deepEqual(columns(adapted), columns(raw));
  });

  test("loses no number but those past the last string, even without the JSON", () => {
    const adapted = fromHeapSnapshotParser(parse(text));
    const typeOf = (edge: number) => raw.edgeTypeNames[raw.edgeType[edge]!];
    let lost = 0;
    for (let edge = 0; edge < raw.edgeCount; edge++) {
      assert.equal(adapted.edgeTypeNames[adapted.edgeType[edge]!], typeOf(edge));
      if (raw.edgeName[edge]! >= raw.strings.length && ["element", "hidden"].includes(typeOf(edge)!)) lost++;
      else if (adapted.edgeName[edge] !== raw.edgeName[edge]) assert.fail(`edge ${edge}`);
    }
    assert.ok(lost >= 2, "the sparse array's");
    assert.equal(adapted.lostNumbers, lost);
    assert.deepEqual(adapted.nodeName, raw.nodeName);
    assert.deepEqual(adapted.edgeTarget, raw.edgeTarget);
    assert.deepEqual(adapted.selfSize, raw.selfSize);
  });

  for (const layout of ["node20", "node24", "chrome", "pretty"] as const) {
    test(`reads the same columns from the layout ${layout}, fields and types taken from the file`, async () => {
      const heap = new SnapshotBuilder();
      const list = heap.object("Array", { at: { scriptId: 7, line: 3, column: 11 }, detachedness: 2 });
      heap.property(heap.global(), "list", list).element(list, 4_294_967_290, heap.string("<dummy>"));
      heap.hidden(list, 2, heap.native("Node / Worker", { id: 2_155_572_256 })).weak(list, "__proto__", list);
      const nodeFields = ["name", "type", "edge_count", "id", "native_size", "self_size", "detachedness"];
      const fileText = heap.json({ layout, nodeFields });
      const snapshot = JSON.parse(fileText) as SnapshotJson;
      const { lostNumbers: _lost, ...adapted } = fromHeapSnapshotParser(parse(fileText), { snapshot });
      assert.deepEqual(columns(adapted), columns(await readSnapshot(once(fileText))));
    });
  }
});
