// One operation of a peer, or of a part of leakdiff, as a process: node bench/operations.mjs NAME FILE...
import { createReadStream } from "node:fs";

const [name, ...files] = process.argv.slice(2);

const toolkit = async () => import("heap-snapshot-toolkit");
const parsed = async (file) => (await toolkit()).parse(createReadStream(file, "utf8"));

const core = (file) => import(`../packages/core/dist/${file}`);
const graphOf = async (file) => {
  const [{ readSnapshot }, { buildGraph }] = [await core("parse/read-snapshot.js"), await core("graph/build-graph.js")];
  return buildGraph(await readSnapshot(file));
};

const OPERATIONS = {
  /** The bytes, and nothing else. */
  async read() {
    let bytes = 0;
    for (const file of files)
      for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) bytes += chunk.length;
    return bytes;
  },
  /** Into columns, and nothing else. */
  async parse() {
    const { readSnapshot } = await core("parse/read-snapshot.js");
    let nodes = 0;
    for (const file of files) nodes += (await readSnapshot(file)).nodeCount;
    return nodes;
  },
  /** The same without WebAssembly: as it comes through a pipe. */
  async "parse-plain"() {
    const { readSnapshot } = await core("parse/read-snapshot.js");
    let nodes = 0;
    for (const file of files)
      nodes += (await readSnapshot(createReadStream(file, { highWaterMark: 1 << 20 }))).nodeCount;
    return nodes;
  },
  /** Into columns, then all that is known of one heap by itself. */
  async analyse() {
    const [{ analyseHeap }, graph] = [await core("analysis/heap-analysis.js"), await graphOf(files[0])];
    return analyseHeap(graph).retaining.count;
  },
  /** The same without WebAssembly behind the reading: with each column in a buffer of its own. */
  async "analyse-plain"() {
    const [{ analyseHeap }, { movedOut }] = [await core("analysis/heap-analysis.js"), await core("parse/columns.js")];
    const graph = await graphOf(files[0]);
    const moved = Object.entries(graph).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value) ? movedOut(value) : value,
    ]);
    return analyseHeap(Object.fromEntries(moved)).retaining.count;
  },
  async "toolkit-summary"() {
    const snapshot = await parsed(files[0]);
    return Object.keys(snapshot.getAggregatesByClassKey(true, "allObjects")).length;
  },
  async "toolkit-diff"() {
    const { diff } = await toolkit();
    const [before, after] = [await parsed(files[0]), await parsed(files[1])];
    return Object.keys(await diff(before, after)).length;
  },
};

console.log(await OPERATIONS[name]());
