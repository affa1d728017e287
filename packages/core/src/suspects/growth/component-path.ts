import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import { edgeNameText, sourceOf } from "../../graph/edges-of.js";
import { NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { eachRetainer } from "../../graph/incoming.js";
import { EdgeType } from "../../graph/v8-types.js";
import { type AccessPath, join, NO_PATH } from "../naming/access-words.js";
import { nameInSource } from "../naming/original-words.js";
import { propertyWord } from "../naming/property-names.js";
import { componentOf, hasReact, isFiber } from "../naming/react-component.js";
import { namedTarget } from "./slots.js";

/** React's own fields between a fiber and what a component gave it to keep: nobody writes them. */
const REACTS_FIELDS = new Set(
  "memoizedState baseState baseQueue queue lastRenderedState next dependencies firstContext memoizedValue pendingProps memoizedProps updateQueue lastEffect stateNode alternate child sibling return deps".split(
    " ",
  ),
);
/** How far below its fiber something is still of that component, and how many objects are looked at. */
const MAX_STEPS = 24;
const MAX_NODES = 400;

/** An object on the way to a holder, and the property by which the one before refers to it. */
interface OnTheWay {
  readonly node: NodeIndex;
  readonly word: string;
}

/**
 * The name of what a mounted component of React's keeps, in a hook, a context or `this.state`: no variable leads there,
 * or one of React's, by its tree. Its author knows the component.
 * @param path what else it is called
 * @param slot names of the edges from the holder on to the container
 * @returns null if it belongs to no component
 */
export function componentPath(
  heap: HeapAnalysis,
  path: AccessPath,
  holder: NodeIndex,
  slot: readonly string[],
): AccessPath | null {
  const { graph } = heap;
  if (!hasReact(graph)) return null;
  const found = path.edges.length === 0 ? wayFromFiber(heap, holder, path) : wayOf(heap, path);
  let at = holder;
  for (const word of slot) {
    if (at !== NO_NODE) at = namedTarget(heap, at, word);
    found.push({ node: at, word });
  }
  const start = found.findLastIndex(({ node }) => node !== NO_NODE && isFiber(graph, node));
  const component = start < 0 ? null : componentOf(graph, found[start]!.node);
  if (component === null || component.name === "") return null;
  const words = found.slice(start + 1).map(({ word }, i) => nameInSource(graph, found[start + i]!.node, word));
  const own = words.filter((word) => word !== "" && !REACTS_FIELDS.has(word)).map(propertyWord);
  return {
    ...NO_PATH,
    expression: join(own),
    words: [component.name, ...own],
    anchor: "component",
    position: component.position,
    file: component.position?.file ?? "",
    edges: path.edges,
  };
}

function wayOf({ graph }: HeapAnalysis, { edges }: AccessPath): OnTheWay[] {
  const found = [{ node: sourceOf(graph, edges[0]!), word: "" }];
  for (const edge of edges)
    found.push({
      node: graph.edgeTarget[edge]!,
      word: graph.edgeType[edge] === EdgeType.property ? edgeNameText(graph, edge) : "",
    });
  return found;
}

/** The shortest way by properties from a fiber to an object that has no name; only the object if there is none. */
function wayFromFiber(heap: HeapAnalysis, holder: NodeIndex, { anchor }: AccessPath): OnTheWay[] {
  const { graph } = heap;
  const above = new Map<NodeIndex, OnTheWay & { depth: number }>(); // node -> what it refers to, on the way down
  above.set(holder, { node: NO_NODE, word: "", depth: 0 });
  for (const [node, { depth }] of above) {
    if (isFiber(graph, node)) return wayDown(node, above);
    if (anchor !== "none" || depth === MAX_STEPS) break;
    eachRetainer(graph, heap.retainers, node, (from, edge) => {
      if (graph.edgeType[edge] === EdgeType.property && !above.has(from))
        above.set(from, { node, word: edgeNameText(graph, edge), depth: depth + 1 });
      return above.size < MAX_NODES;
    });
  }
  return [{ node: holder, word: "" }];
}

function wayDown(fiber: NodeIndex, above: ReadonlyMap<NodeIndex, OnTheWay>): OnTheWay[] {
  const found: OnTheWay[] = [];
  let word = "";
  for (let node = fiber; node !== NO_NODE;) {
    found.push({ node, word });
    const next = above.get(node)!;
    ({ node, word } = next);
  }
  return found;
}
