import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { analyseAside } from "#core/analysis/analyse-aside.js";
import { belongings } from "#core/analysis/belongings.js";
import { analyseHeap } from "#core/analysis/heap-analysis.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { ColumnAside, ColumnsGoingAside } from "#core/graph/columns-aside.js";
import { temporaryFile } from "#core/temporary-file.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";

/** Where another thread finds out where nodes belong: nowhere, or one that does, or one that is lost. */
const ELSEWHERE = [() => undefined, async (graph: HeapGraph) => belongings(graph), () => Promise.reject(new Error())];

test("a heap whose columns are put aside on the way comes out as one that is kept in memory", async () => {
  const file = temporaryFile()!;
  const elsewhere = fc.constantFrom(...ELSEWHERE);
  await fc.assert(
    fc.asyncProperty(arbitraryHeap(), fc.boolean(), elsewhere, async (sketch, isKept, sorted) => {
      const kept = analyseHeap(graphOf(built(sketch)));
      const descriptor = isKept ? null : file.descriptor;
      const aside = new ColumnsGoingAside(descriptor);
      const graph = graphOf(built(sketch));
      const { retaining, layouts, groups } = await analyseAside(graph, aside, {}, sorted(graph));
      assert.deepEqual(retaining, kept.retaining);
      assert.deepEqual(layouts, kept.layouts);
      const { of: groupOf, ...rest } = kept.groups;
      assert.deepEqual(groups, rest);
      const { nodeType, nodeName, nodeId, selfSize, firstEdge, detached, edgeType, edgeName, edgeTarget } = kept.graph;
      const ofGraph = {
        nodeType,
        nodeName,
        nodeId,
        selfSize,
        firstEdge,
        detached: detached!,
        edgeType,
        edgeName,
        edgeTarget,
      };
      const { owner, ownedSize, dominator, retainedSize } = kept;
      const expected = { ...ofGraph, owner, ownedSize, dominator, retainedSize, groupOf };
      assert.deepEqual(Object.keys(aside.columns).sort(), Object.keys(expected).sort());
      for (const [name, column] of Object.entries(expected))
        assert.deepEqual(new ColumnAside(descriptor, aside.columns[name]!).rows, column, name);
    }),
  );
  file.remove();
});
