import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { RawSnapshot } from "#core/parse/raw-snapshot.js";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import { SnapshotError } from "#core/parse/snapshot-error.js";
import { arbitraryGraph, arbitraryLayout, builderOf } from "../../support/arbitrary-graph.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";
import type { SnapshotFile } from "../../support/snapshot-text.js";

// Six nodes: root, Array, global and three Sessions; five edges.
function smallHeap(): SnapshotBuilder {
  const heap = new SnapshotBuilder();
  const list = heap.object("Array", { at: { scriptId: 7, line: 3, column: 11 } });
  heap.property(heap.global(), "list", list);
  for (let i = 0; i < 3; i++) heap.element(list, i, heap.object("Session"));
  return heap;
}

async function* once(bytes: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(bytes);
}

const read = (bytes: string | Uint8Array) => readSnapshot(once(bytes), { name: "b.heapsnapshot" });

/** Reads what must fail, and returns the error as `code: message`. */
async function failure(bytes: string | Uint8Array): Promise<string> {
  const error: unknown = await read(bytes).then(
    () => assert.fail("it was read"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SnapshotError, `${String(error)}\n${(error as Error).stack}`);
  assert.match(error.message, /^b\.heapsnapshot .*[^.]; .*[^.]$/, "one sentence: the file, what, what to do");
  return `${error.code}: ${error.message}`;
}

/** The small heap's file, changed. */
async function failureOf(change: (file: SnapshotFile) => void): Promise<string> {
  const file = smallHeap().snapshot();
  change(file);
  return failure(JSON.stringify(file));
}

suite("a snapshot cut short", () => {
  test("is called truncated, wherever it is cut", async () => {
    for (const [layout, step] of [
      ["node20", 1],
      ["node24", 5],
      ["pretty", 5],
    ] as const) {
      const text = smallHeap().json({ layout }).trimEnd();
      for (let length = 1; length < text.length; length += step) {
        assert.match(await failure(text.slice(0, length)), /^truncated: /, `${layout} cut at ${length}`);
      }
    }
  });

  test("says the section, and the row of how many", async () => {
    const text = smallHeap().json();
    const cutAfter = (piece: string) => failure(text.slice(0, text.indexOf(piece) + piece.length));
    assert.match(
      await cutAfter('"nodes":[9,1,1,0,1,0,3,'),
      /is cut short in its section "nodes" after 1 of 6 rows, at byte \d+;/,
    );
    assert.match(await cutAfter('"edges":'), /in its section "edges" before its first byte/);
    assert.match(await cutAfter('"edges":[5,2,12,1'), /in its section "edges" after 1 of 5 rows/);
    assert.match(await cutAfter('"<dummy>","'), /in its section "strings" after 1 strings/);
    assert.match(await cutAfter('"samples":[],\n'), /after its section "samples"/);
    assert.match(await cutAfter('{"snapshot":{"meta"'), /in its section "snapshot" after 7 bytes/);
  });

  test("is called truncated if gzip's end is missing too", async () => {
    const zipped = gzipSync(smallHeap().json());
    assert.match(await failure(zipped.subarray(0, zipped.length - 20)), /^truncated: .* gzip data end in the middle/);
  });

  test("is called truncated if a section is missing", async () => {
    for (const missing of ["nodes", "edges", "strings"]) {
      const sections = ["snapshot", "nodes", "edges", "strings"].filter((key) => key !== missing);
      const message = await failure(smallHeap().json({ sections }));
      assert.equal(
        message.slice(0, message.indexOf(";")),
        `truncated: b.heapsnapshot is not whole: it has no section "${missing}"`,
      );
    }
  });
});

suite("a file that is no snapshot", () => {
  const kinds: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ["an empty file", "", /^empty: /],
    [
      "a CPU profile",
      '{"nodes":[{"id":1,"callFrame":{}}],"startTime":1,"endTime":2,"samples":[1]}',
      /^not-snapshot: .* a CPU profile/,
    ],
    [
      "a sampling heap profile",
      '{"head":{"callFrame":{},"children":[]},"samples":[]}',
      /^not-snapshot: .* a sampling heap profile/,
    ],
    ["a performance trace", '{"traceEvents":[],"metadata":{}}', /^not-snapshot: .* a performance trace/],
    [
      "a snapshot of JavaScriptCore's",
      '{"version":3,"type":"Inspector","nodes":[0,0,0,0],"nodeClassNames":["<root>"]}',
      /^not-snapshot: .* JavaScriptCore's own kind .*generateHeapSnapshot/,
    ],
    ["JSON of another kind", '{"type":"memlab","leaks":[]}', /^not-snapshot: .*\(it has "type", "leaks"\)/],
    ["an empty object", "{}", /^not-snapshot: .* no section "snapshot"/],
    ["JSON with keys that move a cursor", '{"\\u001b[2J\\u202e":1}', /^not-snapshot: .*it has "\\u001b\[2J\\u202e"/],
    ["a JSON array", "[1,2]", /^not-json: .* a JSON array/],
    ["JSON that is a single value", "null\n", /^not-json: .* but JSON of another kind \(a single value\);/],
    ["JSON that is a text", '"a \\" b"', /^not-json: .*\(a single value\);/],
    ["a number with a unit", "33.2 MB", /^not-json: .* something that is not JSON;/],
    ["a picture", Buffer.from("\x89PNG\r\n", "latin1"), /^not-json: .* a PNG picture;/],
    ["a document", "%PDF-1.7\n", /^not-json: .* a PDF document;/],
    ["a program", "\x7fELF\x02\x01", /^not-json: .* an ELF file, such as a program or a core dump;/],
    ["HTML", "<!doctype html><p>404", /^not-json: .* HTML/],
    ["JavaScript", "import v8 from 'node:v8';", /^not-json: .* JavaScript source/],
    ["JavaScript in braces", "{ const a = 1; }", /^not-json: .* "c" at byte 2/],
    ["text", "hello", /^not-json: /],
    ["UTF-16 with a mark", Buffer.from("\ufeff{}", "utf16le"), /^not-json: .* UTF-16/],
    ["UTF-16 without a mark", Buffer.from('{"snapshot":1}', "utf16le"), /^not-json: .* UTF-16/],
    ["zeros", Buffer.alloc(5000), /^not-json: .* binary/],
    ["a zip archive", Buffer.from("PK\u0003\u0004...."), /^not-json: .* but a zip archive; unpack it first$/],
    ["a tar archive", `a.heapsnapshot${"\0".repeat(243)}ustar\0{`, /^not-json: .* but a tar archive; unpack it first$/],
    ["zstd data", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]), /^not-json: .* but zstd data; unpack it first$/],
    ["damaged gzip", Buffer.concat([gzipSync("{}").subarray(0, 10), Buffer.from("!!!!!!!!!!!!!!!!")]), /^bad-gzip: /],
    ["two snapshots in one", smallHeap().json() + smallHeap().json(), /^not-json: .* "{" at byte \d+/],
    [
      "a snapshot with two sections of one name",
      smallHeap().json().replace('"samples"', '"nodes"'),
      /^not-json: .*two sections "nodes"/,
    ],
  ];
  for (const [kind, bytes, message] of kinds) {
    test(`is refused as what it is: ${kind}`, async () => assert.match(await failure(bytes), message));
  }
});

