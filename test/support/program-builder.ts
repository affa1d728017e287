// What V8 writes of a program's source: scripts, functions, the scopes they run in.
import { type NodeRow, type Place, SnapshotBuilder } from "./snapshot-builder.js";

export interface FunctionOptions {
  readonly name?: string;
  /** Where it starts, 0-based; without, V8 does not say. */
  readonly at?: Place;
  /** The scope it was made in. */
  readonly context?: NodeRow;
}

/** A Script with its name and text, kept alive by the global object. */
export function addScript(heap: SnapshotBuilder, file: string, source = "source"): NodeRow {
  const script = heap.code(file);
  heap.internal(script, "name", heap.string(file)).internal(script, "source", heap.string(source));
  heap.internal(heap.global(), `script ${script}`, script);
  return script;
}

/** What all closures of one function share. */
export function addShared(heap: SnapshotBuilder, script: NodeRow, name = "(shared function info)"): NodeRow {
  const shared = heap.code(name);
  heap.internal(shared, "script", script).internal(heap.global(), `shared ${shared}`, shared);
  return shared;
}

/** A closure, kept alive by the global object. */
export function addClosure(heap: SnapshotBuilder, shared: NodeRow, options: FunctionOptions = {}): NodeRow {
  const { name = "", at, context } = options;
  const closure = heap.closure(name, at === undefined ? {} : { at });
  heap.internal(closure, "shared", shared).property(heap.global(), `closure ${closure}`, closure);
  if (context !== undefined) heap.internal(closure, "context", context);
  return closure;
}

/** A scope inside another; the outermost is inside the realm's. */
export function addContext(heap: SnapshotBuilder, previous: NodeRow): NodeRow {
  const context = heap.context();
  heap.internal(context, "previous", previous).property(heap.global(), `context ${context}`, context);
  return context;
}

/** `system / NativeContext`: the realm. */
export function addRealm(heap: SnapshotBuilder): NodeRow {
  const realm = heap.node("hidden", "system / NativeContext");
  heap.internal(heap.global(), "native_context", realm);
  return realm;
}
