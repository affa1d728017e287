import assert from "node:assert/strict";
import { open, readFile } from "node:fs/promises";
import { before, suite, test } from "node:test";
import type { RawSnapshot } from "#core/parse/raw-snapshot.js";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import { SnapshotError } from "#core/parse/snapshot-error.js";
import { bareSnapshot } from "../../support/bare-snapshot.js";
import type { SnapshotFile } from "../../support/snapshot-text.js";

suite("a snapshot of this Node", () => {
  let file = "";
  let json: SnapshotFile;
  let raw: RawSnapshot;
  let nodeField: (field: string) => number[];

  before(async () => {
    file = await bareSnapshot();
    json = JSON.parse(await readFile(file, "utf8")) as SnapshotFile;
    raw = await readSnapshot(file);
    const fields = json.snapshot.meta.node_fields;
    nodeField = (field) => column(json.nodes, fields.length, fields.indexOf(field));
  });

  test("has the nodes that JSON.parse finds", () => {
    assert.equal(raw.nodeCount, json.snapshot.node_count);
    assert.deepEqual(raw.nodeTypeNames, json.snapshot.meta.node_types[0]);
    assert.deepEqual(raw.nodeType, Uint8Array.from(nodeField("type")));
    assert.deepEqual(raw.nodeName, Uint32Array.from(nodeField("name")));
    assert.deepEqual(raw.nodeId, Uint32Array.from(nodeField("id")));
    assert.deepEqual(raw.selfSize, Uint32Array.from(nodeField("self_size")));
    assert.deepEqual(raw.detachedness, Uint8Array.from(nodeField("detachedness")));
    const edgeCounts = nodeField("edge_count");
    assert.ok(edgeCounts.every((count, node) => raw.firstEdge[node + 1]! - raw.firstEdge[node]! === count));
  });

  test("has the edges that JSON.parse finds", () => {
    const stride = json.snapshot.meta.node_fields.length;
    assert.equal(raw.edgeCount, json.snapshot.edge_count);
    assert.deepEqual(raw.edgeTypeNames, json.snapshot.meta.edge_types[0]);
    assert.deepEqual(raw.edgeType, Uint8Array.from(column(json.edges, 3, 0)));
    assert.deepEqual(raw.edgeName, Uint32Array.from(column(json.edges, 3, 1)));
    assert.deepEqual(
      raw.edgeTarget,
      Uint32Array.from(column(json.edges, 3, 2), (at) => at / stride),
    );
    assert.ok(raw.edgeName.includes(4_294_967_290), "the sparse array's index");
  });

  test("has the strings that JSON.parse finds", () => {
    const { strings } = raw;
    assert.equal(strings.length, json.strings.length);
    json.strings.forEach((text, index) => {
      if (strings.text(index) !== text || strings.indexOf(text) !== index) assert.fail(JSON.stringify(text));
    });
  });

  test("has the locations that JSON.parse finds", () => {
    const stride = json.snapshot.meta.node_fields.length;
    const fields = json.snapshot.meta.location_fields;
    const field = (name: string) => column(json.locations, fields.length, fields.indexOf(name));
    const rows = field("object_index").map((at, row) => [at / stride, field("script_id")[row]]);
    const { node, scriptId } = raw.locations;
    assert.equal(node.length, rows.length);
    assert.deepEqual(
      Array.from(node, (at, row) => [at, scriptId[row]]),
      rows.sort(([one], [other]) => one! - other!),
    );
  });

  test("is refused as truncated wherever it is cut: every twentieth, and in each section", async () => {
    const bytes = await readFile(file);
    const cuts = Array.from({ length: 20 }, (_none, i) => Math.floor((bytes.length * i) / 20));
    for (const section of ["nodes", "edges", "locations", "strings"]) {
      const start = bytes.lastIndexOf(`"${section}":[`);
      cuts.push(start, start + 5, start + 20, start + 500);
    }
    cuts.push(bytes.length - 1, bytes.length - 2, bytes.length - 3);
    for (const cut of cuts) {
      await assert.rejects(
        readSnapshot(prefix(file, cut)),
        (error: unknown) => error instanceof SnapshotError && error.code === (cut === 0 ? "empty" : "truncated"),
        `cut at ${cut}`,
      );
    }
  });
});

function column(numbers: readonly number[], stride: number, field: number): number[] {
  const values: number[] = [];
  for (let at = field; at < numbers.length; at += stride) values.push(numbers[at]!);
  return values;
}

/** The first bytes of a file. */
async function* prefix(file: string, length: number): AsyncGenerator<Uint8Array> {
  const handle = await open(file);
  try {
    if (length > 0) yield* handle.createReadStream({ end: length - 1, autoClose: false });
  } finally {
    await handle.close();
  }
}
