import { type NodeRow, SnapshotBuilder } from "./snapshot-builder.js";
import { SmallProgram } from "./small-program.js";

const HEADER = "blink::internal::HeapCollectionType::kGCed, cppgc::internal::BasicMember<blink::";

/**
 * A page of one script as Chromium writes it: natives that refer to each other by numbered elements, with the stores of
 * Blink's collections between them.
 *
 *     window -EventTargetData-> vector of an event type -> listener -> function of the script
 */
export class SmallPage {
  readonly program: SmallProgram;
  readonly heap: SnapshotBuilder;
  readonly window: NodeRow;
  readonly document: NodeRow;
  readonly #source: string;
  #script: NodeRow;

  constructor(source: string, file = "http://localhost/assets/app.js") {
    this.#source = source;
    this.program = new SmallProgram(source, file);
    this.heap = this.program.heap;
    const { heap } = this;
    this.window = this.native("Window / http://localhost");
    heap.property(heap.global(), "window", this.window);
    this.document = this.native("HTMLDocument", this.window);
    this.#script = heap.code("system / Script");
    heap.internal(this.#script, "name", heap.string(file));
    heap.internal(this.#script, "source", heap.string(source));
  }

  /** A native object, attached to the document; `from` refers to it. */
  native(name: string, from?: NodeRow, { size = 64, detachedness = 1 } = {}): NodeRow {
    const node = this.heap.native(name, { size, detachedness, id: this.#nextEven() });
    if (from !== undefined) this.refer(from, node);
    return node;
  }

  /** An unnamed reference from one native to something. */
  refer(from: NodeRow, to: NodeRow): void {
    this.heap.element(from, this.heap.edgeCount(from) + 1, to);
  }

  /** The function that begins with `text` in the source; V8 has its place at the first of its parameters. */
  function(name: string, text: string, scope: NodeRow): NodeRow {
    const { heap } = this;
    const before = this.#source.slice(0, this.#source.indexOf(text));
    const line = before.split("\n").length - 1;
    const shared = heap.code(name);
    heap.internal(shared, "script", this.#script);
    const closure = heap.closure(name, {
      size: 32,
      at: { scriptId: 8, line, column: before.length - before.lastIndexOf("\n") - 1 },
    });
    heap.internal(closure, "shared", shared);
    heap.internal(closure, "context", scope);
    return closure;
  }

  /** A scope with one variable, a new object of 400 bytes. */
  scopeWith(variable: string): NodeRow {
    const scope = this.program.newScope(this.program.scope);
    this.heap.variable(scope, variable, this.program.object("View", {}, 400));
    return scope;
  }

  /** The list of listeners that `target` has for one type of event: what `listen` is given. */
  listenersOf(target: NodeRow): NodeRow {
    const data = this.native("blink::EventTargetData", target);
    const pairs = this.native("blink::HeapVectorBacking<std::pair<blink::AtomicString, …>>", data);
    const vector = this.native(`blink::BasicHeapVector<${HEADER}RegisteredEventListener>, 1>`, pairs);
    this.native(`blink::HeapVectorBacking<cppgc::internal::BasicMember<blink::RegisteredEventListener>>`, vector);
    return vector;
  }

  /** @returns the native that refers to the function */
  listen(listeners: NodeRow, closure: NodeRow): NodeRow {
    const listener = this.native("blink::RegisteredEventListener");
    this.refer(this.#storeOf(listeners), listener);
    const callback = this.native("V8EventListener", this.native("EventListener", listener));
    this.refer(callback, closure);
    return callback;
  }

  /** A collection such as that of timers: a native with a store of `entries`, which `add` adds to. */
  collection(name: string, from: NodeRow): NodeRow {
    const collection = this.native(name, from);
    this.native(`blink::HeapHashTableBacking<blink::HashTable<int, …>>`, collection);
    return collection;
  }

  add(collection: NodeRow, entry: NodeRow): void {
    this.refer(this.#storeOf(collection), entry);
  }

  #storeOf(collection: NodeRow): NodeRow {
    return collection + 1; // made right after it
  }

  #lastEven = 0;
  #nextEven(): number {
    return (this.#lastEven += 2);
  }
}
