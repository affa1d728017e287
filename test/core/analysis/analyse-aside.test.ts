import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { analyseAside } from "#core/analysis/analyse-aside.js";
import { analyseHeap } from "#core/analysis/heap-analysis.js";
import { ColumnAside, ColumnsGoingAside } from "#core/graph/columns-aside.js";
import { temporaryFile } from "#core/temporary-file.js";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf } from "../../support/graph-of.js";

test("a heap whose columns are put aside on the way comes out as one that is kept in memory", () => {
  const file = temporaryFile()!;
  fc.assert(
    fc.property(arbitraryHeap(), fc.boolean(), (sketch, isKept) => {
      const kept = analyseHeap(graphOf(built(sketch)));
      const descriptor = isKept ? null : file.descriptor;
      const aside = new ColumnsGoingAside(descriptor);
      const { retaining, layouts, groups } = analyseAside(graphOf(built(sketch)), aside);
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
