import assert from "node:assert/strict";
import { test } from "node:test";
import { heldByDevTools } from "#core/graph/devtools-handles.js";
import { graphOf } from "../../support/graph-of.js";
import { SmallProgram, reportAfter } from "../../support/small-program.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";
import { times } from "../../support/suspects.js";

test("what the inspector holds is told by the label of its handles", () => {
  const heap = new SnapshotBuilder();
  const handles = heap.subroot("(Global handles)");
  const [logged, native, mine] = [heap.object("Order"), heap.object("Socket"), heap.object("Mine")];
  heap.native("HTMLDocument");
  heap.internal(handles, "12 / DevTools console", logged).internal(handles, "13", native);
  heap.property(heap.global(), "12 / DevTools console", mine);
  assert.deepEqual([...heldByDevTools(graphOf(heap))], [logged]);
});

test("a page that logs objects leaks nothing, though DevTools keeps them while it is open", async () => {
  const program = new SmallProgram();
  const { heap } = program;
  const handles = heap.subroot("(Global handles)");
  heap.property(heap.global(), "document", heap.native("HTMLDocument"));
  const report = await reportAfter(program, (round) =>
    times(40, (i) => heap.internal(handles, `${round * 40 + i} / DevTools console`, program.object("Order", {}, 400))),
  );
  assert.equal(report.verdict, "no-leak", report.sentence);
});
