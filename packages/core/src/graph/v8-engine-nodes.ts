import { isBrowsersOwn } from "./blink-names.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "./heap-graph.js";
import { type HeapKernel, kernelFor, placesOf } from "./heap-kernel.js";
import { type Where, beside, copied, discard, newBytes } from "../parse/columns.js";
import { DETACHED } from "./detachedness.js";
import type { StringTable } from "../parse/string-table.js";
import { NodeType } from "./v8-types.js";

// Of type `hidden`, and yet made by the program's own doing: a proxy, a promise's reactions, an object's further slots. A
// realm is what holders have above them that share something.
const PROGRAM_WORDS =
  /^system \/ (?:JS|PropertyArray|Promise|Async|(?:Native)?Context\b|Cell\b|SourceTextModule|SyntheticModule|WeakCell|Foreign|OrderedHash|ThinString|Tuple2|StackFrameInfo|ErrorStackData|ByteArray|ExternalStringData)/;

const UNSEEN = 0;
const IS_OWN = 1;
const IS_NOT = 2;

// What was found out about names, for whoever asks next: one rule after the other does, and there may be a million names.
const verdicts = new WeakMap<StringTable, readonly [hidden: Uint8Array, native: Uint8Array]>();

function verdictsOn(strings: StringTable): readonly [hidden: Uint8Array, native: Uint8Array] {
  const known = verdicts.get(strings) ?? ([new Uint8Array(strings.length), new Uint8Array(strings.length)] as const);
  verdicts.set(strings, known);
  return known;
}

/** What is known of a heap. */
interface Analysed {
  readonly graph: HeapGraph;
  readonly owner: Uint32Array; // node -> the object whose storage it is, itself for all others
  readonly dominator: Uint32Array; // node -> immediate dominator
}

/**
 * Tells V8's own bookkeeping from what the program made: compiled code, feedback, scope descriptions, hidden classes.
 * It grows as code gets warm, also in healthy programs. So does what the browser keeps for itself; but on elements
 * that were removed from the document it hangs because of the program.
 */
export class EngineNodes {
  // The columns themselves: a heap may have to ask for one each time.
  readonly #nodeType: Uint8Array;
  readonly #nodeName: Uint32Array;
  readonly #detached: Uint8Array | null;
  readonly #strings: StringTable;
  readonly #owner: Uint32Array;
  readonly #dominator: Uint32Array;
  // StringIndex -> what is known of nodes with that name: of hidden ones, of native ones
  readonly #hidden: Uint8Array;
  readonly #native: Uint8Array;

  /** @param memory for the verdicts on names, to be given back by `end` of what `forKernel` returns */
  constructor({ graph, owner, dominator }: Analysed, memory?: Where) {
    this.#nodeType = graph.nodeType;
    this.#nodeName = graph.nodeName;
    this.#detached = graph.detached;
    this.#strings = graph.strings;
    this.#owner = owner;
    this.#dominator = dominator;
    const { length } = graph.strings;
    [this.#hidden, this.#native] =
      memory === undefined ? verdictsOn(graph.strings) : [newBytes(length, memory), newBytes(length, memory)];
  }

  /** What `startEngine` of a kernel takes; null where it cannot have it. `end` gives it back. */
  forKernel(): { readonly order: Parameters<HeapKernel["startEngine"]>; end(): void } | null {
    const detached = copied(this.#detached ?? new Uint8Array(0), beside(this.#nodeType));
    const columns = [this.#nodeType, this.#nodeName, detached, this.#owner, this.#dominator, this.#hidden, this.#native] as const; // prettier-ignore
    const end = (): void => discard(detached, this.#hidden, this.#native);
    if (kernelFor(...columns) === null) {
      discard(detached);
      return null;
    }
    const [types, names, states, ...others] = placesOf(columns);
    const { code, shape, hidden, string, native, array } = NodeType;
    const order = [types, names, this.#detached === null ? 0 : states, ...others, code, shape, hidden, string, native, array] as const; // prettier-ignore
    return { order: [...order], end };
  }

  has(node: NodeIndex): boolean {
    const nodeType = this.#nodeType;
    switch (nodeType[node]) {
      case NodeType.code:
      case NodeType.shape:
        return true;
      case NodeType.hidden:
        return this.#isNamed(node, this.#hidden, isEngineWord);
      case NodeType.string: {
        // Names of properties that only hidden classes still know, and those in the templates of the browser's interfaces,
        // made when a page first uses one.
        const above = this.#dominator[node]!;
        if (nodeType[above] === NodeType.shape) return true;
        return nodeType[above] === NodeType.hidden && this.#isNamed(above, this.#hidden, isEngineWord);
      }
      case NodeType.native:
        return this.#detached?.[node] !== DETACHED && this.#isNamed(node, this.#native, isBrowsersOwn);
      case NodeType.array: {
        const owner = this.#owner[node]!;
        if (owner === node || owner === NO_NODE) return false;
        return nodeType[owner] === NodeType.code || nodeType[owner] === NodeType.shape;
      }
      default:
        return false;
    }
  }

  #isNamed(node: NodeIndex, verdicts: Uint8Array, isOwn: (name: string) => boolean): boolean {
    const name = this.#nodeName[node]!;
    let verdict = verdicts[name]!;
    if (verdict === UNSEEN) {
      verdict = isOwn(this.#strings.text(name)) ? IS_OWN : IS_NOT;
      verdicts[name] = verdict;
    }
    return verdict === IS_OWN;
  }
}

function isEngineWord(name: string): boolean {
  return !PROGRAM_WORDS.test(name);
}
