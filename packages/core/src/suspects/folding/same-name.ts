import { type AccessPath, ANY_ELEMENT, inWords } from "../naming/access-words.js";
import { byGrowth, type Finding } from "../growth/finding.js";
import { grouped } from "../growth/grouped.js";
import { sum } from "../growth/growth-verdict.js";

/** Fewer properties than this whose names differ by a number only may be bugs of their own. */
const LEAST_NUMBERED = 3;

/**
 * Folds findings that the program knows by one name, such as the five `usage.tenants[…].users` of five tenants, or by
 * names that differ by a number only, such as `usage.tenants.t1.users`: what fills them is one line of source. The
 * largest stands for all.
 */
export function foldSameName(findings: readonly Finding[], label: (finding: Finding) => string): Finding[] {
  const alike = ({ judgement, path, grown }: Finding, words: readonly string[], labelled: string): string =>
    path.expression === ""
      ? `#${grown}`
      : [judgement, labelled, path.anchor, ...words, path.file, path.owner?.expression ?? ""].join("\n");
  const groups = grouped(findings, (finding) => alike(finding, numberless(finding.path.words), label(finding)));
  return [...groups.values()].flatMap((group) => {
    const same = [...grouped(group, (finding) => alike(finding, finding.path.words, label(finding))).values()];
    return same.length < LEAST_NUMBERED ? same.map(foldAlike) : [{ ...foldAlike(group), path: pathOfAll(group) }];
  });
}

/** The first word is a variable: `cache1` and `cache2` stand in two lines of source. */
function numberless([first = "", ...words]: readonly string[]): string[] {
  return [first, ...words.map((word) => word.replace(/\d+/g, "#"))];
}

function pathOfAll(findings: readonly Finding[]): AccessPath {
  const [{ path }] = findings as [Finding];
  const words = path.words.map((word, i) =>
    findings.every((each) => each.path.words[i] === word) ? word : ANY_ELEMENT,
  );
  return inWords(path, words);
}

/** One finding that stands for several of one cause: the largest, with the growth of all. */
export function foldAlike(findings: readonly Finding[]): Finding {
  const [largest, ...others] = [...findings].sort(byGrowth) as [Finding, ...Finding[]];
  // What others refer to as well may be counted for the scope that has the container, and by its name: that is no other.
  const apart = findings.filter(({ container }, i) => findings.findIndex((each) => each.container === container) === i);
  return {
    ...largest,
    bytes: largest.bytes.map((_, i) => sum(findings.map(({ bytes }) => bytes[i]!))),
    members: apart.reduce((total, { members }) => total + members, 0),
    entries: apart.length === 1 ? largest.entries : null,
    folded: [...largest.folded, ...others.flatMap(({ grown, folded }) => [grown, ...folded])],
    alsoHeldBy: findings.flatMap(({ alsoHeldBy }) => alsoHeldBy),
    growAlong: findings.flatMap(({ growAlong }) => growAlong),
  };
}
