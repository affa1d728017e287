import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareHeaps } from "#core/compare-heaps.js";
import type { CompareOptions } from "#core/compare-options.js";
import type { LeakReport } from "#core/report/leak-report.js";
import type { NodeRow } from "../../../support/snapshot-builder.js";
import { heapsAfter, SmallProgram } from "../../../support/small-program.js";
import { onlyLeak } from "../../../support/suspects.js";

/** Three rounds of entries put somewhere; each is given a number of its own. */
function reportOf(
  program: SmallProgram,
  put: (number: number) => unknown,
  options: CompareOptions = { showStrings: true },
): Promise<LeakReport> {
  let number = 0;
  const round = (): void => {
    for (let i = 0; i < 40; i++) put(number++);
  };
  return compareHeaps(heapsAfter(program.heap, 3, round), options);
}

const page = (program: SmallProgram, number: number): NodeRow => {
  const html = program.heap.string(`<h1>${number}</h1>`.padEnd(500, "x"), { size: 512 });
  return program.object("Page", {
    html,
    meta: program.object("Meta", { mail: program.heap.string(`${number}@mail`) }),
  });
};

suite("texts of the heap", () => {
  test("are in no report that was not asked for them", async () => {
    const program = new SmallProgram();
    const pages = program.variable("pages", program.array());
    const report = await reportOf(program, (i) => program.push(pages, page(program, i)), {});
    assert.equal(onlyLeak(report).texts, null);
    assert.doesNotMatch(JSON.stringify(report), /<h1>|@mail/);
  });

  test("are those of what leaks, with the way to them, and cut", async () => {
    const program = new SmallProgram();
    const pages = program.variable("pages", program.array());
    const { texts } = onlyLeak(await reportOf(program, (i) => program.push(pages, page(program, i))));
    assert.deepEqual(
      texts!.slice(0, 2).map(({ of, text }) => [of, text.slice(0, 12), text.length]),
      [
        [".html", "<h1>109</h1>", 200],
        [".meta.mail", "109@mail", 8],
      ],
    );
  });

  test("are keys of Maps and of dictionaries", async () => {
    const withMap = new SmallProgram();
    const map = withMap.variable("pages", withMap.map());
    const ofMap = await reportOf(withMap, (i) => withMap.add(map, withMap.heap.string(`/page/${i}`), page(withMap, i)));
    assert.deepEqual(onlyLeak(ofMap).texts![0], { of: "key", text: "/page/109" });
    const withObject = new SmallProgram();
    const object = withObject.variable("pages", withObject.object("Object"));
    const ofObject = await reportOf(withObject, (i) =>
      withObject.heap.property(object, `/page/${i}`, page(withObject, i)),
    );
    assert.deepEqual(onlyLeak(ofObject).texts![0], { of: "key", text: "/page/109" });
  });

  test("are keys in the name of the holder", async () => {
    const program = new SmallProgram();
    const tenants = program.object("Object");
    const log = program.array();
    program.variable("tenants", tenants);
    program.heap.property(tenants, "acme@example.com", program.object("Tenant", { log }));
    const leak = onlyLeak(await reportOf(program, (i) => program.push(log, page(program, i))));
    assert.match(leak.title, /`tenants\[…\]\.log`/);
    assert.deepEqual(leak.texts![0], { of: "[…]", text: "acme@example.com" });
  });

  test("are put together where V8 has not done so yet", async () => {
    const program = new SmallProgram();
    const { heap } = program;
    const lines = program.variable("lines", program.array());
    const report = await reportOf(program, (i) => {
      const whole = heap.node("concatenated string", "(concatenated string)", { size: 300 });
      const [first, second] = [heap.string(`line ${i}, `), heap.string("and more")];
      program.push(lines, whole);
      heap.internal(whole, "first", first).internal(whole, "second", second);
    });
    assert.deepEqual(onlyLeak(report).texts![0], { of: "value", text: "line 109, and more" });
  });
});
