import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { mayBeginFunction, ScopeSearch } from "#core/sources/scope-search.js";
import { TextLines } from "#core/sources/text-lines.js";
import { almostCode, madeProgram, written } from "../../support/arbitrary-code.js";

/** Finds a variable where `|` stands in the text: the place of a function made in its scope, or of its own (`^`). */
function found(marked: string, variable: string, variables: readonly string[] = [variable]): string {
  const mark = marked.search(/[|^]/);
  const text = marked.replace(/[|^]/, "");
  const lines = new TextLines(text);
  const place = mark < 0 ? null : lines.place(mark);
  const isOwn = mark >= 0 && marked[mark] === "^";
  const at = new ScopeSearch(lines).declaration(variable, {
    isTop: mark < 0,
    begins: isOwn ? place : null,
    made: place !== null && !isOwn ? [place] : [],
    variables,
    functionName: "",
  });
  return at < 0 ? "nowhere" : `${text.slice(0, at)}@${text.slice(at)}`;
}

test("a private field is found in its own class, from where that begins or its constructor", () => {
  const text = "class a{#e=1;constructor(x){}}var b=class extends a{constructor(){super()}#t;#e=2;m(){this.#t}}";
  const search = new ScopeSearch(new TextLines(text));
  const second = text.lastIndexOf("class");
  assert.equal(search.privateField(0, "#e"), text.indexOf("#e"));
  assert.equal(search.privateField(text.indexOf("(x)"), "#e"), text.indexOf("#e"));
  for (const at of [second, text.indexOf("(){super")]) {
    assert.equal(search.privateField(at, "#e"), text.lastIndexOf("#e"));
    assert.equal(search.privateField(at, "#t"), text.indexOf("#t"));
    assert.equal(search.privateField(at, "#q"), -1);
  }
});

test("a variable is at the top of a source if no bracket is around it, for types may hide a function's", () => {
  const text = `const cache: Map<string, () => void> = new Map();
export class Shop { async open(id: string): Promise<void> { const visits = id; } }
const { paths } = cache;`;
  const search = new ScopeSearch(new TextLines(text));
  assert.equal(search.levelOf(text.indexOf("cache")), "top");
  assert.equal(search.levelOf(text.indexOf("visits")), "function");
  assert.equal(search.levelOf(text.indexOf("paths")), null, "nobody can tell a pattern from a block");
  assert.equal(search.levelOf(text.lastIndexOf("cache")), null, "declares nothing");
});

