import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { analyseHeap } from "#core/analysis/heap-analysis.js";
import { compareHeaps } from "#core/compare-heaps.js";
import { buildGraph } from "#core/graph/build-graph.js";
import type { HeapGraph } from "#core/graph/heap-graph.js";
import { readSnapshot } from "#core/parse/read-snapshot.js";
import { snapshotsOf } from "../../support/real-snapshots.js";
import { shuffled } from "../../support/shuffled.js";

/** What a report says of its suspects, apart from samples, of which there may be others as good. */
async function saidOf(graphs: readonly HeapGraph[]): Promise<unknown[]> {
  const { suspects } = await compareHeaps(graphs.map((graph) => analyseHeap(graph)));
  return suspects.map(({ verdict, kind, title, fingerprint, growth, alsoHeldBy, growAlong }) => [
    [verdict, kind, title, fingerprint],
    [growth.bytes, growth.entryCounts, alsoHeldBy, growAlong],
  ]);
}

suite("in whatever order V8 has the nodes in memory", () => {
  for (const name of ["kept-with-it", "clean-cache-with-room"])
    test(`the report on ${name} says the same`, async () => {
      const { files } = await snapshotsOf(name);
      const graphs: HeapGraph[] = [];
      for (const file of files) graphs.push(buildGraph(await readSnapshot(file)));
      const said = await saidOf(graphs);
      assert.deepEqual(await saidOf(graphs.map((graph, seed) => shuffled(graph, seed))), said);
    });
});
