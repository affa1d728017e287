/** What V8 calls a node. Our numbers, the same for every writer. */
export const NodeType = {
  hidden: 0,
  array: 1,
  string: 2,
  object: 3,
  code: 4,
  closure: 5,
  regexp: 6,
  number: 7,
  native: 8,
  synthetic: 9,
  consString: 10,
  slicedString: 11,
  symbol: 12,
  bigint: 13,
  shape: 14,
  other: 15,
} as const;

/** What V8 calls an edge. Our numbers, the same for every writer. */
export const EdgeType = {
  context: 0,
  element: 1,
  property: 2,
  internal: 3,
  hidden: 4,
  shortcut: 5,
  weak: 6,
  /** DevTools' word for edges that are no reference at all; V8 writes none today. */
  invisible: 7,
} as const;

/** The writers' words for node types, in the order of our numbers; `other` stands for words nobody knows. */
export const NODE_TYPE_WORDS = [
  "hidden",
  "array",
  "string",
  "object",
  "code",
  "closure",
  "regexp",
  "number",
  "native",
  "synthetic",
  "concatenated string",
  "sliced string",
  "symbol",
  "bigint",
  "object shape",
  "other",
] as const;

/** The writers' words for edge types, in the order of our numbers. */
export const EDGE_TYPE_WORDS = [
  "context",
  "element",
  "property",
  "internal",
  "hidden",
  "shortcut",
  "weak",
  "invisible",
] as const;

// ArkCompiler writes some words of its own; Node 20 had a type of its own for what is `object` elsewhere.
const NODE_TYPE_ALIASES: ReadonlyMap<string, number> = new Map([
  ["slicedstring", NodeType.slicedString],
  ["treestring", NodeType.consString],
  ["wasm object", NodeType.object],
  ["framework", NodeType.native],
]);

/** The writer's node type number -> ours. Looked up by word: the list has changed between V8 versions. */
export function nodeTypesFrom(words: readonly string[]): Uint8Array {
  return Uint8Array.from(words, (word) => {
    const type = (NODE_TYPE_WORDS as readonly string[]).indexOf(word);
    return type >= 0 ? type : (NODE_TYPE_ALIASES.get(word) ?? NodeType.other);
  });
}

/** The writer's edge type number -> ours; an unknown word is nothing that anybody could explain: `invisible`. */
export function edgeTypesFrom(words: readonly string[]): Uint8Array {
  return Uint8Array.from(words, (word) => {
    const type = (EDGE_TYPE_WORDS as readonly string[]).indexOf(word);
    return type >= 0 ? type : EdgeType.invisible;
  });
}

/** True for edges whose name is a number; all others are named by a string. */
export function hasNumericName(edgeType: number): boolean {
  return edgeType === EdgeType.element || edgeType === EdgeType.hidden;
}
