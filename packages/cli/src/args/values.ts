import { parseSize } from "../render/units.js";
import { type Given, UsageError } from "./command.js";

const EXAMPLES: Readonly<Record<string, string>> = {
  top: "--top 10",
  "min-growth": "--min-growth 1MB",
  cycles: "--cycles 50, or --cycles 500,50",
};

/** How an option is used. */
export function exampleOf(option: string): string {
  return EXAMPLES[option] ?? `--${option}`;
}

export function toTop(given: Given, otherwise: number): number {
  const text = given.words("top").at(-1);
  if (text === undefined) return otherwise;
  if (!/^0*[1-9]\d{0,8}$/.test(text)) {
    throw new UsageError(`--top takes a whole number from 1, as in ${exampleOf("top")}; "${text}" is none`);
  }
  return Number(text);
}

export function toMinGrowth(given: Given): number | undefined {
  const text = given.words("min-growth").at(-1);
  if (text === undefined) return undefined;
  const bytes = parseSize(text);
  if (bytes === undefined) {
    throw new UsageError(`--min-growth takes a size, as in 512, 10kB, 1MB or 64KiB; "${text}" is none`);
  }
  return bytes;
}
