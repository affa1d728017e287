import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, suite, test } from "node:test";
import { findLeaks } from "@leakdiff/core";
import { fingerprints, type Identity } from "#core/suspects/telling/fingerprint.js";
import { reportOn } from "../../../support/real-reports.js";
import { snapshotsBy, snapshotsOf } from "../../../support/real-snapshots.js";
import { reportAfter, SmallProgram } from "../../../support/small-program.js";
import { leaksOf, onlyLeak, times } from "../../../support/suspects.js";

const folder = mkdtempSync(join(tmpdir(), "leakdiff-fingerprint-"));
after(() => rmSync(folder, { recursive: true }));

const fingerprint = (identity: Identity): string => fingerprints([identity])[0]!;

suite("a fingerprint", () => {
  const identity: Identity = {
    kind: "map-cache",
    words: ["store", "sessions"],
    class: "Map",
    file: "/app/src/store.js",
  };

  test("begins with the kind, and is short enough to be kept in a list", () => {
    assert.match(fingerprint(identity), /^map-cache-[0-9a-f]{12}$/);
  });

  test("is another one for another kind, name, class or file", () => {
    const others: Partial<Identity>[] = [
      { kind: "module-array" },
      { words: ["store", "users"] },
      { words: ["store"] },
      { class: "Set" },
      { file: "/app/src/users.js" },
      { file: "" },
    ];
    const all = [identity, ...others.map((other) => ({ ...identity, ...other }))].map((each) => fingerprint(each));
    assert.equal(new Set(all).size, all.length);
  });

  test("is another one for files of one name in one report, whose folders tell them apart", () => {
    const files = [
      "/app/src/users/service.js",
      "/app/src/orders/service.js",
      "/app/lib/orders/service.js",
      "/app/store.js",
    ];
    const all = fingerprints(files.map((file) => ({ ...identity, file })));
    assert.equal(new Set(all).size, files.length);
    assert.equal(all[3], fingerprint(identity), "where nobody else has it it stays");
    assert.deepEqual(
      fingerprints(files.map((file) => ({ ...identity, file: file.replace("/app", "C:\\\\srv") }))),
      all,
      "wherever they are",
    );
    const [one, other] = fingerprints([identity, identity]);
    assert.equal(one, other, "of one file it is the same");
    const [page, otherPage] = ["/app/users/page.tsx", "/app/orders/page.tsx"].map((file) =>
      fingerprint({ ...identity, file }),
    );
    assert.notEqual(page, otherPage, "what routers look for in each folder");
  });

  test("does not depend on where a program is installed, nor on the system it runs on", () => {
    for (const file of ["/home/me/store.js", "C:\\work\\store.js", "file:///srv/app/store.js", "/app/store.js?v=2"])
      assert.equal(fingerprint({ ...identity, file }), fingerprint(identity), file);
  });
});

suite("the same leak has the same fingerprint", () => {
  /** A leak, after so many other objects and so many lines of comment, `size` bytes an entry. */
  async function leakBelow(lines: number, others: number, size: number): Promise<string> {
    const source = "// a line\n".repeat(lines) + "const store = { sessions: new Map() };\n";
    const program = new SmallProgram(source, `/build-${lines}/store.js`);
    times(others, (i) => program.variable(`other${i}`, program.object("Other")));
    const sessions = program.map();
    program.variable("store", program.object("Object", { sessions }));
    const round = (): void =>
      times(20 + others, () => program.add(sessions, program.object("Key"), program.object("Session", {}, size)));
    return onlyLeak(await reportAfter(program, round)).fingerprint;
  }

  test("with other ids, other sizes, and lines added above it", async () => {
    const expected = await leakBelow(0, 0, 500);
    assert.match(expected, /^map-cache-/);
    for (const [lines, others, size] of [
      [40, 0, 500],
      [0, 77, 500],
      [3, 5, 9000],
    ] as const)
      assert.equal(await leakBelow(lines, others, size), expected);
  });

  test("in another run", async () => {
    const { files } = await snapshotsOf("seed-server-objects", { phases: [2, 6] });
    const [first, second] = await Promise.all([reportOn("seed-server-objects"), findLeaks(files)]);
    assert.deepEqual(
      leaksOf(second).map((leak) => leak.fingerprint),
      leaksOf(first).map((leak) => leak.fingerprint),
    );
  });

  // LEAKDIFF_NODES: other Nodes to run the program on, as PATH lists folders.
  const nodes = (process.env["LEAKDIFF_NODES"] ?? "").split(delimiter).filter((node) => node !== "");
  test("on other Nodes", { skip: nodes.length === 0 && "no other Nodes in LEAKDIFF_NODES" }, async () => {
    const expected = leaksOf(await reportOn("every-kind"))
      .map((leak) => leak.fingerprint)
      .sort();
    for (const [i, execPath] of nodes.entries()) {
      const files = await snapshotsBy(execPath, "every-kind", join(folder, String(i)));
      const found = leaksOf(await findLeaks(files));
      assert.deepEqual(found.map((leak) => leak.fingerprint).sort(), expected, execPath);
    }
  });
});
