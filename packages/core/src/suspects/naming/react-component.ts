import { firstEdgeOf } from "../../graph/edges-aside.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { NO_SURVIVOR } from "../../diff/survivors.js";
import { propertyOf } from "../../graph/edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { closurePosition, type SourcePosition } from "../../graph/source-locations.js";
import { nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { functionName } from "./original-words.js";

/** A React component, as its author knows it. */
export interface Component {
  /** The function's or class's name; a minifier may have shortened it. */
  readonly name: string;
  readonly position: SourcePosition | null;
}

/** Objects around a new one among which a fiber is looked for, and new ones that are asked. */
const MAX_NODES = 300;
const MAX_SAMPLES = 3;
/** Fibers in each other, up to one with a component. */
const MAX_FIBERS = 200;
/** What only a fiber has. */
const OWN_FIELDS = ["memoizedProps", "memoizedState", "stateNode", "return", "alternate", "updateQueue", "lanes"];

/** The component whose fiber one of these objects leads to, through objects that are new, or null. */
export function componentNear(growth: HolderGrowth, samples: readonly NodeIndex[]): Component | null {
  const last = growth.heaps.length - 1;
  const { graph } = growth.heaps[last]!;
  if (!hasReact(graph)) return null;
  const cut = growth.cuts[last]!;
  for (const sample of samples.slice(0, MAX_SAMPLES)) {
    const seen = new Set<NodeIndex>([sample]);
    for (const node of seen) {
      if (cut.survivorOf(node) !== NO_SURVIVOR && node !== sample) continue;
      const component = isFiber(graph, node) ? componentOf(graph, node) : null;
      if (component !== null) return component;
      for (let edge = firstEdgeOf(graph, node); edge < graph.firstEdge[node + 1]! && seen.size < MAX_NODES; edge++)
        if (graph.edgeType[edge] !== EdgeType.weak && mayLead(graph, graph.edgeTarget[edge]!))
          seen.add(graph.edgeTarget[edge]!);
    }
  }
  return null;
}

/** False if there is no React in the program. */
export function hasReact(graph: HeapGraph): boolean {
  return graph.strings.indexOf("elementType") >= 0;
}

function mayLead({ nodeType }: HeapGraph, node: NodeIndex): boolean {
  const type = nodeType[node]!;
  return (
    type === NodeType.object ||
    type === NodeType.closure ||
    type === NodeType.array ||
    type === NodeType.hidden ||
    type === NodeType.native
  );
}

/** True for React's node of a mounted component or element; once unmounted, most of its fields are empty. */
export function isFiber(graph: HeapGraph, node: NodeIndex): boolean {
  if (graph.nodeType[node] !== NodeType.object) return false;
  if (propertyOf(graph, node, "elementType") === NO_NODE) return false;
  return nodeText(graph, node) === "FiberNode" || OWN_FIELDS.some((name) => propertyOf(graph, node, name) !== NO_NODE);
}

/** The function or class of a fiber, or of the nearest one above it that has one. */
export function componentOf(graph: HeapGraph, fiber: NodeIndex): Component | null {
  let at = fiber;
  for (let step = 0; step < MAX_FIBERS && at !== NO_NODE; step++) {
    const type = componentFunction(graph, propertyOf(graph, at, "type"));
    if (type !== NO_NODE) return { name: functionName(graph, type), position: closurePosition(graph, type) };
    at = propertyOf(graph, at, "return");
  }
  return null;
}

/** `memo` and `forwardRef` put an object around the function. */
function componentFunction(graph: HeapGraph, type: NodeIndex): NodeIndex {
  let at = type;
  for (let step = 0; step < 3 && at !== NO_NODE; step++) {
    if (graph.nodeType[at] === NodeType.closure) return at;
    if (graph.nodeType[at] !== NodeType.object) return NO_NODE;
    const inner = propertyOf(graph, at, "render");
    at = inner === NO_NODE ? propertyOf(graph, at, "type") : inner;
  }
  return NO_NODE;
}
