import { edgeTo, NO_EDGE, sourceOf } from "../../graph/edges-of.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import type { EdgeIndex } from "../../graph/heap-graph.js";
import { ROOT } from "../../graph/v8-roots.js";
import type { SourcePosition } from "../../graph/source-locations.js";
import type { Finding } from "../growth/finding.js";
import type { Identity } from "./fingerprint.js";
import type { HolderFacts, HolderKind } from "../holders/holder-kind.js";
import { kindOf } from "../holders/index.js";
import { callbackPosition } from "../holders/sampled-callback.js";
import { type GainedClass, unitInWords } from "./leaked-unit.js";
import type { AccessPath } from "../naming/access-words.js";
import { isLibrarysFile, libraryOf } from "../naming/library.js";
import { type PathTree, pathEdges } from "../naming/path-tree.js";
import { nodeFacts, type PathWords, stepWords } from "../naming/path-words.js";
import { namedEdge } from "../growth/slots.js";
import { linkOutOf } from "../growth/linked-entries.js";
import { propertyWord } from "../naming/property-names.js";
import { label } from "../naming/original-words.js";
import { samplesOf } from "../growth/samples.js";
import { isLibrarys } from "../folding/kept-by-libraries.js";
import { isNodesRegistry, isWeakTable } from "../folding/shared-holders.js";

/** A finding in words: what a report needs to say of it. */
export interface Description {
  readonly kind: string;
  readonly title: string;
  readonly advice: string;
  readonly leaked: string;
  /** What the entries are called; null where they cannot be counted. */
  readonly entryWord: string | null;
  /** Titles of other holders of the same objects: cutting one of them frees nothing. */
  readonly alsoHeldBy: readonly string[];
  /** Titles of what grows at the same pace as a consequence, such as other tables of the same library. */
  readonly growAlong: readonly string[];
  /** Where to look. */
  readonly position: SourcePosition | null;
  readonly identity: Identity;
  /** Steps from the root to the container, the container among them, then to a sample of what it holds. */
  readonly path: readonly PathWords[];
  /** Row of the container in `path`. */
  readonly holderStep: number;
}

/** Puts one finding into words, with the path that shows why it is alive. */
export function describe(
  growth: HolderGrowth,
  tree: PathTree,
  finding: Finding,
  classes: readonly GainedClass[],
): Description {
  const heap = growth.heaps.at(-1)!;
  const samples = samplesOf(growth, finding);
  const facts = { growth, heap, finding, samples: samples.map(({ node }) => node) };
  const kind = kindOf(facts);
  const entryWord = kind.entryWord ?? finding.entries?.word ?? "entries";
  const edges = edgesToContainer(growth, tree, finding);
  const [sample] = samples;
  const place = kind.position?.(facts) ?? placeOf(finding.path);
  // A global is declared nowhere; who was put there was written somewhere.
  const position = place ?? (finding.path.anchor === "global" ? callbackPosition(facts) : null);
  const outOfIt = linkOutOf(growth, finding, samples);
  const steps = [...edges, ...(sample?.edges ?? [])].map((edge) => stepWords(heap, sourceOf(heap.graph, edge), edge));
  const advice = outOfIt === null ? adviceOf(kind, facts) : unlinkedInWords(outOfIt);
  const title = kind.title(facts);
  return {
    kind: kind.id,
    title,
    advice,
    leaked: unitInWords(growth, classes, finding, entryWord),
    entryWord: finding.entries === null ? null : entryWord,
    // What lets go as soon as the others do nobody has to mend.
    alsoHeldBy: finding.alsoHeldBy
      .filter((other) => !isWeakTable(growth, other) && !isNodesRegistry(other))
      .map((other) => titleOf(growth, other))
      // What has no other words is another table of the engine's, such as the order in which timers are due.
      .filter((other) => other !== title),
    growAlong: finding.growAlong.map((other) => titleOf(growth, other)),
    position,
    identity: {
      kind: kind.id,
      words: [...(finding.path.owner?.words ?? []), ...(kind.names?.(facts) ?? finding.path.words)],
      class: kind.isEngines ? "" : label(heap.graph, finding.container),
      file: kind.position === undefined ? finding.path.file : (place?.file ?? finding.path.file),
    },
    path: [rootStep(growth), ...steps],
    holderStep: edges.length,
  };
}

