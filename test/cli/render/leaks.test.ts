import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { LeakReport, Suspect } from "@leakdiff/core";
import { renderLeaks } from "#cli/render/leaks.js";
import { prepareWidths, width } from "#cli/render/text-width.js";
import { fakeReport, fakeSuspect, noLeak, settledSuspect, step, twoSnapshots } from "../../support/fake-report.js";
import { matchesGolden } from "../../support/golden.js";

await prepareWidths();

const look = { columns: 100, color: false, top: 5 };
const render = (report: LeakReport, more: Partial<typeof look> = {}) => renderLeaks(report, { ...look, ...more });

/** Puts `change` of it in the place of every string of a report, save those that are one of a few known words. */
function withStrings<T>(value: T, change: (text: string) => string, key = ""): T {
  if (typeof value === "string")
    return (["verdict", "comparability", "comparison"].includes(key) ? value : change(value)) as T;
  if (Array.isArray(value)) return value.map((each) => withStrings(each, change)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withStrings(each, change, name)])) as T;
}

describe("renderLeaks", () => {
  it("prints a leak", () => {
    matchesGolden("cli-leak.txt", render(fakeReport()));
  });

  it("prints a leak in 60 columns", () => {
    matchesGolden("cli-leak-narrow.txt", render(fakeReport(), { columns: 60 }));
  });

  it("prints a leak in colour", () => {
    matchesGolden("cli-leak-color.txt", render(fakeReport(), { color: true }).replaceAll("\u001b", "␛"));
  });

  it("says of what gains less than before that it may be filling up", () => {
    const { growth } = fakeSuspect();
    const report = (entries: readonly number[]): string =>
      render(fakeReport({ suspects: [fakeSuspect({ growth: { ...growth, entries } })] })).replace(/\s+/g, " ");
    assert.match(report([5_000_000, 2_400_000]), /: growing, but by less; it may be filling up/);
    assert.doesNotMatch(report([5_000_000, 4_800_000]), /filling up/);
    assert.doesNotMatch(report([1, 0]), /filling up/, "what is behind one entry grows, and not how many there are");
  });

  it("says so by what a cycle gains where the intervals had cycles", () => {
    const { growth } = fakeSuspect();
    const report = (entries: readonly number[], cycles: readonly number[]): string => {
      const rates = (column: readonly number[]) => column.map((gained, i) => gained / cycles[i]!);
      const perCycle = { bytes: rates(growth.bytes), entries: rates(entries), whole: false };
      return render(fakeReport({ suspects: [fakeSuspect({ growth: { ...growth, entries, perCycle } })] }));
    };
    assert.match(report([32, 15], [60, 60]).replace(/\s+/g, " "), /: growing, but by less; it may be filling up/);
    assert.doesNotMatch(report([500, 50], [500, 50]), /filling/);
    assert.match(report([50, 60], [50, 500]), /filling/);
  });

  it("says of what has a bound that it only fills up to that, below what leaks", () => {
    const filling = fakeSuspect({ title: "Array `pages`", verdict: "filling" });
    const text = render(fakeReport({ suspects: [fakeSuspect(), filling] })).replace(/\s+/g, " ");
    assert.match(text, /also grew, but has a bound .* Array `pages` .*: it only fills up to its bound/);
    const settled = fakeSuspect({ title: "Map `fonts`", verdict: "settled" });
    assert.match(render(fakeReport({ suspects: [filling, settled] })), /also grew, but not as leaks do/);
  });

  it("says of what slows down that there may have been less to do, where nobody said how much there was", () => {
    const { growth } = fakeSuspect();
    const words = (perCycle: typeof growth.perCycle): string =>
      render(fakeReport({ suspects: [fakeSuspect({ verdict: "decaying", growth: { ...growth, perCycle } })] }));
    const hint = /: slowing down, or there was less to do; --cycles would tell/;
    assert.match(words(null).replace(/\s+/g, " "), hint);
    assert.doesNotMatch(words({ bytes: [1, 1], entries: null, whole: false }).replace(/\s+/g, " "), hint);
  });

  it("asks for a third snapshot when there are two", () => {
    matchesGolden("cli-two-snapshots.txt", render(twoSnapshots()));
  });

  it("is short and friendly when nothing leaks", () => {
    matchesGolden("cli-no-leak.txt", render(noLeak()));
  });

  it("says why it cannot tell", () => {
    const report = fakeReport({
      verdict: "cannot-tell",
      sentence: "cannot tell: b.heapsnapshot is of another process than a.heapsnapshot",
      suspects: [],
      classes: [],
      warnings: [
        { code: "other-process", message: "Object ids mean other objects; take all snapshots of one process." },
      ],
    });
    const [first, second, third] = report.snapshots;
    const snapshots = [first!, { ...second!, comparability: "other-process" as const }, third!];
    matchesGolden("cli-cannot-tell.txt", render({ ...report, snapshots }));
  });

  it("says that what it compared by name is weaker", () => {
    const two = twoSnapshots();
    const [first, second] = two.snapshots;
    const report: LeakReport = {
      ...two,
      verdict: "cannot-tell",
      sentence:
        "cannot tell: a.heapsnapshot and b.heapsnapshot are of two processes; what follows compares them by name",
      comparison: "by-name",
      snapshots: [first!, { ...second!, comparability: "other-process" }],
      warnings: [{ code: "other-process", message: "What is larger now need not be a leak." }],
    };
    matchesGolden("cli-by-name.txt", render(report));
    assert.doesNotMatch(render({ ...report, suspects: [] }), /weaker/);
  });

  it("prints names that are hostile, wide, long or odd", () => {
    const hostile = fakeSuspect({
      title: "Map `\u001b[2J\u202ecache`, module scope of 缓存.js:2",
      advice: `Delete \`${"x".repeat(150)}\` from it.`,
      path: [
        step("(global)", { edge: null }),
        step("__proto__"),
        step(`property \`${"long".repeat(40)}\``),
        step("e\u0301te\u0301\u200b", { holder: true }),
        step("entry of Map"),
      ],
      fingerprint: "map:\u0007bell",
    });
    const report = fakeReport({ suspects: [hostile] });
    const [first, ...others] = report.classes;
    const classes = [{ ...first!, name: "🫠\u009b31mItem" }, { ...first!, name: "__proto__" }, ...others];
    const [a, ...rest] = report.snapshots;
    matchesGolden(
      "cli-hostile.txt",
      render({ ...report, classes, snapshots: [{ ...a!, file: "my heap\n.heapsnapshot" }, ...rest] }, { columns: 80 }),
    );
  });

  it("obeys no string of a report, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.integer({ min: 40, max: 120 }), (text, columns) => {
        const printed = render(
          withStrings(fakeReport(), (given) => given.slice(0, 3) + text),
          { columns },
        );
        assert.doesNotMatch(printed, /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        for (const line of printed.split("\n")) assert.doesNotMatch(line, /\s$/);
      }),
      { numRuns: 10 },
    );
  });

  it("keeps within the columns it has", () => {
    for (let columns = 50; columns <= 120; columns += 7) {
      for (const line of render(fakeReport(), { columns }).split("\n")) {
        if (!line.includes("leakdiff retainers")) assert.ok(width(line) <= columns, `${columns}: ${line}`);
      }
    }
  });

  it("says that lines of TypeScript are those of what it was compiled to, unless the folder was given", () => {
    const { holder } = fakeSuspect();
    const report = (file: string) =>
      fakeReport({
        suspects: [fakeSuspect({ holder: { ...holder, location: { file, line: 2, column: 265, original: null } } })],
      });
    const note = /\nnote: app\.(ts|vue) was compiled before it ran, and lines are those of that:\s+--source-root DIR/;
    for (const file of ["/srv/app.ts", "http://localhost:5173/src/app.vue?t=17"])
      assert.match(render(report(file)), note, file);
    for (const file of ["/srv/app.js", "http://127.0.0.1/", "[eval]"])
      assert.doesNotMatch(render(report(file)), /compiled before/, file);
    assert.doesNotMatch(renderLeaks(report("/srv/app.ts"), { ...look, asked: { sourceRoot: "." } }), /compiled before/);
  });

  it("leaves the place of the holder in one piece, for a terminal to open", () => {
    const file = `/${"deep/".repeat(30)}server.js`;
    const { holder } = fakeSuspect();
    const suspects = [fakeSuspect({ holder: { ...holder, location: { file, line: 12, column: 34, original: null } } })];
    assert.ok(render(fakeReport({ suspects })).includes(`at          ${file}:12:34\n`));
  });

  it("tells the place in the source, with its line, where there is one", () => {
    const { holder } = fakeSuspect();
    const original = {
      file: "src/app.ts",
      line: 7,
      column: 3,
      name: "seen",
      text: "  const seen = new Map();\u001b[2J",
    };
    const location = { file: "dist/app.js", line: 1, column: 99, original };
    const text = render(fakeReport({ suspects: [fakeSuspect({ holder: { ...holder, location } })] }));
    assert.match(text, /\n +at +src\/app\.ts:7:3\n +7 \| const seen = new Map\(\);.+\n/);
    assert.ok(!text.includes("dist/app") && !text.includes("\u001b"));
    const lineAt = (line: string, column: number): string | undefined => {
      const at = { ...location, original: { ...original, text: line, column } };
      return /7 \| (.*)/.exec(
        render(fakeReport({ suspects: [fakeSuspect({ holder: { ...holder, location: at } })] }), { columns: 60 }),
      )?.[1];
    };
    const minified = `${"f(1),".repeat(20)}n=new Map,${"g(2),".repeat(20)}`;
    assert.equal(lineAt(minified, 101), "…),f(1),f(1),n=new Map,g(2),g(2),g(2),…");
    assert.equal(lineAt(`…(1),f(1),n=new Map,${"g(2),".repeat(30)}`, 5011), "…(1),f(1),n=new Map,g(2),g(2),g(2),g(2…");
    assert.equal(lineAt("      const seen = new Map();", 13), "const seen = new Map();");
    const untold = { ...location, original: { ...original, text: null } };
    const without = render(fakeReport({ suspects: [fakeSuspect({ holder: { ...holder, location: untold } })] }));
    assert.match(without, /at +src\/app\.ts:7:3\n +held by/);
  });

  it("folds the middle of a long path and leaves V8's steps out", () => {
    const path = [
      ...Array.from({ length: 20 }, (_, index) => step(`step ${index + 1}`, { internal: index % 5 === 4 })),
      step("cache", { holder: true }),
    ];
    const text = render(fakeReport({ suspects: [fakeSuspect({ path })] }), { columns: 120 });
    assert.match(text, /held by +step 1 → step 2 → … 11 more … → step 17 → step 18 → step 19 → cache\n/);
  });

  it("says how often a step repeats", () => {
    const path = [step("(global)"), ...Array.from({ length: 40 }, () => step("next")), step("last", { holder: true })];
    const text = render(fakeReport({ suspects: [fakeSuspect({ path })] }));
    assert.match(text, /held by +\(global\) → next \(40 times\) → last\n/);
  });

  it("shows a sample of what leaks by class and id, and not by its key", () => {
    const node = { id: 97, type: "object", name: "Session" };
    const path = [
      step("sessions", { holder: true }),
      step("property `s3cret`", { node }),
      step("x", { internal: true }),
    ];
    const text = render(fakeReport({ suspects: [fakeSuspect({ path })] }));
    assert.match(text, /such as +Session @97\n/);
    assert.match(text, /leakdiff retainers c\.heapsnapshot @97\n/);
    assert.doesNotMatch(text, /s3cret/);
  });

  it("shows where a sample is that is a function", () => {
    const node = { id: 97, type: "closure", name: "function onQuery" };
    const location = { file: "/app/server.js", line: 10, column: 27, original: null };
    const path = [step("listeners", { holder: true }), step("element of Array", { node, location })];
    const text = render(fakeReport({ suspects: [fakeSuspect({ path })] }), { columns: 120 });
    assert.match(text, /such as +function onQuery @97 \/app\/server\.js:10:27\n/);
  });

  it("shows texts of the heap only if the report has any, cut and escaped", () => {
    const texts = [
      { of: "key", text: "/page/17" },
      { of: ".html", text: `<h1>\u001b[2J\n${"x".repeat(300)}` },
    ];
    const text = render(fakeReport({ suspects: [fakeSuspect({ texts })] }), { columns: 200 });
    assert.match(text, /strings +key "\/page\/17"; \.html "<h1>\\u001b\[2J\\u000ax+…x*"\n/);
    assert.doesNotMatch(text, /x{60}/);
    assert.doesNotMatch(render(fakeReport({ suspects: [fakeSuspect()] })), /strings/);
  });

  it("names the other holders, which have to let go as well", () => {
    const alsoHeldBy = ["Map `byId`", "Set `dirty`", "Array `log`", "Map `old`"];
    const one = render(fakeReport({ suspects: [fakeSuspect({ alsoHeldBy: alsoHeldBy.slice(0, 1) })] }));
    assert.match(one, /also by +Map `byId`: nothing is freed before all of them let go\n/);
    const four = render(fakeReport({ suspects: [fakeSuspect({ alsoHeldBy })] }), { columns: 120 });
    assert.match(four, /also by +Map `byId`; Set `dirty`; Array `log` and 1 more: nothing/);
    const alike = ["Map `byId`", "Set `dirty`", "Map `byId`", "Map `byId`", "Set `a`", "Set `b`"];
    const told = render(fakeReport({ suspects: [fakeSuspect({ alsoHeldBy: alike })] }), { columns: 120 });
    assert.match(told, /also by +Map `byId` \(3 of them\); Set `dirty`; Set `a` and 1 more: nothing/);
  });

  it("names tables that grow along, which are no leaks of their own", () => {
    const growAlong = ["Map `ajv._cache`", "Map `ajv._values`"];
    const text = render(fakeReport({ suspects: [fakeSuspect({ growAlong })] }), { columns: 120 });
    assert.match(text, /with it +Map `ajv._cache`; Map `ajv._values`: grow at the same pace\n/);
    assert.doesNotMatch(text, /also by/);
  });

  it("shows as many suspects as asked for and counts the others", () => {
    const suspects = Array.from({ length: 7 }, (_, index) => fakeSuspect({ title: `Map number ${index + 1}` }));
    const text = render(fakeReport({ suspects }), { top: 2 });
    assert.match(text, /Map number 2/);
    assert.doesNotMatch(text, /Map number 3/);
    assert.match(text, /… 5 more suspects; --top 7 shows all/);
    assert.match(render(fakeReport({ suspects }), { top: 7 }), /Map number 7/);
  });

  it("says what one cycle adds, exactly where it comes out even", () => {
    const added = (perCycle: Suspect["growth"]["perCycle"], entryWord = "entries") => {
      const suspect = fakeSuspect();
      const report = fakeReport({ suspects: [{ ...suspect, growth: { ...suspect.growth, entryWord, perCycle } }] });
      return /a cycle +(.*)/.exec(render(report))?.[1];
    };
    const bytes = [1000, 1010];
    assert.equal(added({ bytes, entries: [20, 20], whole: true }), "adds exactly 20 entries: 1.0 kB");
    assert.equal(added({ bytes, entries: [1, 1], whole: true }), "adds exactly 1 entry: 1.0 kB");
    assert.equal(added({ bytes, entries: [1, 1], whole: true }, "listeners"), "adds exactly 1 listener: 1.0 kB");
    assert.equal(added({ bytes, entries: [20, 20], whole: false }), "adds 20 entries: 1.0 kB");
    assert.equal(added({ bytes: [500, 90], entries: [2, 1], whole: true }), "adds 2, then 1 entries: 500 B, then 90 B");
    assert.equal(added({ bytes, entries: [0.98, 0.99], whole: false }), "adds about 0.985 entries: 1.0 kB");
    assert.equal(added({ bytes, entries: null, whole: false }), "adds 1.0 kB");
    assert.equal(added({ bytes, entries: [0, 0], whole: true }), "adds 1.0 kB");
    assert.equal(added(null), undefined);
  });

  it("tells growth by the request where requests were the load, so that a cycle of many is no request", () => {
    const { growth } = fakeSuspect();
    const perCycle = { bytes: [160, 160], entries: [1, 1], whole: true };
    const report = fakeReport({ suspects: [fakeSuspect({ growth: { ...growth, perCycle } })] });
    const labels = (unit?: "request" | "run") => renderLeaks(report, { ...look, ...(unit && { unit }) });
    assert.match(labels("request"), /^ {5}a request {3}adds exactly 1 element: 160 B\n {5}held by {5}\(global\)/m);
    assert.match(labels("run"), /^ {5}a cycle {5}adds exactly/m);
    assert.match(labels(), /^ {5}a cycle {5}adds exactly/m);
  });

  it("says what is left after cleaning up", () => {
    const suspect = fakeSuspect({ verdict: "grew" });
    const growth = { ...suspect.growth, bytes: [52_100_000, -40_000_000], kept: 12_000_000 };
    const sentence = "leak: 1 holder keeps what the action made, after the clean-up";
    const printed = render(fakeReport({ cleanup: true, sentence, suspects: [{ ...suspect, growth }] }));
    assert.match(printed, /^ +1 {2}\+12\.0 MB {3}Array `listItems`/m);
    assert.match(printed, /elements; \+52\.1 MB, then -40\.0 MB: not cleaned up$/m);
    assert.match(
      render(noLeak({ cleanup: true })),
      /^Any holder that keeps 4\.1 kB or more of it would be named here\.$/m,
    );
  });

  it("lists what stopped growing apart, in short", () => {
    const suspects = [fakeSuspect(), ...Array.from({ length: 5 }, () => settledSuspect({ verdict: "decaying" }))];
    const text = render(fakeReport({ suspects }));
    assert.match(text, /also grew, but less and less\n/);
    assert.match(text, /… 2 more/);
    assert.doesNotMatch(text, /^ +2 {3}/m);
  });

  it("tells known leaks briefly, that they do not count, and which of them are gone", () => {
    const [known, gone] = ["timers-0123456789ab", "map-cache-000000000000"];
    const report = fakeReport({ suspects: [fakeSuspect({ title: "old timers", fingerprint: known }), fakeSuspect()] });
    const asked = (...names: string[]) => renderLeaks(report, { ...look, asked: { known: names } });
    const text = asked(known);
    assert.match(text, /steadily\n\nnote: 1 of these is known, and does not count\n\n {2}1 .*Array `listItems`/);
    assert.match(text, /\n\nknown, and not counted\n .* old timers\n/);
    assert.equal(text.match(/old timers/g)!.length, 1);
    const all = asked(known, fakeSuspect().fingerprint, gone);
    assert.match(all, /\nnote: all of these are known: nothing new leaks\n/);
    assert.match(all, new RegExp(`\\nnote: ${gone} was not found here; `));
    assert.doesNotMatch(asked(gone), /does not count|not counted/);
  });

  it("does not promise of numbers, of which only the room is known, that no more of them came", () => {
    const { growth } = settledSuspect();
    const room = { ...growth, entryCounts: [8192, 16_384, 16_384], entryWord: "entry slots" };
    const text = render(noLeak({ suspects: [settledSuspect({ growth: room })] }));
    assert.match(text, /16,384 entry slots; .*: settled, or\s+its\s+room\s+is\s+not\s+full\s+yet/s);
    assert.doesNotMatch(render(noLeak({ suspects: [settledSuspect()] })), /not full/);
  });

  it("says of modules that go on being loaded that each of them is loaded once", () => {
    const { growth } = settledSuspect();
    const [kind, verdict] = ["module-cache", "decaying"] as const;
    const loading = {
      kind,
      verdict,
      growth: { ...growth, bytes: [4000, 9000], entries: [4, 9], entryCounts: [9, 13, 22] },
    };
    const text = render(noLeak({ suspects: [settledSuspect(loading)] }));
    assert.match(text, /also grew, but not as leaks do\n/);
    assert.match(text, /then \+9\.0 kB: other files each time, and each of them\s+once/);
  });

  it("proposes commands with what was asked for this time", () => {
    const grown = twoSnapshots({ cycles: [250] });
    const text = renderLeaks(grown, {
      ...look,
      asked: { sourceRoot: "my app", minGrowth: 100_000, memory: "low", force: true },
    });
    assert.match(
      text,
      / {2}leakdiff a\S+ b\S+ third\.heapsnapshot --cycles 250 --min-growth 100000 --memory low --source-root 'my app' --force\n/,
    );
    assert.match(text, / {2}leakdiff retainers b\.heapsnapshot @13579 --source-root 'my app' --force\n/);
  });

  it("proposes none for what can be read only once", () => {
    const { snapshots } = fakeReport();
    for (const file of ["standard input", "/dev/fd/63", "/proc/self/fd/63"])
      assert.doesNotMatch(
        render(fakeReport({ snapshots: [...snapshots.slice(1), { ...snapshots[0]!, file }] })),
        /leakdiff retainers/,
      );
  });

  it("takes many snapshots without losing its shape", () => {
    const intervals = [1, 2, 3, 4, 5, 6, 7, 8].map((size) => size * 1000);
    const { growth } = fakeSuspect();
    const text = render(
      fakeReport({
        suspects: [fakeSuspect({ growth: { ...growth, bytes: intervals, entryCounts: [1, 2, 3, 4, 5, 6, 7, 8, 9] } })],
      }),
    );
    assert.match(text, /1 → 2 → 3 → … → 8 → 9 elements; \+1\.0 kB, then \+2\.0 kB, then \+3\.0 kB, then …/);
  });

  it("does without what a report does not know", () => {
    const bare = fakeSuspect({
      holder: { name: "", class: "Object", nodeId: 7, location: null, module: null },
      growth: {
        bytes: [100, 100],
        entries: null,
        entryCounts: null,
        entryWord: null,
        kept: null,
        perCycle: null,
        retained: [0, 100, 200],
      },
      leaked: { words: "", classes: [] },
      path: [],
      advice: "",
    });
    const text = render(fakeReport({ suspects: [bare], classes: [], snapshots: [] }));
    for (const label of ["at", "held by", "leaks", "such as", "fix"]) {
      assert.doesNotMatch(text, new RegExp(`^ +${label} `, "m"));
    }
    assert.match(text, /\+100 B, then \+100 B: growing/);
  });

  it("tells long paths apart by their ends", () => {
    const folder = "/var/lib/some/rather/long/path/of/a/folder/";
    const snapshots = fakeReport().snapshots.map((each) => ({ ...each, file: folder + each.file }));
    const text = render(fakeReport({ snapshots }), { columns: 60 });
    for (const name of ["1  …/path/of/a/folder/a.heapsnapshot ", "2  …/path/of/a/folder/b.heapsnapshot "])
      assert.ok(text.includes(name), text);
  });

  it("tells snapshots apart where there is hardly any room, and leaves the fingerprint in one piece", () => {
    const text = render(fakeReport(), { columns: 40 });
    for (const name of ["1  a ", "2  b ", "3  c "]) assert.ok(text.includes(`\n  ${name}`), text);
    assert.match(text, / id {10}@12345 ·\n +module-array-[\da-f]{12}\n/);
  });

  it("adds up what the heap grew by", () => {
    const text = render(
      fakeReport({
        totals: {
          growth: [1000, 500],
          suspects: [1200, 600],
          settled: [0, 0],
          leftOut: [0, 0],
          engine: [-300, 0],
          unexplained: [100, -100],
        },
      }),
    );
    assert.match(text, /heap grew 1\.5 kB = 1\.8 kB suspects \+ 0 B settled - 300 B engine \+ 0 B unexplained/);
    const { totals } = fakeReport();
    const few = render(fakeReport({ totals: { ...totals, leftOut: [100, 100], unexplained: [0, -200] } }));
    assert.match(few, /200 B left out by --min-growth\s+\+ .*engine\s+- 200 B\s+unexplained/);
    const shrunk = render(
      fakeReport({
        totals: { growth: [-500], suspects: [0], settled: [0], leftOut: [0], engine: [0], unexplained: [-500] },
      }),
    );
    assert.match(shrunk, /heap shrank: -500 B = 0 B suspects \+ 0 B settled \+ 0 B engine - 500 B unexplained/);
  });

  it("names the folder of sources in a note at its end where a variable's line is not known", () => {
    const without = fakeSuspect({ holder: { ...fakeSuspect().holder, location: null } });
    const report = fakeReport({ suspects: [fakeSuspect(), without] });
    assert.match(render(report), /\nnote: [^]*--source-root DIR[^]*\n$/);
    for (const text of [
      render(fakeReport()),
      renderLeaks(report, { ...look, asked: { sourceRoot: "." } }),
      render(fakeReport({ suspects: [{ ...without, holder: { ...without.holder, module: "node:net" } }] })),
      render(fakeReport({ suspects: [{ ...without, verdict: "settled" }] })),
    ])
      assert.doesNotMatch(text, /source-root DIR/);
  });

  it("tells alike holders of a list once, with their number", () => {
    const list = ["Set `a`, scope of f()", "Map `b`", "Set `a`, scope of f()", "Map `c`", "Map `d`", "Map `e`"];
    const text = render(fakeReport({ suspects: [fakeSuspect({ alsoHeldBy: list })] })).replace(/\s+/g, " ");
    assert.match(text, /also by Set `a`, scope of f\(\) \(2 of them\); Map `b`; Map `c` and 2 more: nothing is freed/);
  });

  it("offers the next command, with a file name that a shell takes", () => {
    const named = (file: string) => {
      const [first, ...rest] = fakeReport().snapshots;
      return render(fakeReport({ snapshots: [...rest, { ...first!, file }] })).match(/leakdiff retainers .*/)?.[0];
    };
    assert.equal(named("c.heapsnapshot"), "leakdiff retainers c.heapsnapshot @13579");
    assert.equal(named("my heap's.json"), String.raw`leakdiff retainers 'my heap'\''s.json' @13579`);
    assert.equal(named("-c"), "leakdiff retainers ./-c @13579");
    assert.equal(named("C:\\dumps\\c.heapsnapshot"), "leakdiff retainers C:\\dumps\\c.heapsnapshot @13579");
    assert.equal(named("-"), undefined);
  });
});
