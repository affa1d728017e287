import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { analyseHeap } from "#core/analysis/heap-analysis.js";
import type { Originals } from "#core/graph/originals.js";
import { componentPath } from "#core/suspects/growth/component-path.js";
import { NO_PATH } from "#core/suspects/naming/access-words.js";
import { graphOf } from "../../../support/graph-of.js";
import { SmallProgram } from "../../../support/small-program.js";

const originals: Originals = {
  place: () => null,
  isBundlers: () => false,
  privateField: (_script, _at, name) => (name === "#t" ? "#queries" : null),
  declaration: () => null,
  inRegister: () => null,
};

suite("what a component of React's has for a holder", () => {
  test("is told with the names that private fields have in the source", () => {
    const program = new SmallProgram("class Cache {}\nfunction Provider() {}\n", "/app/app.js");
    const { heap } = program;
    const queries = program.map();
    const cache = heap.object("Cache", { at: { scriptId: 7, line: 0, column: 0 } });
    heap.property(cache, "#t", queries);
    const type = program.variable("Provider", program.function("Provider", program.scope, 2));
    const props = program.object("Object", { value: cache });
    const fiber = program.object("FiberNode", { elementType: type, type, memoizedProps: props });
    heap.property(heap.global(), "__reactContainer$1a2b3c4d", fiber);
    const path = componentPath(analyseHeap({ ...graphOf(heap), originals }), NO_PATH, heap.row(queries), []);
    assert.equal(path?.expression, "value.#queries");
  });
});
