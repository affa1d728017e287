// Small random heaps of everything V8 writes, and of much it does not: cycles, islands, edges between whatever.
import fc from "fast-check";
import { type NodeRow, SnapshotBuilder } from "./snapshot-builder.js";

/** A heap as plain values: fast-check prints it when a property fails, and makes it smaller. Node 0 is the root. */
export interface Sketch {
  /** The nodes behind the root. */
  readonly nodes: readonly SketchedNode[];
  readonly edges: readonly SketchedEdge[];
  /** Entries of WeakMaps: V8 writes one edge to the value from the key, and one from the table. */
  readonly weakMapEntries: readonly { readonly key: number; readonly table: number; readonly value: number }[];
}

export interface SketchedNode {
  readonly type: string;
  readonly name: string;
  readonly size: number;
  readonly detachedness: number;
  readonly line: number | undefined;
}

export interface SketchedEdge {
  readonly from: number;
  readonly type: string;
  readonly name: string;
  readonly to: number;
}

const NODE_TYPES = (
  "object,object,object,array,array,hidden,closure,string,native,synthetic,code,regexp,number," +
  "concatenated string,sliced string,symbol,bigint,object shape"
).split(",");
const NODE_NAMES = (
  'Object,Object,Object,A,B,,<div id="a">,<p>,(Document DOM trees),(map descriptors),' +
  "system / NativeContext,system / ExternalStringData"
).split(",");
const EDGE_TYPES = ["property", "property", "property", "element", "internal", "hidden", "context", "shortcut", "weak"];
const EDGE_NAMES = ["a", "b", "c", "d", "", "4", "5", "__proto__", "elements", "sloppy_function_map", 'q"', "x,y"];

/** Heaps of at most `most` nodes behind the root. */
export function arbitraryHeap(most = 12): fc.Arbitrary<Sketch> {
  const node = fc
    .record({
      type: fc.constantFrom(...NODE_TYPES),
      name: fc.constantFrom(...NODE_NAMES),
      size: fc.oneof(fc.nat(64), fc.constant(0)),
      detachedness: fc.nat(2),
      line: fc.option(fc.nat(2), { nil: undefined }),
    })
    // V8 15 writes its own objects as native, where leakdiff and DevTools differ on purpose.
    .map((made) =>
      made.name === "system / NativeContext" && made.type === "native" ? { ...made, type: "hidden" } : made,
    )
    // Only elements of a document know whether they are in it.
    .map((made) => (made.name.startsWith("system /") ? { ...made, detachedness: 0 } : made));
  return fc.array(node, { maxLength: most }).chain((nodes) => {
    const any = fc.nat(nodes.length);
    const edge = fc.record({
      from: any,
      type: fc.constantFrom(...EDGE_TYPES),
      name: fc.constantFrom(...EDGE_NAMES),
      to: any,
    });
    const arrays = nodes.flatMap(({ type }, i) => (type === "array" ? [i + 1] : []));
    const others = nodes.flatMap(({ type }, i) => (type === "array" ? [] : [i + 1]));
    const entries =
      arrays.length === 0 || others.length === 0
        ? fc.constant([])
        : fc.array(fc.record({ key: fc.constantFrom(...others), table: fc.constantFrom(...arrays), value: any }), {
            maxLength: 3,
          });
    return fc.record({
      nodes: fc.constant(nodes),
      edges: fc.array(edge, { maxLength: 4 * nodes.length }).map(withoutRepeatsFromRoot),
      weakMapEntries: entries,
    });
  });
}

// V8's root refers to nothing twice; what DevTools does of such a file is an accident.
function withoutRepeatsFromRoot(edges: readonly SketchedEdge[]): SketchedEdge[] {
  return edges.filter(
    (edge, i) => edge.from !== 0 || !edges.slice(0, i).some((other) => other.from === 0 && other.to === edge.to),
  );
}

/** Builds what was sketched; rows and ids are in the sketch's order. */
export function built(sketch: Sketch): SnapshotBuilder {
  const heap = new SnapshotBuilder();
  for (const { line, ...node } of sketch.nodes) {
    const at = line === undefined ? {} : { at: { scriptId: 5, line, column: 1 } };
    heap.node(node.type, node.name, { size: node.size, detachedness: node.detachedness, ...at });
  }
  for (const { from, type, name, to } of sketch.edges)
    heap.edge(type, from, type === "element" || type === "hidden" ? name.length : name, to);
  sketch.weakMapEntries.forEach((entry, i) => addWeakMapEntry(heap, { ...entry, counter: i + 1 }));
  return heap;
}

/** One entry of a WeakMap. `counter`: how many came before it; `inName`: stands in the key's name. */
export interface WeakMapEntry {
  readonly key: NodeRow;
  readonly table: NodeRow;
  readonly value: NodeRow;
  readonly counter: number;
  readonly inName?: string;
}

/** Adds what V8 writes for one entry of a WeakMap. */
export function addWeakMapEntry(heap: SnapshotBuilder, entry: WeakMapEntry): void {
  const { key, table, value, counter, inName = "" } = entry;
  const text =
    `part of key (K${inName} @${heap.id(key)}) -> value (V @${heap.id(value)}) ` +
    `pair in WeakMap (table @${heap.id(table)})`;
  heap.internal(key, `${counter} / ${text}`, value);
  heap.internal(table, `${counter + 7} / ${text}`, value);
}
