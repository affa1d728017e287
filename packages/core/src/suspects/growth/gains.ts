import type { HolderGrowth } from "../../diff/holder-growth.js";
import { leftWith } from "../../diff/left-behind.js";
import type { SurvivorIndex } from "../../diff/survivors.js";
import { differences } from "./growth-verdict.js";

/** What survivors gained; those that are not listed gained nothing. Both columns have a row for each that is. */
export interface Gains {
  readonly survivors: Uint32Array; // ascending
  readonly bytes: Float64Array; // less than 0 where it is a loss
}

/** Over all intervals, or what is left of what an action made. */
export function gainsInAll(growth: HolderGrowth): Gains {
  const { bytes, left } = growth;
  if (left !== null) return listed(left.bytes.length, (each) => left.bytes[each]! + left.storage[each]!);
  const { changed, program } = bytes;
  const [first, last] = [program[0]!, program[program.length - 1]!];
  return { survivors: changed, bytes: Float64Array.from(changed, (_, row) => last[row]! - first[row]!) };
}

/** The same of those that gained some in every interval; after cleaning up, of those that have some left. */
export function steadyGains(growth: HolderGrowth): Gains {
  const { bytes, left } = growth;
  if (left !== null) return listed(left.bytes.length, (each) => leftWith(growth, left, each));
  const { changed, program } = bytes;
  const [first, last] = [program[0]!, program[program.length - 1]!];
  const isSteady = (row: number): boolean =>
    program.every((column, snapshot) => snapshot === 0 || column[row]! > program[snapshot - 1]![row]!);
  const rows = changed.map((_, row) => row).filter(isSteady);
  return {
    survivors: rows.map((row) => changed[row]!),
    bytes: Float64Array.from(rows, (row) => last[row]! - first[row]!),
  };
}

/** What each of them gained in the interval in which that was least. */
export function smallestOf({ bytes }: HolderGrowth, { survivors }: Gains): Float64Array {
  return Float64Array.from(survivors, (survivor) => Math.min(...differences(bytes.programOf(survivor))));
}

function listed(count: number, bytesOf: (survivor: SurvivorIndex) => number): Gains {
  const survivors: SurvivorIndex[] = [];
  for (let survivor = 0; survivor < count; survivor++) if (bytesOf(survivor) !== 0) survivors.push(survivor);
  return { survivors: Uint32Array.from(survivors), bytes: Float64Array.from(survivors, bytesOf) };
}
