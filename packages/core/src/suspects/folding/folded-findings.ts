import { type Finding, withGrowthOf } from "../growth/finding.js";

/** Findings of which some are folded into others, which then stand for them and for all that those stood for. */
export class FoldedFindings {
  readonly #left: Map<Finding, Finding>; // one that is folded into no other -> it with all that is folded into it

  constructor(findings: readonly Finding[]) {
    this.#left = new Map(findings.map((finding) => [finding, finding]));
  }

  /** True for a finding that is folded into no other. */
  isLeft(finding: Finding): boolean {
    return this.#left.has(finding);
  }

  /**
   * Folds one finding that is left into another.
   * @param together makes one of the two
   */
  fold(finding: Finding, into: Finding, together: (into: Finding, finding: Finding) => Finding = withGrowthOf): void {
    this.#left.set(into, together(this.#left.get(into)!, this.#left.get(finding)!));
    this.#left.delete(finding);
  }

  /** Those that are left, in the order they came, each with all that is folded into it. */
  all(): Finding[] {
    return [...this.#left.values()];
  }
}
