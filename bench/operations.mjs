// One operation of a peer, or of a part of leakdiff, as a process: node bench/operations.mjs NAME FILE...
import { createReadStream } from "node:fs";

const [name, ...files] = process.argv.slice(2);

const toolkit = async () => import("heap-snapshot-toolkit");
const parsed = async (file) => (await toolkit()).parse(createReadStream(file, "utf8"));

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
    const { readSnapshot } = await import("../packages/core/dist/parse/read-snapshot.js");
    let nodes = 0;
    for (const file of files) nodes += (await readSnapshot(file)).nodeCount;
    return nodes;
  },
  /** The same without WebAssembly: as it comes through a pipe. */
  async "parse-plain"() {
    const { readSnapshot } = await import("../packages/core/dist/parse/read-snapshot.js");
    let nodes = 0;
    for (const file of files)
      nodes += (await readSnapshot(createReadStream(file, { highWaterMark: 1 << 20 }))).nodeCount;
    return nodes;
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