suite("a snapshot whose header lies", () => {
  test("is refused with the section, the claim and the truth", async () => {
    const few = await failureOf((file) => void (file.snapshot.node_count = 5));
    assert.match(few, /^counts: .* section "nodes": the header claims 5 rows, there are more;/);
    const many = await failureOf((file) => void (file.snapshot.edge_count = 6));
    assert.match(many, /^counts: .* section "edges": the header claims 6 rows, there are 5;/);
  });

  test("does not make us allocate what it claims", async () => {
    for (const count of [1e9, 1e15, Number.MAX_SAFE_INTEGER]) {
      const message = await failureOf((file) => {
        file.snapshot.node_count = count;
        file.snapshot.edge_count = count;
      });
      assert.match(message, /^counts: .* there are 6;/);
    }
  });

  test("is refused if the edges of the nodes do not add up", async () => {
    const message = await failureOf((file) => void (file.nodes[4] = 3));
    assert.match(message, /^counts: .* sums up to 7, its section "edges" has 5 rows/);
  });

  test("is refused if the last row is not whole", async () => {
    assert.match(await failureOf((file) => void file.nodes.push(1)), /^counts: .* row 6 has 1 of 6 numbers/);
    assert.match(await failureOf((file) => void file.edges.pop()), /^counts: .* row 4 has 2 of 3 numbers/);
    assert.match(await failureOf((file) => void file.locations.pop()), /^counts: .* row 0 has 3 of 4 numbers/);
  });

  test("is refused if it has no nodes", async () => {
    const empty = new SnapshotBuilder({ empty: true }).json();
    assert.match(await failure(empty), /^counts: .* no nodes/);
  });

  const headers: readonly (readonly [string, (file: SnapshotFile) => void, RegExp])[] = [
    ["a count is negative", (file) => (file.snapshot.node_count = -1), /node_count is -1/],
    ["a count is a fraction", (file) => (file.snapshot.edge_count = 0.5), /edge_count is 0.5/],
    ["a count is a text", (file) => (file.snapshot.extra_native_bytes = "many"), /extra_native_bytes is "many"/],
    ["there is no meta", (file) => Reflect.deleteProperty(file.snapshot, "meta"), /snapshot\.meta is not an object/],
    ["a field is missing", (file) => (file.snapshot.meta.node_fields[4] = "x"), /node_fields has no "edge_count"/],
    [
      "fields are no names",
      (file) => (file.snapshot.meta.edge_fields = [1] as never),
      /edge_fields is not a list of names/,
    ],
    ["types are missing", (file) => (file.snapshot.meta.node_types = []), /node_types\[0\] is not a list of names/],
    [
      "there are too many types",
      (file) => (file.snapshot.meta.edge_types[0] = Array(257).fill("x")),
      /257 names, more than 256/,
    ],
    [
      "there are too many fields",
      (file) => file.snapshot.meta.node_fields.push(...Array<string>(300).fill("x")),
      /306 names/,
    ],
    ["it is no object", (file) => (file.snapshot = [] as never), /snapshot is not an object/],
  ];
  for (const [kind, change, message] of headers) {
    test(`is refused where ${kind}`, async () => {
      const error = await failureOf((file) => void change(file));
      assert.match(error, /^bad-meta: /);
      assert.match(error, message);
    });
  }

  test("is refused where a count is an array 100,000 deep", async () => {
    const deep = "[".repeat(1e5) + "]".repeat(1e5);
    const message = await failure(smallHeap().json().replace('"node_count":6', `"node_count":${deep}`));
    assert.match(message, /^bad-meta: .*node_count is an object/);
  });

  test("is refused if the header has megabytes", async () => {
    const message = await failureOf((file) => void (file.snapshot.padding = " ".repeat(2 ** 21)));
    assert.match(message, /^too-large: .* a header of more than 1048576 bytes/);
  });
});

