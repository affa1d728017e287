import { firstEdgeOf } from "./edges-aside.js";
import { edgeNameText, internalField } from "./edges-of.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { eachRetainer } from "./incoming.js";
import type { Declaration, RegisterFacts } from "./originals.js";
import { blockVariable } from "./scope-variables.js";
import { type Heap, isModule, type Scope } from "./scopes.js";
import { generatedPosition, scriptFacts, scriptName, scriptOfClosure } from "./source-locations.js";
import { isContext, nodeText } from "./v8-names.js";
import { EdgeType, NodeType } from "./v8-types.js";

/**
 * A call of a generator or of an async function that waits at a `yield` or `await`. Its parameters and variables, save
 * those that closures have, are in registers, which V8 keeps in an array meanwhile, without their names.
 */
export interface WaitingCall {
  readonly generator: NodeIndex;
  /** The array. */
  readonly registers: NodeIndex;
  /** The function. */
  readonly closure: NodeIndex;
}

/** Scopes around one another within one function that are looked at. */
const MAX_SCOPES = 64;
const REGISTERS = "parameters_and_registers";

/** The call whose registers an array is; null if it is another array. */
export function waitingCall({ graph, retainers }: Heap, array: NodeIndex): WaitingCall | null {
  if (graph.nodeType[array] !== NodeType.array || nodeText(graph, array) !== "") return null;
  let generator: NodeIndex = NO_NODE;
  eachRetainer(graph, retainers, array, (from, edge) => {
    const isRegisters = graph.edgeType[edge] === EdgeType.internal && edgeNameText(graph, edge) === REGISTERS;
    if (isRegisters) generator = from;
    return !isRegisters;
  });
  return generator === NO_NODE ? null : callOf(graph, generator, array);
}

/** The call that an object is; null if it is none. */
export function callOfGenerator(graph: HeapGraph, object: NodeIndex): WaitingCall | null {
  if (graph.nodeType[object] !== NodeType.object) return null;
  // The function comes first. Objects with many edges are asked, too, and have none of these.
  const first = firstEdgeOf(graph, object);
  if (first === graph.firstEdge[object + 1] || graph.edgeType[first] !== EdgeType.internal) return null;
  if (edgeNameText(graph, first) !== "function") return null;
  const registers = internalField(graph, object, REGISTERS);
  return registers === NO_NODE ? null : callOf(graph, object, registers);
}

function callOf(graph: HeapGraph, generator: NodeIndex, registers: NodeIndex): WaitingCall | null {
  const closure = internalField(graph, generator, "function");
  return closure === NO_NODE ? null : { generator, registers, closure };
}

/** The scope that the variables of a call are in; null if nobody knows its file. The code of a module is a function, too. */
export function scopeOfCall({ graph }: Heap, { generator, closure }: WaitingCall): Scope | null {
  const script = scriptOfClosure(graph, closure);
  const file = script === NO_NODE ? "" : scriptName(graph, script);
  if (file === "") return null;
  const functionName = nodeText(graph, closure);
  const position = generatedPosition(graph, closure);
  const context = internalField(graph, generator, "context");
  const isFile = position === null || (position.line === 1 && position.column === 1);
  if (functionName === "" && isFile && context !== NO_NODE && isModule(graph, context))
    return { kind: "module", file, functionName, position: null, script, context, begins: null };
  return { kind: "function", file, functionName, position, script, context, begins: position };
}

/** Where the source declares the variable that a register has; null if nobody knows the source, or it cannot tell. */
export function originalInRegister(
  graph: HeapGraph,
  { script }: Scope,
  register: number,
  facts: RegisterFacts,
): Declaration | null {
  return graph.originals?.inRegister(scriptFacts(graph, script), register, facts) ?? null;
}

/** What a snapshot says of the registers of a call. */
export function registerFacts({ graph }: Heap, call: WaitingCall, scope: Scope): RegisterFacts {
  const { kind, begins, functionName, context } = scope;
  const holds = new Map<number, string>();
  let generator = -1;
  const { registers } = call;
  for (let edge = firstEdgeOf(graph, registers); edge < graph.firstEdge[registers + 1]!; edge++) {
    const register = Number(edgeNameText(graph, edge));
    const value = graph.edgeTarget[edge]!;
    if (value === call.generator && generator < 0) generator = register;
    else if (graph.nodeType[value] === NodeType.object) holds.set(register, nodeText(graph, value));
    else if (graph.nodeType[value] === NodeType.closure) holds.set(register, `function ${nodeText(graph, value)}`);
  }
  // The code of a module runs in the very scope that its functions have.
  const outer =
    kind === "module" ? internalField(graph, context, "previous") : internalField(graph, call.closure, "context");
  return { begins, functionName, captured: variablesOfClosures(graph, context, outer), holds, generator };
}

/** Names of the variables that closures have, which V8 keeps elsewhere: in the scopes from one to an outer one. */
function variablesOfClosures(graph: HeapGraph, inner: NodeIndex, outer: NodeIndex): string[] {
  const names: string[] = [];
  let scope = inner;
  for (let left = MAX_SCOPES; left > 0 && scope !== NO_NODE && scope !== outer && isContext(graph, scope); left--) {
    for (let edge = firstEdgeOf(graph, scope); edge < graph.firstEdge[scope + 1]!; edge++) {
      if (graph.edgeType[edge] === EdgeType.context) names.push(edgeNameText(graph, edge));
      else if (graph.edgeType[edge] === EdgeType.hidden)
        names.push(blockVariable(graph, scope, graph.edgeName[edge]!) ?? "");
    }
    scope = internalField(graph, scope, "previous");
  }
  return names;
}
