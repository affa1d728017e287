import { type Finding, withGrowthOf } from "../growth/finding.js";
import { type AccessPath, ANY_ELEMENT, ANY_ENTRY, inWords } from "../naming/access-words.js";
import { grouped } from "../growth/grouped.js";
import { foldAlike } from "./same-name.js";

/** Fewer holders than this, or all of one depth, may be bugs of their own. */
const LEAST_HOLDERS = 3;
const LEAST_DEPTHS = 2;

/**
 * Folds what grows in a trie, as a search index has one for its words: `index.root[…].u[…]` and `index.root[…].e.t.a[…]` are
 * objects in objects, by one letter each, and what fills them is one call of the program's. Beside those that go on growing,
 * others are where few words came in one of the intervals.
 */
export function foldTries(findings: readonly Finding[]): Finding[] {
  const keyOf = (finding: Finding): string => {
    const { path, tops } = finding;
    const stem = stemOf(path);
    // Of a holder with other slots that grew only a part counts.
    const isApart = (stem.length === path.words.length && !isTree(finding)) || tops !== null;
    return isApart ? `#${findings.indexOf(finding)}` : [path.anchor, path.file, ...stem].join("\n");
  };
  return [...grouped(findings, keyOf).values()].flatMap((trie) => {
    const trees = trie.filter(isTree);
    if (trees.length === 1) return trie.filter((each) => !isTree(each)).reduce(withGrowthOf, trees[0]!);
    const depths = new Set(trie.map(({ path }) => path.words.length - stemOf(path).length));
    const members = trie.reduce((count, finding) => count + finding.members, 0);
    if (members < LEAST_HOLDERS || depths.size < LEAST_DEPTHS) return trie;
    const growing = trie.filter(({ judgement }) => judgement === "growing");
    if (growing.length === 0) return [...grouped(trie, ({ judgement }) => judgement).values()].map(asOne);
    const others = trie.filter((finding) => !growing.includes(finding));
    return [others.reduce(withGrowthOf, asOne(growing))];
  });
}

/** True for a tree of objects of one make, beside which there may be some that have more properties. */
function isTree({ linkedClass }: Finding): boolean {
  return linkedClass !== null;
}

function asOne(findings: readonly Finding[]): Finding {
  const folded = foldAlike(findings);
  const stem = stemOf(folded.path);
  return { ...folded, path: inWords(folded.path, [...stem, folded.path.words[stem.length]!]) };
}

/** The words of a path that lead to a trie: all, if it leads into none. The next one stands for any. */
function stemOf({ words }: AccessPath): readonly string[] {
  let length = words.length;
  for (let at = words.length - 1; at > 0 && (isAny(words[at]!) || words[at]!.length === 1); at--)
    if (isAny(words[at]!)) length = at;
  return words.slice(0, length);
}

function isAny(word: string): boolean {
  return word === ANY_ELEMENT || word === ANY_ENTRY;
}
