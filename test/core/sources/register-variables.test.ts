import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import { promisify } from "node:util";
import { analyseHeap, withOriginals } from "#core/analysis/heap-analysis.js";
import { buildGraph } from "#core/graph/build-graph.js";
import type { RegisterFacts } from "#core/graph/originals.js";
import { nodeText } from "#core/graph/v8-names.js";
import { callOfGenerator, scopeOfCall } from "#core/graph/waiting-calls.js";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import { ScopeSearch } from "#core/sources/scope-search.js";
import { openSources } from "#core/sources/source-files.js";
import { TextLines } from "#core/sources/text-lines.js";
import { declaredInRegister } from "#core/suspects/naming/declared-paths.js";
import { withFolder } from "../../support/folder.js";
import { plainEnvironment } from "../../support/real-snapshots.js";

// Each class is called by the variable that its only instance is in, so that the program says what is right.
const PROGRAM = `
import { writeHeapSnapshot } from "node:v8";
import { setTimeout as sleep } from "node:timers/promises";
const park = () => sleep(60_000);
const made = (name) => new { [name]: class {} }[name]();
class a {} class b {} class c {} class d {} class e {} class f {} class g {} class h {}
const use = (...values) => values.length;
const functions = {
  async plain(x, y) { const at = new a(), bt = new b(); let ct = new c(); await park(); use(at, bt, ct, x, y); },
  async besideClosures(x) { const at = new a(); const bt = new b(); const look = () => bt; const ct = new c();
    { const dt = new d(); const et = new e(); const see = () => dt; await park(); use(look, see, et); } use(at, ct, x); },
  async blocks() { const at = new a(); { const bt = new b(); await sleep(1); use(bt); }
    { const ct = new c(); { const dt = new d(); await park(); use(dt); } use(ct); } use(at); },
  async overList() { const at = new a(); for (const dt of [new d()]) { const bt = new b(); await park(); use(bt, dt); }
    const ct = new c(); use(at, ct); },
  async overLists() { const at = new a(); for (const dt of [new d()]) for (const et of [new e()]) { const bt = new b();
    await park(); use(at, bt, dt, et); } },
  async withVar() { const at = new a(); for (var dt of [new d()]) { const bt = new b(); await park(); use(bt, dt); } use(at); },
  async ofPattern() { const at = new a(); for (const { dt, et } of [{ dt: new d(), et: new e() }]) { const bt = new b();
    await park(); use(bt, dt, et); } use(at); },
  async overKeys() { const at = new a(); for (const key in { x: 1 }) { const bt = new b(); await park(); use(bt, key); } use(at); },
  async counting() { const at = new a(); for (let dt = new d(), et = new e(); ; ) { const bt = new b(); await park(); use(at, bt, dt, et); } },
  async awaiting() { const at = new a(); for await (const dt of [new d()]) { const bt = new b(); await park(); use(bt, dt); } use(at); },
  async caught() { const at = new a(); try { throw new d(); } catch (dt) { const bt = new b(); await park(); use(dt, bt); } use(at); },
  async tried() { const at = new a(); try { const bt = new b(); await park(); use(bt); } finally { const ct = new c(); use(ct); } use(at); },
  async chosen(x = 1) { const at = new a(); switch (typeof x) { case "object": { const bt = new b(); await park(); use(bt); }
    default: const ct = new c(); use(ct); } const dt = new d(); use(at, dt); },
  async patterns({ dt }, [et] = [new e()], ft = new f(), ...rest) { const at = new a(); await park(); use(at, dt, et, ft, rest); },
  async unused() { const at = new a(); const bt = new b(); let never; var nothing; function inner() {} const ct = new c(); await park(); use(at, ct); },
  async hoisted() { if (true) { var at = new a(); const bt = new b(); var ct = new c(); await park(); use(at, bt, ct); } },
  async classes() { class Inner {} const at = new a(); function helper() {} const bt = new b(); await park(); use(at, bt, helper, Inner); },
  async taken() { const { at, bt } = { at: new a(), bt: new b() }, [ct] = [new c()]; const dt = new d(); await park(); use(at, bt, ct, dt); },
  async labelled() { const at = new a(); outer: for (;;) { const bt = new b(); while (true) { const ct = new c(); await park(); use(bt, ct); break outer; } } use(at); },
  async withArguments() { const at = new a(); const n = arguments.length; const bt = new b(); await park(); use(at, bt, n); },
  arrow: async (x, y) => { const at = new a(); { const bt = new b(); await park(); use(bt); } use(at, x, y); },
  arrowOfPattern: async (x, { dt } = { dt: new d() }) => { const at = new a(); await park(); use(at, dt, x); },
  one: async x => { const at = new a(); await park(); use(at, x); },
  expression: async function loop(n) { const at = new a(); await park(); use(at, n, loop); },
  *generated() { const at = new a(); for (const dt of [new d()]) { yield dt; } use(at); },
  async *generatedLater() { const at = new a(); for await (const dt of [new d()]) { const bt = new b(); yield bt; use(dt); } use(at); },
};
const waiting = Object.values(functions).map((each) => each({ dt: new g() }, [new h()]));
for (const each of waiting) each.next?.();
export const shared = new g();
const at = new a(), later = functions.plain, bt = new b();
setTimeout(() => { writeHeapSnapshot(process.argv[2]); process.exit(0); }, 50);
await park();
use(at, later, bt, waiting);
`;

