import fc from "fast-check";

/** Texts of pieces that mean something in JavaScript, in an order that need not. */
export const almostCode: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ..."( ) [ ] { } => ... , ; : ? ?. ?? . = + ++ - * / // /* */ ' \" ` ${ \\ \n".split(" "),
      ..."a b var let const function async class extends for catch if else return import from of new static".split(" "),
      " ",
      "\u2028",
      "5",
      "#x",
      "ü",
    ),
    { maxLength: 80 },
  )
  .map((parts) => parts.join(""));

/** One scope of a made-up program, and what is in it. */
export interface MadeScope {
  readonly kind: "function" | "arrow" | "short-arrow" | "method" | "block" | "loop" | "class-method";
  readonly names: readonly string[];
  readonly inner: readonly MadeScope[];
}

const name = fc.constantFrom(..."a b c d e t".split(" "));

const { scope } = fc.letrec<{ scope: MadeScope }>((tie) => ({
  scope: fc.record({
    kind: fc.constantFrom("function", "arrow", "short-arrow", "method", "block", "loop", "class-method"),
    names: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    inner: fc.oneof(
      { maxDepth: 3, depthIdentifier: "scopes" },
      fc.constant<MadeScope[]>([]),
      fc.array(tie("scope") as fc.Arbitrary<MadeScope>, { maxLength: 3 }),
    ),
  }) as fc.Arbitrary<MadeScope>,
}));

export const madeProgram: fc.Arbitrary<readonly MadeScope[]> = fc.array(scope, { minLength: 1, maxLength: 4 });

/** A scope as it stands in the text: where its names are declared, and where functions begin that are made in it. */
export interface WrittenScope {
  readonly names: readonly string[];
  readonly declared: readonly number[];
  /** Where the function begins, or -1 for a block. */
  readonly begins: number;
  /** Of the functions made right in it. */
  readonly made: readonly number[];
  readonly isFunction: boolean;
}

/**
 * Writes a program as a minifier would, without white space, or as a person would, and notes what is where: the truth
 * that is to be found again. In each scope one function is made that uses all of its names.
 */
export function written(program: readonly MadeScope[], isTight: boolean): { text: string; scopes: WrittenScope[] } {
  const [space, line] = isTight ? ["", ""] : [" ", "\n"];
  const scopes: WrittenScope[] = [];
  let text = "";
  const put = (piece: string): void => void (text += piece);

  const declare = (keyword: string, names: readonly string[], declared: number[]): void => {
    put(`${keyword} `);
    names.forEach((each, i) => {
      if (i > 0) put(`,${space}`);
      const style = (each.charCodeAt(0) + i) % 3;
      put(style === 0 ? "" : style === 1 ? `{x:${space}` : `[,${space}`);
      declared.push(text.length);
      put(style === 0 ? `${each}${space}=${space}0` : style === 1 ? `${each}}${space}=${space}q` : `${each}]=[1,2]`);
    });
    put(`;${line}`);
  };
  const parameters = (names: readonly string[], declared: number[]): void => {
    put("(");
    names.forEach((each, i) => {
      if (i > 0) put(`,${space}`);
      declared.push(text.length);
      put(i % 2 === 0 ? each : `${each}${space}=${space}/[)]/.z(")")`);
    });
    put(")");
  };
  const body = (inner: readonly MadeScope[], names: readonly string[], made: number[]): void => {
    for (const each of inner) made.push(...write(each));
    put(`use(`);
    made.push(text.length);
    put(`()${space}=>${space}${names.join("+")});${line}`);
  };
  /** @returns where functions begin that are made in the scope around */
  function write({ kind, names, inner }: MadeScope): number[] {
    const declared: number[] = [];
    const made: number[] = [];
    let begins = -1;
    const before: Record<MadeScope["kind"], string> = {
      function: `function f${space || " "}`,
      arrow: `use(`,
      "short-arrow": `q${space}?${space}`,
      method: `use({${space}get:${space}1,${space}m`,
      block: `if${space}(q)${space}{${line}`,
      loop: `for${space}(`,
      "class-method": `use(class extends q${space}{${space}static m`,
    };
    put(before[kind]);
    begins = text.length;
    if (kind === "block") declare("let", names, declared);
    else if (kind === "loop") {
      put("const ");
      declared.push(text.length);
      put(`${names[0]} of q)${space}{${line}`);
    } else parameters(names, declared);
    if (kind === "arrow" || kind === "short-arrow") put(`${space}=>${space}`);
    const isShort = kind === "short-arrow";
    const own = kind === "loop" ? names.slice(0, 1) : names;
    if (isShort) {
      made.push(text.length);
      put(`()${space}=>${space}${names.join("+")}${space}:${space}0;${line}`);
    } else {
      if (kind !== "block" && kind !== "loop") put(`{${line}`);
      body(inner, own, made);
      put("}");
    }
    const after: Partial<Record<MadeScope["kind"], string>> = { arrow: ");", method: "});", "class-method": "});" };
    put(`${after[kind] ?? ""}${line}`);
    const isFunction = kind !== "block" && kind !== "loop";
    scopes.push({ names: own, declared, begins: isFunction ? begins : -1, made, isFunction });
    return isFunction ? [begins] : [];
  }
  const top: number[] = [];
  for (const each of program) top.push(...write(each));
  return { text, scopes };
}