/** Of what Node or a library made for somebody, where that one is: nobody can mend files of theirs. */
function placeOf({ file, position, owner }: AccessPath): SourcePosition | null {
  if (owner === null || libraryOf(file) === "") return position;
  return owner.position ?? (libraryOf(file) === "node:" ? null : position);
}

function adviceOf(kind: HolderKind, facts: HolderFacts): string {
  const { isInFlight, isTimed, bound } = facts.finding;
  const areTimers = kind.id === "timers";
  if (isInFlight) return IN_FLIGHT;
  if (isTimed && areTimers && facts.growth.heaps.length === 2) return NOT_DUE;
  const { growth, finding } = facts;
  const isTheirs = LIBRARYS.has(kind.id) && isLibrarysFile(finding.path.file);
  const isTheirsToo = !isTheirs && finding.growAlong.some((other) => isLibrarys(growth, other));
  const ends = [
    isTimed && !areTimers ? TIMED : "",
    bound === "" ? "" : boundInWords(bound),
    isTheirsToo ? THEIRS_TOO : "",
  ];
  const advice = isTheirs ? THEIRS : (kind.advise?.(facts) ?? kind.advice);
  return [advice, ...ends.filter((each) => each !== "")].join(" ");
}

/** Kinds of containers that a program would be told to change, were they its own. */
const LIBRARYS = new Set(["map-cache", "module-array", "module-object", "class-static", "detached-dom"]);

const THEIRS =
  "A library has this: tell it what is done with (destroy(), dispose(), clear() or what it has for that), give it the bound that it takes, or make one and use it again.";

const THEIRS_TOO =
  "What grows with it is a library's: tell that what is done with, too (destroy(), dispose(), clear() or what it has for that).";

const IN_FLIGHT =
  "What it gained belongs to requests that were not answered yet when the last snapshot was taken, of which there may just have been more than before. Take a third: if it goes on, see to it that all of them are answered.";

const TIMED =
  "Each of its entries has a timer that goes off once: if that takes it out, it stops growing when as much time has passed as that is set to.";

const NOT_DUE =
  "Timers that go off once had not done so yet when the last snapshot was taken: there may just have been more than before. Take a third: if it goes on, clear them when what they are for is over.";

/** The line a person reads first. */
export function titleOf(growth: HolderGrowth, finding: Finding): string {
  const heap = growth.heaps.at(-1)!;
  const facts = { growth, heap, finding, samples: samplesOf(growth, finding).map(({ node }) => node) };
  return kindOf(facts).title(facts);
}

function boundInWords(bound: string): string {
  return `Its \`${bound}\` may be its bound: if it is, it only fills up.`;
}

function unlinkedInWords(link: string): string {
  return `It has no more entries than before, but they lead by \`${propertyWord(link)}\` to those that it had: who takes one out has to unlink it as well.`;
}

function rootStep(growth: HolderGrowth): PathWords {
  const heap = growth.heaps.at(-1)!;
  return { words: "(root)", edge: null, node: nodeFacts(heap, ROOT), location: null, internal: true };
}

/** From the root to where the program names the holder, then as it names it, then through its slot. */
function edgesToContainer(growth: HolderGrowth, tree: PathTree, finding: Finding): EdgeIndex[] {
  const heap = growth.heaps.at(-1)!;
  const named = finding.path.edges;
  const start = named.length > 0 ? sourceOf(heap.graph, named[0]!) : finding.holder;
  const edges = [...pathEdges(heap.graph, tree, start), ...named];
  let at = finding.holder;
  for (const word of finding.slotWords) {
    const edge = namedEdge(heap, at, word);
    if (edge === NO_EDGE) break;
    const from = sourceOf(heap.graph, edge);
    // Variables of a call that waits are in an array of its.
    if (from !== at) edges.push(edgeTo(heap.graph, at, from));
    edges.push(edge);
    at = heap.graph.edgeTarget[edge]!;
  }
  return edges;
}