/** The variable in a register of the function whose parameters begin at `|` in a text; `holds`: by register. */
function named(
  marked: string,
  register: number,
  holds: Record<number, string>,
  more: Partial<RegisterFacts> = {},
): string {
  const at = marked.indexOf("|");
  const lines = new TextLines(marked.replace("|", ""));
  const search = new ScopeSearch(lines);
  const facts: RegisterFacts = {
    begins: at < 0 ? null : lines.place(at),
    functionName: "",
    captured: [],
    holds: new Map(Object.entries(holds).map(([key, value]) => [Number(key), value])),
    generator: 0,
    ...more,
  };
  const offset = search.inRegister(register, facts, lines.text.endsWith("/* cut"));
  return offset < 0 ? "?" : search.nameAt(offset);
}

/** "function: variables" of the program, as they are found in a snapshot of it; `!` before one that is not right. */
async function namesFound(folder: string): Promise<string[]> {
  const snapshot = join(folder, "a.heapsnapshot");
  await promisify(execFile)(process.execPath, [join(folder, "program.mjs"), snapshot], { env: plainEnvironment() });
  const heap = withOriginals(analyseHeap(buildGraph(await readSnapshot(snapshot))), await openSources(folder));
  const { graph } = heap;
  const lines: string[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    const call = callOfGenerator(graph, node);
    const scope = call === null ? null : scopeOfCall(heap, call);
    if (call === null || scope === null || !scope.file.endsWith("program.mjs")) continue;
    const found = new Set<string>();
    for (let edge = graph.firstEdge[call.registers]!; edge < graph.firstEdge[call.registers + 1]!; edge++) {
      const wanted = nodeText(graph, graph.edgeTarget[edge]!);
      if (!/^[a-f]$/.test(wanted)) continue;
      const name = declaredInRegister(heap, call, scope, graph.strings.text(graph.edgeName[edge]!))?.position.name;
      if (name !== undefined && name !== null) found.add(name === `${wanted}t` ? name : `!${name} for ${wanted}`);
    }
    lines.push(`${scope.kind === "module" ? "the file" : scope.functionName}: ${[...found].sort().join(" ")}`);
  }
  return lines.sort();
}

suite("variables of calls that wait", () => {
  test("are named in a snapshot of a real program, and none by the name of another", async () => {
    await withFolder({ "program.mjs": PROGRAM }, async (folder) => {
      assert.deepEqual(await namesFound(folder), [
        "arrow: at bt",
        "arrowOfPattern: at",
        "awaiting: at bt dt",
        "besideClosures: at ct et",
        "blocks: at bt ct dt",
        "caught: at bt",
        "chosen: at bt",
        "classes: at bt",
        "counting: at bt dt et",
        "generated: at dt",
        "generatedLater: at bt dt",
        "hoisted: at bt ct",
        "labelled: at bt ct",
        "loop: at",
        "ofPattern: at bt dt et",
        "one: at",
        "overKeys: at bt",
        "overList: at bt dt",
        "overLists: at bt dt et",
        "patterns: at ft",
        "plain: at bt ct",
        "taken: at bt ct dt",
        "the file: at bt",
        "tried: at bt",
        "unused: at bt ct",
        "withArguments: at bt",
        "withVar: at bt dt",
      ]);
    });
  });

  test("are told by their places only where what the registers hold agrees", () => {
    const text = "async function f|() { const rows = await load(), seen = new Map(), list = []; await 1; }";
    assert.equal(named(text, 2, { 1: "Object", 2: "Map", 3: "Array" }), "seen");
    assert.equal(named(text, 1, { 1: "Object", 2: "Map", 3: "Array" }), "rows");
    assert.equal(named(text, 1, { 1: "Object", 2: "Array", 3: "Map" }), "?", "others stand elsewhere");
    assert.equal(named(text, 1, { 1: "Object" }), "?", "nothing stands for it");
    assert.equal(named(text, 2, { 2: "Array" }), "?");
    assert.equal(named(text, 9, { 2: "Map" }), "?");
    const called = "async function f|() { const bus = new Bus().limit(3), rows = [].concat(x); await 1; }";
    assert.equal(named(called, 1, { 1: "Bus", 2: "Set" }), "bus");
    assert.equal(named(called, 2, { 1: "Other", 2: "Set" }), "?");
  });

  test("of a module are those that it does not share", () => {
    const text = `import x, { y as z } from "m"; export const open = [], all = new Set(); const seen = new Map(), log = [];
      export async function run() {} function local() {} await local;`;
    assert.equal(named(text, 1, { 1: "Map", 2: "Array" }), "seen");
    assert.equal(named(text, 3, { 1: "Map", 2: "Array", 3: "function local" }), "local");
    assert.equal(named(text, 1, { 1: "Map", 2: "Set" }, { captured: ["seen"] }), "?");
  });

  test("that the known part of a text declares are told of the function itself, not of its blocks", () => {
    const text = "async function f|(first, second) { const seen = new Map(); { const inner = []; /* cut";
    const holds = { 0: "Array", 3: "Map", 4: "Array" };
    assert.equal(named(text, 1, holds, { generator: 2 }), "second");
    assert.equal(named(text, 3, holds, { generator: 2 }), "seen");
    assert.equal(named(text, 4, holds, { generator: 2 }), "?");
  });

  test("are looked for in time, whatever the text is", () => {
    const deep = `async function f|() { const seen = new Map(); ${"{ let a = []; ".repeat(20_000)}`;
    assert.equal(named(deep, 1, { 1: "Map" }), "seen");
    const wide = `async function f|(${"a, ".repeat(20_000)}b) { ${"var c; ".repeat(20_000)} const seen = new Map();`;
    assert.equal(named(wide, 20_000, {}), "b");
    assert.equal(named(wide, 60_000, {}, { generator: 20_001 }), "?");
    assert.equal(named(`async function f|(${"(".repeat(50_000)}`, 3, {}), "?");
    assert.equal(named(`var ${"a = 1, ".repeat(50_000)} b = []; await 1;`, 3, { 50_001: "Array" }), "a");
  });
});