suite("where a variable of a scope is declared", () => {
  test("is told from variables of the same name in other scopes", () => {
    assert.equal(
      found("function f(e){let t=1;g(|()=>t)}function h(t){}", "t"),
      "function f(e){let @t=1;g(()=>t)}function h(t){}",
    );
    assert.equal(
      found("var t;function f(e){var t=1;g(()=>t)}x(|()=>t)", "t"),
      "var @t;function f(e){var t=1;g(()=>t)}x(()=>t)",
    );
    assert.equal(found("let t;{let t;g(|()=>t)}", "t"), "let t;{let @t;g(()=>t)}");
    assert.equal(found("let t;f(function^(t,n){})", "t"), "let t;f(function(@t,n){})");
    assert.equal(found("let t;f(function^(n){t})", "t"), "let @t;f(function(n){t})");
  });

  test("is found for every kind of declaration", () => {
    for (const [code, at] of [
      ["var a=1,b=2,x=3", "var a=1,b=2,@x=3"],
      ["var a=f(1,{x:2},[x]),x", "var a=f(1,{x:2},[x]),@x"],
      ["let {a,b:[c,...x]}=d", "let {a,b:[c,...@x]}=d"],
      ["const {x=1}=a", "const {@x=1}=a"],
      ["const {[x]:a,b:x}=c", "const {[x]:a,b:@x}=c"],
      ["async function x(){}", "async function @x(){}"],
      ["function*x(){}", "function*@x(){}"],
      ["export default class x{}", "export default class @x{}"],
      ["export const x=1", "export const @x=1"],
      ['import x from"y"', 'import @x from"y"'],
      ['import a,{b as x,c}from"y"', 'import a,{b as @x,c}from"y"'],
      ['import*as x from"y"', 'import*as @x from"y"'],
      ["a=x\nvar x\nb", "a=x\nvar @x\nb"],
      ["var a=b\nx()\nlet x", "var a=b\nx()\nlet @x"],
      ["for(var x of y);", "for(var @x of y);"],
    ] as const)
      assert.equal(found(code, "x"), at, code);
  });

  test("of what a module exports is that of its own name", () => {
    for (const [code, name, at] of [
      ["const store={};export default store", "default", "const @store={};export default store"],
      ["let a=1\nexport default a\nf()", "default", "let @a=1\nexport default a\nf()"],
      ["export default new Map", "default", "export @default new Map"],
      ["export default a.b", "default", "export @default a.b"],
      ["export default function*x(){}", "default", "export default function*@x(){}"],
      ["export default async function x(){}", "default", "export default async function @x(){}"],
      ["export default class extends X{}", "default", "export @default class extends X{}"],
      ["const a=[];export{b,a as list}", "list", "const @a=[];export{b,a as list}"],
      ["const a=[];export{a as default}", "default", "const @a=[];export{a as default}"],
      ["f(x.export,{export:{a as list}})", "list", "nowhere"],
      ["const a=1", "default", "nowhere"],
    ] as const)
      assert.equal(found(code, name), at, code);
  });

  test("is not a property, a label, or what only looks like a declaration", () => {
    for (const none of ["a.var\nx", "({var:x})", "x:for(;;);", "f(x)", "var a=b,c=x", "'var x'", "/var x/", "`var x`"])
      assert.equal(found(none, "x"), "nowhere", none);
    assert.equal(found("var f=function x^(){}", "x"), "var f=function @x(){}");
  });

  test("is in the scope that has all variables of the snapshot's, even if no function of it is alive", () => {
    const text = "(()=>{var e,t;g()})();(()=>{var e,n;g()})();(()=>{var n,t;g()})()";
    const search = new ScopeSearch(new TextLines(text));
    const scope = { isTop: true, begins: null, made: [], functionName: "" };
    assert.equal(search.declaration("e", { ...scope, variables: ["e", "n", "this"] }), text.indexOf("e,n"));
    assert.equal(search.declaration("n", { ...scope, variables: ["n"] }), -1, "there are two");
    assert.equal(search.declaration("e", { ...scope, variables: ["e", "q"] }), -1, "there is none");
  });

  test("of loops and functions without brackets ends with them", () => {
    assert.equal(
      found("let e=1;for(let e of f)if(e){g(e)}h(|()=>e)", "e"),
      "let @e=1;for(let e of f)if(e){g(e)}h(()=>e)",
    );
    assert.equal(found("let e=1;a?e=>e.b:c(|()=>e)", "e"), "let @e=1;a?e=>e.b:c(()=>e)");
    assert.equal(found("let e=1;f(e=>e?1:2,|()=>e)", "e"), "let @e=1;f(e=>e?1:2,()=>e)");
    assert.equal(found("let e=1\nlet f=e=>e\nlet g=|()=>e", "e"), "let @e=1\nlet f=e=>e\nlet g=()=>e");
    assert.equal(found("try{}catch(e){f(|()=>e)}", "e"), "try{}catch(@e){f(()=>e)}");
  });

  test("is found again in programs of any shape", () => {
    fc.assert(
      fc.property(madeProgram, fc.boolean(), (program, isTight) => {
        const { text, scopes } = written(program, isTight);
        const lines = new TextLines(text);
        const search = new ScopeSearch(lines);
        for (const { names, declared, begins, made } of scopes) {
          names.forEach((name, i) => {
            const scope = { isTop: false, variables: names, functionName: "" };
            const fromInside = { ...scope, begins: null, made: made.map((at) => lines.place(at)) };
            assert.equal(search.declaration(name, fromInside), declared[i], `${name} of ${made}: ${text}`);
            if (begins < 0) return;
            const byItself = { ...scope, begins: lines.place(begins), made: [] };
            assert.equal(search.declaration(name, byItself), declared[i], `${name} at ${begins}: ${text}`);
            assert.ok(mayBeginFunction(lines, lines.place(begins)));
          });
        }
      }),
    );
  });

  test("is asked of any text whatever, and is a place where the name stands", () => {
    fc.assert(
      fc.property(almostCode, fc.nat(80), (text, at) => {
        const lines = new TextLines(text);
        const search = new ScopeSearch(lines);
        const place = lines.place(Math.min(at, text.length));
        for (const begins of [null, place]) {
          const scope = { isTop: begins === null, begins, made: [place], variables: ["a"], functionName: "" };
          const offset = search.declaration("a", scope);
          assert.ok(offset === -1 || text.startsWith("a", offset));
          search.functionAround(Math.min(at, text.length));
          search.classOf(Math.min(at, text.length));
        }
      }),
    );
  });

  test("is looked for in the time of one pass, whatever is nested in what", () => {
    for (const piece of [
      "a=>",
      "(a=",
      "{var a;",
      "`${",
      "var {a:",
      "function(a){",
      "var var ",
      "x?",
      "import a ",
      "for(let a of b)",
      "[",
    ]) {
      const lines = new TextLines(piece.repeat(20_000));
      const scope = { isTop: true, begins: null, made: [], variables: ["a"], functionName: "" };
      new ScopeSearch(lines).declaration("zz", scope);
    }
  });
});
