import type { Command } from "./command.js";

/** What the operands and options of one call are, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** Wherever these stand, yargs takes them for its own. */
const PARSERS_WORDS: ReadonlySet<string> = new Set(["help", "h", "version", "$0"]);

/**
 * Reads a call that leaves nothing to be understood: operands, flags and options with their values, all of them known
 * and none of them missing. Most calls are like that, and the parser for all others takes longer to load than a small
 * snapshot to read. It answers as that parser would, or not at all.
 * @param words without the name of the command
 */
export function plainCall(command: Command<unknown>, words: readonly string[]): Values | undefined {
  if (command.wrapsProgram) return undefined;
  const values: Record<string, unknown> = {};
  const operands: string[] = [];
  for (let place = 0; place < words.length; place++) {
    const word = words[place]!;
    if (/['"]/.test(word) || PARSERS_WORDS.has(word)) return undefined;
    if (!word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    const name = word.replace(/^--/, "");
    const option = Object.hasOwn(command.options, name) ? command.options[name]! : undefined;
    if (option === undefined || name === word || Object.hasOwn(values, name)) return undefined;
    const next = words[place + 1];
    if (option.type === "boolean") {
      if (next === "true" || next === "false") return undefined;
      values[name] = true;
    } else {
      if (option.type !== "string" || option.array === true || next === undefined) return undefined;
      if (next.startsWith("-") || next.startsWith("\0") || /['"]/.test(next)) return undefined;
      values[name] = next;
      place++;
    }
  }
  return placed(command.usage, operands, values);
}

/** Names the operands after the command's usage: `<file>`, `[file]` or, for all that are left, `[more..]`. */
function placed(usage: string, operands: string[], values: Record<string, unknown>): Values | undefined {
  for (const word of usage.split(" ").slice(1)) {
    const [, name, rest] = /^[<[](\w+)(\.\.)?[>\]]$/.exec(word) ?? [];
    if (name === undefined || Object.hasOwn(values, name)) return undefined;
    if (rest !== undefined) values[name] = operands.splice(0);
    else if (operands.length > 0) values[name] = operands.shift();
    else if (word.startsWith("<")) return undefined;
  }
  return operands.length === 0 ? values : undefined;
}
