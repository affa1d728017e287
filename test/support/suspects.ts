import assert from "node:assert/strict";
import type { LeakReport, Suspect } from "@leakdiff/core";
import { reportOn } from "./real-reports.js";
import { reportAfter, type SmallProgram } from "./small-program.js";

/** The suspects that count as leaks. */
export function leaksOf({ suspects }: LeakReport): readonly Suspect[] {
  return suspects.filter(({ verdict }) => ["growing", "stepped", "grew"].includes(verdict));
}

/** The one suspect that counts as a leak. */
export function onlyLeak(report: LeakReport): Suspect {
  assert.equal(report.verdict, "leak", report.sentence);
  const leaks = leaksOf(report);
  assert.equal(leaks.length, 1, leaks.map(({ title }) => title).join("; "));
  return leaks[0]!;
}

/** The one leak of a program that does so much in each round. */
export async function leakAfter(program: SmallProgram, round: (number: number) => void): Promise<Suspect> {
  return onlyLeak(await reportAfter(program, round));
}

/** The leak of fixtures/programs/every-kind.mjs, run on this Node, that has this name in its title. */
export function leakOfEveryKind(name: string): Promise<Suspect> {
  return leakOf("every-kind", name);
}

/** The leak of fixtures/programs/kept-with-it.mjs, run on this Node, that has this name in its title. */
export function leakKeptWithIt(name: string): Promise<Suspect> {
  return leakOf("kept-with-it", name);
}

async function leakOf(program: string, name: string): Promise<Suspect> {
  const found = leaksOf(await reportOn(program)).filter(({ title }) => title.includes(name));
  assert.equal(found.length, 1, `${found.length} suspects are called ${name}`);
  return found[0]!;
}

export function times(count: number, make: (number: number) => void): void {
  for (let i = 0; i < count; i++) make(i);
}
