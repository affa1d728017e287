/**
 * The oracles: what reachability, distance, dominators and retained sizes *mean*, written down without any thought of
 * speed. Clever code is compared with them on small graphs.
 */
export interface SmallGraph {
  /** Nodes are 0 to nodeCount - 1; the root is node 0. */
  readonly nodeCount: number;
  readonly edges: readonly (readonly [from: number, to: number])[];
  /** node -> bytes of its own */
  readonly sizes: readonly number[];
}

/** The nodes that a path from the root leads to. `without`: a node no path may go through. */
export function reachable(graph: SmallGraph, without = -1): Set<number> {
  const found = new Set<number>();
  if (without !== 0) found.add(0);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [from, to] of graph.edges) if (found.has(from) && to !== without) found.add(to);
  }
  return found;
}

/** node -> number of edges on the shortest path from the root; Infinity where there is none. */
export function distances(graph: SmallGraph): number[] {
  const distance = Array.from({ length: graph.nodeCount }, (_, node) => (node === 0 ? 0 : Infinity));
  for (let round = 0; round < graph.nodeCount; round++) {
    for (const [from, to] of graph.edges) distance[to] = Math.min(distance[to]!, distance[from]! + 1);
  }
  return distance;
}

/** Those that cannot be reached any more once `node` is gone, and `node`. Nothing if it cannot be reached itself. */
export function dominatedBy(graph: SmallGraph, node: number): Set<number> {
  const before = reachable(graph);
  if (!before.has(node)) return new Set();
  const after = reachable(graph, node);
  return new Set([...before].filter((other) => !after.has(other)));
}

/**
 * node -> its immediate dominator: of all other nodes that dominate it, the one that dominates fewest. -1 for nodes out
 * of reach, and the root is its own.
 */
export function immediateDominators(graph: SmallGraph): number[] {
  const nodes = Array.from({ length: graph.nodeCount }, (_, node) => node);
  const dominated = nodes.map((node) => dominatedBy(graph, node));
  return nodes.map((node) => {
    if (node === 0) return 0;
    const dominators = nodes.filter((other) => other !== node && dominated[other]!.has(node));
    return dominators.reduce(
      (closest, other) => (closest < 0 || dominated[other]!.size < dominated[closest]!.size ? other : closest),
      -1,
    );
  });
}

/** node -> bytes that become free with it; 0 for nodes out of reach. */
export function retainedSizes(graph: SmallGraph): number[] {
  return Array.from({ length: graph.nodeCount }, (_, node) => {
    let sum = 0;
    for (const other of dominatedBy(graph, node)) sum += graph.sizes[other]!;
    return sum;
  });
}

/** What ids say of two snapshots of one process, each in ascending order. */
export function idDiff(
  earlier: Iterable<number>,
  later: Iterable<number>,
): { readonly born: number[]; readonly died: number[]; readonly survived: number[] } {
  const before = new Set(earlier);
  const after = new Set(later);
  const ascending = (ids: number[]): number[] => ids.sort((a, b) => a - b);
  return {
    born: ascending([...after].filter((id) => !before.has(id))),
    died: ascending([...before].filter((id) => !after.has(id))),
    survived: ascending([...after].filter((id) => before.has(id))),
  };
}
