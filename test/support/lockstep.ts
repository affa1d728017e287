import { readFileSync } from "node:fs";

/** A node of one snapshot, and what stands at the same place in another. */
export interface SamePlace {
  readonly type: string;
  readonly name: string;
  readonly id: number;
  readonly otherId: number;
}

interface File {
  readonly snapshot: { readonly meta: Meta };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}
interface Meta {
  readonly node_fields: readonly string[];
  readonly node_types: readonly [readonly string[], ...unknown[]];
  readonly edge_fields: readonly string[];
  readonly edge_types: readonly [readonly string[], ...unknown[]];
}

/**
 * Walks through two snapshots at once, from the root along edges that have names and are the only ones of their name, and
 * returns what is of the same type and name at both ends of the same way. Reads the files by itself: no code of leakdiff's
 * is asked what is the same.
 */
export function samePlaces(file: string, other: string): SamePlace[] {
  const [a, b] = [new Heap(file), new Heap(other)];
  const found: SamePlace[] = [];
  const seen = new Set([0]);
  const waiting: [number, number][] = [[0, 0]];
  for (const [here, there] of waiting) {
    const others = b.namedEdges(there);
    for (const [name, node] of a.namedEdges(here)) {
      const twin = others.get(name) ?? SEVERAL;
      if (node === SEVERAL || twin === SEVERAL || seen.has(node)) continue;
      seen.add(node);
      if (a.type(node) !== b.type(twin) || a.name(node) !== b.name(twin)) continue;
      found.push({ type: a.type(node), name: a.name(node), id: a.id(node), otherId: b.id(twin) });
      waiting.push([node, twin]);
    }
  }
  return found;
}

const SEVERAL = -1;

class Heap {
  readonly #file: File;
  readonly #firstEdge: Uint32Array;

  constructor(file: string) {
    this.#file = JSON.parse(readFileSync(file, "utf8")) as File;
    const { nodes, snapshot } = this.#file;
    const stride = snapshot.meta.node_fields.length;
    const count = snapshot.meta.node_fields.indexOf("edge_count");
    this.#firstEdge = new Uint32Array(nodes.length / stride + 1);
    for (let node = 0; node < nodes.length / stride; node++)
      this.#firstEdge[node + 1] = this.#firstEdge[node]! + nodes[node * stride + count]!;
  }

  type(node: number): string {
    return this.#file.snapshot.meta.node_types[0][this.#field(node, "type")]!;
  }

  name(node: number): string {
    return this.#file.strings[this.#field(node, "name")]!;
  }

  id(node: number): number {
    return this.#field(node, "id");
  }

  /** Kind and name of an edge -> its node, or SEVERAL. */
  namedEdges(node: number): Map<string, number> {
    const { edges, strings, snapshot } = this.#file;
    const { edge_fields: fields, edge_types: types, node_fields: nodeFields } = snapshot.meta;
    const targets = new Map<string, number>();
    for (let edge = this.#firstEdge[node]!; edge < this.#firstEdge[node + 1]!; edge++) {
      const at = edge * fields.length;
      const type = types[0][edges[at]!]!;
      if (/^(?:element|hidden|weak)$/.test(type)) continue;
      const name = `${type} ${strings[edges[at + 1]!]}`;
      targets.set(name, targets.has(name) ? SEVERAL : edges[at + 2]! / nodeFields.length);
    }
    return targets;
  }

  #field(node: number, field: string): number {
    const fields = this.#file.snapshot.meta.node_fields;
    return this.#file.nodes[node * fields.length + fields.indexOf(field)]!;
  }
}
