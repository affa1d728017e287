import { firstEdgeOf } from "./edges-aside.js";
import { edgeNameText, findEdge, internalField, NO_EDGE } from "./edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { eachRetainer } from "./incoming.js";
import { type Heap, type Scope, scopeOf } from "./scopes.js";
import { isContext, nodeText } from "./v8-names.js";
import { EdgeType, NodeType } from "./v8-types.js";

/**
 * Names of the variables of a block scope, by slot. V8 up to 14.6 writes them as `hidden 0, 1 ...`; their names are the
 * leading strings of the ScopeInfo, which correspond only if none of the variables holds a small integer.
 */
export function blockVariable(graph: HeapGraph, context: NodeIndex, slot: number): string | null {
  const scopeInfo = internalField(graph, context, "scope_info");
  if (scopeInfo === NO_NODE) return null;
  const names: string[] = [];
  for (let edge = firstEdgeOf(graph, scopeInfo); edge < graph.firstEdge[scopeInfo + 1]!; edge++) {
    if (graph.edgeType[edge] !== EdgeType.hidden) continue;
    const target = graph.edgeTarget[edge]!;
    if (graph.nodeType[target] !== NodeType.string) break;
    names.push(nodeText(graph, target));
  }
  let slots = 0;
  for (let edge = firstEdgeOf(graph, context); edge < graph.firstEdge[context + 1]!; edge++)
    if (graph.edgeType[edge] === EdgeType.hidden) slots++;
  return names.length === slots ? (names[slot] ?? null) : null;
}

/** True for the box that an exported variable of an ES module lives in. */
export function isModuleCell(graph: HeapGraph, node: NodeIndex): boolean {
  return graph.nodeType[node] === NodeType.hidden && nodeText(graph, node) === "system / Cell";
}

/**
 * Name and scope of an exported variable: the table of a module's exports has the name in the slot before its cell.
 * @param edge from the table to the cell
 */
export function exportedVariable(
  heap: Heap,
  table: NodeIndex,
  edge: number,
): { name: string; scope: Scope | null } | null {
  const { graph } = heap;
  if (graph.nodeType[table] !== NodeType.array || graph.edgeType[edge] !== EdgeType.internal) return null;
  const slot = Number(edgeNameText(graph, edge));
  const key = findEdge(graph, table, EdgeType.internal, String(slot - 1));
  if (key === NO_EDGE || graph.nodeType[graph.edgeTarget[key]!] !== NodeType.string) return null;
  let scope: Scope | null = null;
  eachRetainer(graph, heap.retainers, table, (module) => {
    if (!nodeText(graph, module).startsWith("system / SourceTextModule")) return true;
    eachRetainer(graph, heap.retainers, module, (context) => {
      if (isContext(graph, context)) scope = scopeOf(heap, context);
      return scope === null;
    });
    return scope === null;
  });
  return { name: nodeText(graph, graph.edgeTarget[key]!), scope };
}
