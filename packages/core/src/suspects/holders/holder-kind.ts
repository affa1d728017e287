import type { HeapAnalysis } from "../../analysis/heap-analysis.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { NodeIndex } from "../../graph/heap-graph.js";
import { isContext } from "../../graph/v8-names.js";
import type { SourcePosition } from "../../graph/source-locations.js";
import type { AccessPath } from "../naming/access-words.js";
import type { Finding } from "../growth/finding.js";
import { label } from "../naming/original-words.js";
import { shortFile } from "../naming/short-file.js";

/** What a holder kind may look at. */
export interface HolderFacts {
  readonly growth: HolderGrowth;
  /** The last snapshot. */
  readonly heap: HeapAnalysis;
  readonly finding: Finding;
  /** A few of the new things that are held here, in the last snapshot. */
  readonly samples: readonly NodeIndex[];
}

/** A way programs hold on to objects too long. `index.ts` asks the kinds in order. */
export interface HolderKind {
  /** Stable; appears in JSON, baselines and documentation. */
  readonly id: string;
  /** One sentence a developer can act on. */
  readonly advice: string;
  /** What its entries are called, if not as those of its container. */
  readonly entryWord?: string;
  recognise(facts: HolderFacts): boolean;
  /** The line a person reads first. */
  title(facts: HolderFacts): string;
  /** The same sentence where more is known of this holder. */
  advise?(facts: HolderFacts): string;
  /** Names for the fingerprint, if not those of the access path. */
  names?(facts: HolderFacts): readonly string[];
  /** True if the engine is the holder, whose own classes have another name in each of its versions. */
  readonly isEngines?: true;
  /** Where to look, if that is not where the holder is declared. */
  position?(facts: HolderFacts): SourcePosition | null;
}

/** What only growth shows of a holder, such as that something is never cleared: no words of one heap by itself. */
export function ifGrown({ growth }: HolderFacts, words: string): string {
  return growth.heaps.length > 1 ? words : "";
}

/** The class of the container, as people call it. */
export function containerLabel({ heap, finding }: HolderFacts): string {
  if (isContext(heap.graph, finding.container)) return "scope";
  return label(heap.graph, finding.container);
}

/** What it is, what the program calls it, where that is: "Array `listItems`, module scope of server.js:2". */
export function usualTitle(facts: HolderFacts, what: string = containerLabel(facts)): string {
  const { expression, anchor } = facts.finding.path;
  const where = whereabouts(facts);
  if (where === "") return expression === "" ? what : `${what} \`${expression}\``;
  if (expression !== "") return `${what} \`${expression}\`, ${where}`;
  const isItself = anchor !== "none" || isContext(facts.heap.graph, facts.finding.container);
  return isItself ? `${what}, ${where}` : `${what} in the ${where}`;
}

/** Where the holder's name is at home: "module scope of server.js:2"; empty if unknown. */
export function whereabouts({ finding }: HolderFacts): string {
  const { path } = finding;
  const file = path.file === "" ? "" : shortFile(path.file);
  if (path.anchor === "global") return "a global";
  if (path.anchor === "function") return `a static in ${file}${path.position === null ? "" : `:${path.position.line}`}`;
  if (path.anchor === "instance") return path.position === null ? "" : `class in ${file}:${path.position.line}`;
  if (path.anchor === "component") return `state of React component \`${path.words[0]}\`${at(file, path.position)}`;
  if (path.scope === null) return "";
  const line = path.position === null ? "" : `:${path.position.line}`;
  if (path.scope.kind === "module") return `module scope of ${file}${path.isDeclaration ? line : ""}`;
  const name = nameOfFunction(path.scope.functionName);
  const scope = path.scope.kind === "function" ? "scope of" : "scope around";
  return `${scope} ${name} in ${file}${line}${ownedBy(path.owner, path.file)}`;
}

/** "cart()"; what is called by a path, as modules in a bundler's registry are, is no call. */
function nameOfFunction(name: string): string {
  if (name === "") return "a function";
  return name.includes("/") ? name : `${name}()`;
}

function at(file: string, position: SourcePosition | null): string {
  return position === null ? "" : ` (${file}:${position.line})`;
}

/** ", made for `cart` of shop.js:4": whose functions share a scope; of one file only its line is worth a word. */
function ownedBy(owner: AccessPath | null, file: string): string {
  if (owner === null) return "";
  const line = owner.isDeclaration && owner.position !== null ? `:${owner.position.line}` : "";
  const place = owner.file === file && line === "" ? "" : ` of ${shortFile(owner.file)}${line}`;
  return `, made for \`${owner.expression}\`${place}`;
}

/** The word of the access path before and after one of its words: `settingsHub` and `"theme-changed"` of `_events`. */
export function wordsAround(words: readonly string[], word: string): { before: string[]; after: string | null } | null {
  const at = words.lastIndexOf(word);
  return at < 0 ? null : { before: words.slice(0, at), after: words[at + 1] ?? null };
}