suite("a snapshot with a number that cannot be", () => {
  const changes: readonly (readonly [string, (file: SnapshotFile) => void, RegExp])[] = [
    ["node type", (file) => (file.nodes[6] = 15), /^bad-index: .* "nodes": the type of row 1 is 15, .* 15 types/],
    ["node name", (file) => (file.nodes[13] = 99), /^bad-index: .* "nodes": name of row 2 is 99, there are 7 strings/],
    ["negative id", (file) => (file.nodes[14] = -3), /^bad-number: .* id of row 2 is -3/],
    ["id past 32 bits", (file) => (file.nodes[14] = 2 ** 32), /^bad-number: .* id of row 2 is 4294967296/],
    ["broken size", (file) => (file.nodes[15] = 1.5), /^bad-number: .* self_size of row 2 is 1.5/],
    [
      "size past doubles",
      (file) => (file.nodes[15] = 1e20),
      /^bad-number: .* self_size of row 2 is 100000000000000000000/,
    ],
    ["endless sum of edges", (file) => (file.nodes[16] = 2 ** 32 - 1), /^too-large: .* more edges/],
    ["edge type", (file) => (file.edges[3] = 7), /^bad-index: .* "edges": the type of row 1 is 7/],
    [
      "edge name",
      (file) => (file.edges[1] = 7),
      /^bad-index: .* "edges": name_or_index of row 0 is 7, there are 7 strings/,
    ],
    ["negative edge name", (file) => (file.edges[1] = -1), /^bad-number: .* name_or_index of row 0 is -1/],
    ["element past 32 bits", (file) => (file.edges[4] = 2 ** 32), /^bad-number: .* name_or_index of row 1/],
    ["target inside a row", (file) => (file.edges[5] = 13), /^bad-index: .* to_node of row 1 is 13, no multiple of 6/],
    [
      "target behind the end",
      (file) => (file.edges[5] = 36),
      /^bad-index: .* to_node of row 1 is 36, there are 6 nodes/,
    ],
    ["negative target", (file) => (file.edges[5] = -6), /^bad-number: .* to_node of row 1 is -6/],
    ["target past 32 bits", (file) => (file.edges[5] = 6 * 2 ** 32), /^bad-index: .* to_node of row 1/],
    ["location of no node", (file) => (file.locations[0] = 36), /^bad-index: .* object_index of row 0 is 36/],
    ["location inside a row", (file) => (file.locations[0] = 7), /^bad-index: .* object_index of row 0 is 7/],
    ["line past 32 bits", (file) => (file.locations[2] = 2 ** 32), /^bad-number: .* line of row 0/],
    ["script past 31 bits", (file) => (file.locations[1] = 2 ** 31), /^bad-number: .* script_id of row 0/],
  ];
  for (const [kind, change, message] of changes) {
    test(`is refused with section, row and value: ${kind}`, async () => {
      assert.match(await failureOf((file) => void change(file)), message);
    });
  }

  const texts: readonly (readonly [string, string, string, RegExp])[] = [
    ["null", '"nodes":[9,', '"nodes":[null,', /^bad-number: .* "nodes" at byte \d+: "n" stands where a number should/],
    ["a text", '"edges":[5,', '"edges":["5",', /^bad-number: .* "edges" at byte \d+: """ stands/],
    ["two commas", '"nodes":[9,', '"nodes":[9,,', /^bad-number: .* "," stands where a number should/],
    ["no comma", '"nodes":[9,', '"nodes":[9 ', /^bad-number: .* stands where a comma or a bracket should/],
    ["a lone minus", '"nodes":[9,', '"nodes":[-,', /^bad-number: .*: - is not a number/],
    ["two points", '"nodes":[9,', '"nodes":[1.2.3,', /^bad-number: .*: 1\.2\.3 is not a number/],
    ["a thousand digits", '"nodes":[9,', `"nodes":[${"9".repeat(1000)},`, /^bad-number: .*999\.\.\. is not a number/],
    ["infinity", '"nodes":[9,', '"nodes":[1e999,', /^bad-number: .* type of row 0 is Infinity/],
    ["no array", '"edges":[', '"edges":7,"x":[', /^bad-number: .* "7" stands where an array should/],
    [
      "a number among the strings",
      '"<dummy>"',
      "7",
      /^bad-string: .* "strings" at byte \d+: "7" stands where string 0/,
    ],
    ["no comma between strings", '"<dummy>",', '"<dummy>"', /^bad-string: .* stands where string 1/],
    ["strings that are no array", '"strings":[', '"strings":{', /^bad-string: .* "{" stands where an array should/],
  ];
  for (const [kind, from, to, message] of texts) {
    test(`is refused at its byte: ${kind}`, async () => {
      const text = smallHeap().json();
      assert.ok(text.includes(from));
      assert.match(await failure(text.replace(from, to)), message);
    });
  }
});

suite("a snapshot with any damage", () => {
  test("is read with all indexes in range, or refused", async () => {
    const damage = fc.record({
      at: fc.nat(),
      byte: fc.oneof(fc.constantFrom(...Buffer.from('0123456789,-.e[]{}":\\ \n')), fc.nat(255)),
    });
    let readable = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryGraph(6),
        arbitraryLayout,
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        fc.nat({ max: 3 }),
        async (graph, layout, damages, removed) => {
          const bytes = builderOf(graph).bytes(layout);
          for (const { at, byte } of damages) bytes[at % bytes.length] = byte;
          const cut = (damages[0]?.at ?? 0) % bytes.length;
          const pieceMissing = Buffer.concat([bytes.subarray(0, cut), bytes.subarray(cut + removed)]);
          try {
            assertInRange(await read(pieceMissing));
            readable++;
          } catch (error) {
            if (!(error instanceof SnapshotError)) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
    assert.ok(readable > 0, "some damage, as in an id, is not seen");
  });

  test("is refused if its strings were made to share one hash", async () => {
    // Each pair goes on from where the one before arrived by both ways, so that n pairs make 2^n texts of one hash.
    const pairs: (readonly [string, string])[] = [];
    for (let state = FNV_SEED; pairs.length < 11;) {
      const pair = collision(state);
      pairs.push(pair);
      state = fnv(state, pair[0]);
    }
    const strings = Array.from({ length: 2 ** pairs.length }, (_none, bits) =>
      pairs.map((pair, at) => pair[(bits >> at) & 1]).join(""),
    );
    const message = await failureOf((file) => void file.strings.push(...strings));
    assert.match(message, /^bad-string: .* too many strings of one hash/);
  });
});

const FNV_SEED = 0x811c9dc5;

function fnv(state: number, text: string): number {
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state;
}

/** Two texts of two units that take FNV-1a from one state to one other. */
function collision(state: number): readonly [string, string] {
  const seen = new Map<number, number>(); // upper half of the state after a first unit -> the unit
  for (let unit = 1; ; unit++) {
    const after = fnv(state, String.fromCharCode(unit));
    const known = seen.get(after >>> 16);
    seen.set(after >>> 16, unit);
    if (known === undefined) continue;
    // The halves that differ are evened out by the second unit, which meets them before the multiplication.
    const low = (after ^ fnv(state, String.fromCharCode(known))) & 0xffff;
    return [String.fromCharCode(known, 0x61), String.fromCharCode(unit, 0x61 ^ low)];
  }
}

function assertInRange(raw: RawSnapshot): void {
  const { nodeCount, edgeCount, strings, locations } = raw;
  const named = raw.edgeTypeNames.map((name) => name !== "element" && name !== "hidden");
  assert.equal(raw.firstEdge.length, nodeCount + 1);
  assert.equal(raw.firstEdge[nodeCount], edgeCount);
  for (let node = 0; node < nodeCount; node++) {
    assert.ok(raw.firstEdge[node]! <= raw.firstEdge[node + 1]!);
    assert.ok(raw.nodeType[node]! < raw.nodeTypeNames.length);
    assert.ok(raw.nodeName[node]! < strings.length);
    assert.ok(raw.selfSize[node]! >= 0);
    assert.ok((raw.detachedness?.[node] ?? 0) <= 2);
    strings.text(raw.nodeName[node]!);
  }
  for (let edge = 0; edge < edgeCount; edge++) {
    assert.ok(raw.edgeTarget[edge]! < nodeCount);
    if (named[raw.edgeType[edge]!]) strings.text(raw.edgeName[edge]!);
  }
  for (const node of locations.node) assert.ok(node < nodeCount);
}
