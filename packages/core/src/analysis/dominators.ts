import type { Retainers } from "../graph/retainers.js";
import type { DepthFirstOrder } from "./depth-first.js";

/**
 * Immediate dominators by semi-NCA (Georgiadis and Tarjan, "Finding Dominators Revisited", SODA 2004): Lengauer and
 * Tarjan's semidominators with simple path compression, then the nearest common ancestor by walking up from the parent.
 * Works on depth-first numbers, so that the columns are walked nearly in order.
 * @returns depth-first number -> number of the immediate dominator; the root is its own
 */
export function dominatorNumbers(order: DepthFirstOrder, incoming: Retainers): Uint32Array {
  const { number, node, parent } = order;
  const { firstRetainer, retainer } = incoming;
  const count = node.length;
  const semi = new Uint32Array(count);
  const label = new Uint32Array(count); // the node of least semidominator on the compressed way up
  const ancestor = parent.slice(); // the forest of finished nodes; unfinished ones are its roots
  const stack = new Uint32Array(count);
  for (let w = 0; w < count; w++) semi[w] = label[w] = w;

  for (let w = count - 1; w > 0; w--) {
    const at = node[w]!;
    const end = firstRetainer[at + 1]!;
    let row = firstRetainer[at]!;
    // A node that nothing retains is taken as the root's.
    let least = row === end ? 0 : w;
    for (; row < end; row++) {
      let v = number[retainer[row]!]!;
      if (v > w) {
        // Compress the way from v up to the last finished node, then ask for the least semidominator on it.
        let depth = 0;
        let x = v;
        while (ancestor[x]! > w) {
          stack[depth++] = x;
          x = ancestor[x]!;
        }
        let best = label[x]!;
        const top = ancestor[x]!;
        while (depth > 0) {
          const y = stack[--depth]!;
          if (semi[best]! < semi[label[y]!]!) label[y] = best;
          else best = label[y]!;
          ancestor[y] = top;
        }
        v = semi[best]!;
      }
      if (v < least) least = v;
    }
    semi[w] = least;
  }

  const dominator = parent.slice();
  for (let w = 1; w < count; w++) {
    let candidate = dominator[w]!;
    const limit = semi[w]!;
    while (candidate > limit) candidate = dominator[candidate]!;
    dominator[w] = candidate;
  }
  return dominator;
}
