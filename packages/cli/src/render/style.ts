/** Turns text into text that looks so; with colour off it is the same text. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
}

export type Paint = (text: string) => string;

export function style(color: boolean): Style {
  const paint = (on: number, off: number): Paint =>
    color ? (text) => (text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`) : (text) => text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    yellow: paint(33, 39),
    green: paint(32, 39),
    cyan: paint(36, 39),
  };
}

/** Colour goes to terminals, unless the user or the environment says otherwise (no-color.org, force-color.org). */
export function wantsColor(
  noColor: boolean,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (noColor) return false;
  // Of both an empty one is none.
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0" && env["FORCE_COLOR"] !== "false";
  if (env["NO_COLOR"]) return false;
  return isTerminal && env["TERM"] !== "dumb";
}

/** Drawings are of plain letters where the locale says that the terminal shows no others. */
export function wantsAscii(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"];
  return env["TERM"] === "dumb" || (locale !== undefined && locale !== "" && !/utf-?8/i.test(locale));
}
