/** A place in a source file, in the words of its author: before it was compiled and bundled. 1-based. */
export interface OriginalPlace {
  /** The file as a path from the folder that was asked for, or as the map calls it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What the author calls the variable, function or class there; null where that is not known. */
  readonly name: string | null;
  /** The line of source, cut around the place to a length that can be printed; null if no file has it. */
  readonly text: string | null;
}

/** A place in a script, 1-based. */
export interface ScriptPlace {
  readonly line: number;
  readonly column: number;
}

/** What a snapshot says of a script: enough to find its file, and to see that it is the same text. */
export interface ScriptFacts {
  /** Path or URL, as V8 has it. */
  readonly name: string;
  /** How its text begins; empty if the snapshot does not tell. */
  readonly head: string;
  /** Some of the places where V8 says that functions begin. */
  readonly functions: readonly ScriptPlace[];
}

/** What a snapshot says of a scope: together that tells which one of its script it is. */
export interface ScopeFacts {
  /** True if nothing in the script encloses it. */
  readonly isTop: boolean;
  /** Where the function begins whose scope it is; null if unknown. */
  readonly begins: ScriptPlace | null;
  /** Where functions begin that were made in it. */
  readonly made: readonly ScriptPlace[];
  /** Variables that it has, among others. */
  readonly variables: readonly string[];
  /** What V8 calls the function whose scope it is; empty if it has no name, or is none. */
  readonly functionName: string;
}

/** What a snapshot says of the variables of a call that waits: V8 has them by number only. */
export interface RegisterFacts {
  /** Where its function begins; null if that is the whole file. */
  readonly begins: ScriptPlace | null;
  /** What V8 calls the function; empty if it has no name. */
  readonly functionName: string;
  /** Variables that closures have: they are in no register. */
  readonly captured: readonly string[];
  /** register -> the class of the object that it has; of a function "function " and its name */
  readonly holds: ReadonlyMap<number, string>;
  /** The register that has the call itself; -1 if none has. */
  readonly generator: number;
}

/** Where a variable is declared, 1-based in the script that ran, and the function whose scope that is. */
export interface Declaration extends ScriptPlace {
  readonly original: OriginalPlace;
  /** The function, in the script and in its source; null for the top of a file, and if it is not known. */
  readonly within: (ScriptPlace & { readonly original: OriginalPlace }) | null;
  /** Where the source declares it: at the top of a file, or in a function there; null if that is not known. */
  readonly level: "top" | "function" | null;
  /** True if it only gives another name to what is declared elsewhere, such as what `require` returned. */
  readonly isBorrowed: boolean;
}

/** Tells what stood in the files from which a program was made, as far as files on disk say. */
export interface Originals {
  /**
   * What a place of a script was; null if no file tells.
   * @param name what V8 calls the function or class that begins there: its own name is told then
   */
  place(script: ScriptFacts, at: ScriptPlace, name: string): OriginalPlace | null;
  /** True for a place that the map of its script does not know: what a bundler put there itself. */
  isBundlers(script: ScriptFacts, at: ScriptPlace): boolean;
  /** What the source calls a private field of the class that begins at a place, or whose constructor does; null if it has none. */
  privateField(script: ScriptFacts, at: ScriptPlace, name: string): string | null;
  /** Where a variable is declared, in the script and in its source; null if no file tells. */
  declaration(script: ScriptFacts, variable: string, scope: ScopeFacts): Declaration | null;
  /** The same of the variable that a register of a call has. */
  inRegister(script: ScriptFacts, register: number, facts: RegisterFacts): Declaration | null;
}
