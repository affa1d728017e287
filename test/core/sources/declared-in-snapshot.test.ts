import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { scopeOf } from "#core/graph/scopes.js";
import { declarationInText } from "#core/sources/declared-in-snapshot.js";
import { heapsAfter, SmallProgram } from "../../support/small-program.js";

interface Asked {
  /** The line of a function that was made in the scope. */
  readonly line?: number;
  /** That function's scope is asked for, not the module's. */
  readonly isInner?: boolean;
}

/** "line:column" of the declaration of a variable, with `=` if that only gives it another name. */
function placeIn(source: string, variable: string, { line = 1, isInner = false }: Asked = {}): string | null {
  const program = new SmallProgram(source, "/app/cache.js");
  const { heap, scope } = program;
  const inner = program.newScope(scope);
  program.variable("inside", program.function("inside", inner, line));
  heap.variable(isInner ? inner : scope, variable, program.array());
  const [analysis] = heapsAfter(heap, 1, () => {});
  const found = declarationInText(analysis!, scopeOf(analysis!, isInner ? inner : scope)!, variable);
  if (found === null) return null;
  assert.equal(found.position.file, "/app/cache.js");
  return `${found.position.line}:${found.position.column}${found.isBorrowed ? "=" : ""}`;
}

const FILLED = `${"// filled\n".repeat(110)}`;

suite("where a snapshot's text of a script declares a variable", () => {
  test("is where the scope has it, not where a comment, a text or another scope does", () => {
    const source = [
      "// const cache = is not here",
      "const text = `const cache = 1`;",
      "function other() { const cache = 2; return () => cache; }",
      "use(text); const cache = new Map();",
    ].join("\n");
    assert.equal(placeIn(source, "cache"), "4:18");
    assert.equal(placeIn(source, "use"), null);
  });

  test("is found for the second of one line, in a pattern, and in what a minifier made", () => {
    assert.equal(placeIn("let cache = new Map(), log = [];", "log"), "1:24");
    assert.equal(placeIn('import{e as t}from"node:http";var n=new Map,r=[];f(n,r)', "n"), "1:35");
    assert.equal(placeIn("const [user, setUser] = signal();", "user"), "1:8");
    assert.equal(placeIn("const { user: other } = session;", "user"), null);
  });

  test("is asked for by name only: what is no name is nowhere", () => {
    assert.equal(placeIn("const $a$ = 1", "$a$"), "1:7");
    for (const variable of ["", ".*", "a b", "a|b", "(a", "0"]) assert.equal(placeIn("const a = 1", variable), null);
  });

  test("is nowhere if it may be behind what the snapshot has of the text", () => {
    const cut = `const early = 1;\nfunction f() { let early = 2; return () => early; }\n${FILLED}`.slice(0, 1024);
    assert.equal(cut.length, 1024);
    assert.equal(placeIn(cut, "early"), "1:7");
    assert.equal(placeIn(cut, "late"), null);
    assert.equal(placeIn(cut, "early", { isInner: true, line: 300 }), null);
    const open = `const early = 1;\nfunction f() {\nreturn () => early;\n${FILLED}`.slice(0, 1024);
    assert.equal(placeIn(open, "early", { isInner: true, line: 3 }), null);
  });

  test("is found in time, however long the text", () => {
    const bundle = "let e=1;".repeat(100_000);
    assert.equal(placeIn(bundle, "e"), "1:5");
    assert.equal(placeIn(`const [${"a, ".repeat(200_000)}`.repeat(2), "x"), null);
  });
});

suite("a declaration gives another name to what is declared elsewhere", () => {
  const borrows = (source: string): boolean => placeIn(source, "bus")!.endsWith("=");

  test("if it is what `require` returned, or a part of it", () => {
    for (const source of [
      "const bus = require('./chat.cjs')",
      "const { bus } = require('./chat.cjs');",
      "const { a: [bus], ...b } = require('./chat.cjs')\nconst c = 1",
      "const bus = require('./chat').bus",
      "const a = 1, bus = require('./chat')['bus'], c = 2",
      "const bus = module.require('./chat')?.bus;",
      "const bus = await import('./chat.mjs')",
      "const bus = __importStar(require('./chat'));",
      "var bus = __toESM(require_chat()).default;",
      "const bus = chat.bus;",
      "const bus = emitter\nuse(bus)",
    ])
      assert.equal(borrows(source), true, source);
  });

  test("not if it is something new", () => {
    for (const source of [
      "let bus",
      "let bus = null;",
      "class bus {}",
      "function bus() { return require('./chat') }",
      "const bus = new EventEmitter()",
      "const bus = new (require('events'))();",
      "const bus = require('pino')()",
      "const bus = require('./chat').create({});",
      "const bus = require('./chat')\n('a')",
      "const bus = express(require('./settings'))",
      "const bus = emitter || new Emitter()",
      "const bus = emitter => 1",
      "const bus = function () {}",
      "const bus = { bus: require('./chat') };",
    ])
      assert.equal(borrows(source), false, source);
  });
});
