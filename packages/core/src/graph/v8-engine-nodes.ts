import { type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { NodeType } from "./v8-types.js";

// Of type `hidden`, and yet made by the program's own doing: a proxy, a promise's reactions, an object's further slots.
const PROGRAM_WORDS =
  /^system \/ (?:JS|PropertyArray|Promise|Async|Context\b|Cell\b|SourceTextModule|SyntheticModule|WeakCell|Foreign|OrderedHash|ThinString|Tuple2|StackFrameInfo|ErrorStackData|ByteArray|ExternalStringData)/;

/**
 * Tells V8's own bookkeeping from what the program made: compiled code, feedback, scope descriptions, hidden classes.
 * It grows as code gets warm, also in healthy programs.
 */
export class EngineNodes {
  readonly #graph: HeapGraph;
  readonly #owner: Uint32Array;
  readonly #hidden = new Map<number, boolean>();

  /** @param owner node -> the object whose storage it is, itself for all others */
  constructor(graph: HeapGraph, owner: Uint32Array) {
    this.#graph = graph;
    this.#owner = owner;
  }

  has(node: NodeIndex): boolean {
    const { nodeType } = this.#graph;
    switch (nodeType[node]) {
      case NodeType.code:
      case NodeType.shape:
        return true;
      case NodeType.hidden:
        return this.#isEngineWord(node);
      case NodeType.array: {
        const owner = this.#owner[node]!;
        if (owner === node || owner === NO_NODE) return false;
        return nodeType[owner] === NodeType.code || nodeType[owner] === NodeType.shape;
      }
      default:
        return false;
    }
  }

  #isEngineWord(node: NodeIndex): boolean {
    const name = this.#graph.nodeName[node]!;
    let known = this.#hidden.get(name);
    if (known === undefined) {
      known = !PROGRAM_WORDS.test(this.#graph.strings.text(name));
      this.#hidden.set(name, known);
    }
    return known;
  }
}
