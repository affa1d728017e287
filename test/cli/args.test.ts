import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseArgs, type LeaksRequest, type Parsed, type Request, type RunRequest } from "#cli/args.js";

const parse = (...argv: string[]): Promise<Parsed> => parseArgs(argv, "1.2.3", 80);

async function run(...argv: string[]): Promise<Request> {
  const parsed = await parse(...argv);
  assert.equal(parsed.kind, "run", JSON.stringify(parsed));
  return (parsed as Parsed & { kind: "run" }).request;
}

async function files(...argv: string[]): Promise<readonly string[]> {
  return ((await run(...argv)) as LeaksRequest).files;
}

async function usage(...argv: string[]): Promise<string> {
  const parsed = await parse(...argv);
  assert.equal(parsed.kind, "usage", JSON.stringify(parsed));
  return (parsed as Parsed & { kind: "usage" }).message;
}

async function printed(...argv: string[]): Promise<string> {
  const parsed = await parse(...argv);
  assert.equal(parsed.kind, "print", JSON.stringify(parsed));
  return (parsed as Parsed & { kind: "print" }).text;
}

describe("parseArgs", () => {
  it("compares the files it is given, in their order", async () => {
    assert.deepEqual(await run("a", "b"), {
      command: "leaks",
      files: ["a", "b"],
      json: false,
      noColor: false,
      top: 5,
      minGrowth: undefined,
      cycles: undefined,
      cleanup: false,
      sourceRoot: undefined,
      showStrings: false,
      memory: undefined,
      force: false,
      known: [],
      exitZero: false,
    });
    assert.deepEqual(await files("c", "a", "b", "d"), ["c", "a", "b", "d"]);
  });

  it("takes file names as they are", async () => {
    assert.deepEqual(await files("123", "0x10", "1e3", "007"), ["123", "0x10", "1e3", "007"]);
    assert.deepEqual(await files("my heap.heapsnapshot", "über/ü.heapsnapshot"), [
      "my heap.heapsnapshot",
      "über/ü.heapsnapshot",
    ]);
    assert.deepEqual(await files("__proto__", "constructor"), ["__proto__", "constructor"]);
    assert.deepEqual(await files("", "a"), ["", "a"]);
    assert.deepEqual(await files("a=b", "c.d"), ["a=b", "c.d"]);
  });

  it("takes everything behind -- as a file", async () => {
    assert.deepEqual(await files("--", "-a", "--json"), ["-a", "--json"]);
    assert.deepEqual(await files("a", "--", "-b"), ["a", "-b"]);
    assert.deepEqual(await files("--", "summary", "--"), ["summary", "--"]);
    assert.deepEqual(await run("summary", "--", "-x"), {
      command: "summary",
      file: "-x",
      json: false,
      noColor: false,
      top: 20,
      sourceRoot: undefined,
      force: false,
    });
  });

  it("passes - on as standard input, which can be read once", async () => {
    assert.deepEqual(await files("-", "b"), ["-", "b"]);
    assert.deepEqual(await files("a", "-", "c"), ["a", "-", "c"]);
    assert.match(await usage("-", "-"), /only once/);
  });

  it("reads the options wherever they stand", async () => {
    assert.deepEqual(
      await run(
        "--json",
        "a",
        "--top",
        "3",
        "b",
        "--min-growth=64KiB",
        "--exit-zero",
        "c",
        "--no-color",
        "--memory",
        "low",
        "--force",
      ),
      {
        command: "leaks",
        files: ["a", "b", "c"],
        json: true,
        noColor: true,
        top: 3,
        minGrowth: 65_536,
        cycles: undefined,
        cleanup: false,
        sourceRoot: undefined,
        showStrings: false,
        memory: "low",
        force: true,
        known: [],
        exitZero: true,
      },
    );
    assert.deepEqual(await run("--json", "summary", "x"), {
      command: "summary",
      file: "x",
      json: true,
      noColor: false,
      top: 20,
      sourceRoot: undefined,
      force: false,
    });
  });

  it("finds the command behind the values of options", async () => {
    assert.equal((await run("--top", "3", "summary", "x")).command, "summary");
    assert.match(await usage("--top", "summary", "x", "y"), /"summary" is none/);
  });

  it("takes low for --memory, and nothing else", async () => {
    assert.equal(((await run("a", "b", "--memory=low")) as LeaksRequest).memory, "low");
    assert.match(await usage("a", "b", "--memory", "high"), /--memory takes one word, low; "high" is none/);
    assert.equal(((await run("retainers", "a", "@1", "--force")) as { force?: boolean }).force, true);
  });

  it("takes a folder of sources wherever names are told", async () => {
    assert.equal(((await run("a", "b", "--source-root", "../app")) as LeaksRequest).sourceRoot, "../app");
    assert.equal(((await run("retainers", "a", "@1", "--source-root=.")) as { sourceRoot?: string }).sourceRoot, ".");
    assert.match(await usage("a", "b", "--source-root"), /--source-root needs a value, as in --source-root \./);
    assert.equal(((await run("summary", "a", "--source-root", ".")) as { sourceRoot?: string }).sourceRoot, ".");
  });

  it("lets the last of a repeated option win", async () => {
    assert.equal(((await run("a", "b", "--top", "1", "--top", "9")) as LeaksRequest).top, 9);
  });

  it("reads an object's id with or without @", async () => {
    const request = {
      command: "retainers",
      file: "a",
      sourceRoot: undefined,
      force: false,
      json: false,
      noColor: false,
    };
    assert.deepEqual(await run("retainers", "a", "@123"), { ...request, id: 123 });
    assert.deepEqual(await run("retainers", "a", "4294967295"), { ...request, id: 4_294_967_295 });
    for (const id of ["@", "x12", "1.5", "@-1", "4294967296", "12345678901234567890"]) {
      assert.match(await usage("retainers", "a", id), /@12345/, id);
    }
  });

  it("shows an example of a size or number it cannot read", async () => {
    for (const size of ["much", "10XB", "1,5MB", "-1", "1e6", "10 0"]) {
      assert.match(await usage("a", "b", "--min-growth", size), /--min-growth takes a size, as in .*10kB/, size);
    }
    for (const top of ["0", "-3", "1.5", "all"]) {
      assert.match(await usage("a", "b", "--top", top), /--top takes a whole number .*--top 10/, top);
    }
    assert.match(await usage("a", "b", "--top"), /--top needs a value, as in --top 10/);
    assert.match(await usage("--top", "--", "a", "b"), /--top needs a value, as in --top 10/);
    assert.match(await usage("a", "b", "--min-growth"), /--min-growth needs a value, as in --min-growth 1MB/);
  });

  it("reads how many cycles lay between the snapshots", async () => {
    assert.deepEqual(((await run("a", "b", "c", "--cycles", "50")) as LeaksRequest).cycles, [50]);
    assert.deepEqual(((await run("--cycles", "500,50", "a", "b", "c")) as LeaksRequest).cycles, [500, 50]);
    assert.deepEqual(((await run("--cycles=7", "a", "b")) as LeaksRequest).cycles, [7]);
    for (const cycles of ["0", "-5", "1.5", "50,", "50 100", "1e3", "5,0", "many"]) {
      assert.match(await usage("a", "b", "c", `--cycles=${cycles}`), /--cycles takes whole .*--cycles 50, /, cycles);
    }
    const tooMany = await usage("a", "b", "c", "--cycles", "1,2,3");
    assert.match(tooMany, /one for each of the 2 intervals between 3 snapshots, as in --cycles 1,2; "1,2,3" has 3/);
    assert.match(await usage("a", "b", "c", "d", "--cycles", "5,6"), /as in --cycles 5,6,6; /);
    assert.match(await usage("a", "b", "--cycles"), /--cycles needs a value, as in --cycles 50/);
    assert.equal(await usage("summary", "a", "--cycles", "3"), "leakdiff summary has no --cycles");
  });

  it("takes three snapshots where the last is of after cleaning up", async () => {
    assert.equal(((await run("--cleanup", "a", "b", "c")) as LeaksRequest).cleanup, true);
    assert.equal(((await run("--show-strings", "a", "b")) as LeaksRequest).showStrings, true);
    assert.deepEqual(((await run("a", "b", "c", "--cleanup", "--cycles", "7")) as LeaksRequest).cycles, [7]);
    for (const given of [
      ["a", "b"],
      ["a", "b", "c", "d"],
    ]) {
      assert.match(
        await usage(...given, "--cleanup"),
        /three snapshots.*there are [24]\nFor example: leakdiff --cleanup/,
      );
    }
    assert.match(await usage("a", "b", "c", "--cleanup", "--cycles", "7,3"), /one number, as in --cycles 7$/);
  });

  it("takes all behind the program's name as the program's own", async () => {
    const program = async (...argv: string[]) => ((await run("run", "--url", "/", ...argv)) as RunRequest).program;
    assert.deepEqual(await program("--", "node", "server.js", "--json"), ["node", "server.js", "--json"]);
    assert.deepEqual(await program("node", "server.js", "--top", "x"), ["node", "server.js", "--top", "x"]);
    assert.deepEqual(await program("npm", "run", "x", "--", "--port", "1"), ["npm", "run", "x", "--", "--port", "1"]);
    assert.deepEqual(await program("--gzip", "node", "-e", "", "-"), ["node", "-e", "", "-"]);
    assert.deepEqual(await program("--", "--odd"), ["--odd"]);
    assert.deepEqual(await program("node", "a.js", "--out", "--", "b"), ["node", "a.js", "--out", "--", "b"]);
  });

  it("reads what load to put on a program", async () => {
    const load = async (...argv: string[]) => {
      const { load, url } = (await run("run", ...argv, "--", "node", "a.js")) as RunRequest;
      return { load, url };
    };
    assert.deepEqual(await load("--url", "/a", "--url", "/b"), { load: { urls: ["/a", "/b"] }, url: undefined });
    const words = ["--header", "Cookie: a=1:2", "--header", "X-Empty:", "--body", "@order.json", "--method", "PUT"];
    assert.deepEqual(await load("--url", "/", ...words), {
      load: { urls: ["/"], method: "PUT", headers: { Cookie: "a=1:2", "X-Empty": "" }, body: "@order.json" },
      url: undefined,
    });
    const twice = ["Cookie: a=1", "Accept: text/html", "cookie: b=2", "accept: text/plain"];
    assert.deepEqual(await load("--url", "/", ...twice.flatMap((header) => ["--header", header])), {
      load: { urls: ["/"], headers: { Cookie: "a=1; b=2", Accept: "text/html, text/plain" } },
      url: undefined,
    });
    assert.deepEqual(await load("--url", "/", "--requests", "30", "--rate", "0.5", "--connections", "2"), {
      load: { urls: ["/"], requests: 30, rate: 0.5, connections: 2 },
      url: undefined,
    });
    assert.deepEqual(await load("--exec", "k6 run -"), { load: { command: "k6 run -" }, url: undefined });
    assert.deepEqual(await load("--scenario", "s.mjs", "--url", "http://localhost:1"), {
      load: { scenario: "s.mjs" },
      url: "http://localhost:1",
    });
  });

  it("says what is wrong with a run", async () => {
    const wrong = (...argv: string[]) => usage("run", ...argv, "--", "node", "a.js");
    assert.match(await usage("run", "--url", "/"), /run needs a program/);
    assert.match(await wrong(), /what load .*--url, --exec or --scenario/);
    assert.match(
      await usage("run", "node", "a.js", "--url", "/"),
      /\nWhat stands behind the program is the program's own;/,
    );
    assert.match(await wrong("--exec", "x", "--scenario", "y"), /two kinds of load/);
    assert.match(await wrong("--exec", "x", "--rate", "2"), /--rate is about requests/);
    assert.match(await wrong("--exec", "x", "--body", "2"), /--body is about requests/);
    assert.match(await wrong("--url", "/", "--header", "Cookie"), /--header "Cookie: id=1"; "Cookie" is none/);
    assert.match(await wrong("--url", "/", "--method", "P T"), /--method takes a word such as POST; "P T"/);
    assert.match(await wrong("--exec", "x", "--url", "a", "--url", "b"), /one --url/);
    assert.match(await wrong("--url", "/", "--snapshots", "1"), /from 2 to 26, as in --snapshots 3; "1"/);
    assert.match(await wrong("--url", "/", "--rate", "0"), /--rate 10 or --rate 0\.5; "0"/);
    assert.match(await wrong("--url", "/", "--timeout", "soon"), /--timeout 90s, or --timeout 2m; "soon"/);
    assert.equal(await wrong("--url", "/", "--cleanup"), "leakdiff run has no --cleanup");
    assert.equal(await wrong("--url", "/", "--warmpu", "2"), "there is no option --warmpu; did you mean --warmup?");
    assert.match(await wrong("--url", "/", "--cycles", "5,5"), /from 1, as in --cycles 50; "5,5" is none$/);
    assert.equal(await wrong("--url"), "--url needs a value, as in --url /page");
  });

  it("reads what to attach to", async () => {
    assert.deepEqual(await run("attach", "localhost:9222", "--page", "Inbox", "--every", "5m", "--force"), {
      command: "attach",
      target: "localhost:9222",
      every: 300_000,
      page: "Inbox",
      worker: undefined,
      snapshots: undefined,
      out: undefined,
      gzip: false,
      top: 5,
      minGrowth: undefined,
      sourceRoot: undefined,
      showStrings: false,
      memory: undefined,
      force: true,
      known: [],
      exitZero: false,
      json: false,
      noColor: false,
    });
    assert.match(await usage("attach"), /attach needs a process/);
    assert.equal(await usage("attach", "1", "2"), 'attach takes one process; "2" is too much');
  });

  it("takes fingerprints of known leaks, as often as there are any", async () => {
    const [a, b] = ["map-cache-1355a1461f4e", "module-array-ca2ca91b32d0"];
    assert.deepEqual(((await run("--known", a, "a", "--known", b, "b")) as LeaksRequest).known, [a, b]);
    assert.deepEqual(((await run("run", "--url", "/", "--known", a, "node", "a.js")) as RunRequest).known, [a]);
    for (const wrong of ["listItems", "@12345", "map-cache", `${a},${b}`])
      assert.match(await usage("a", "b", "--known", wrong), /behind the @id of a leak, as in --known map-cache-\w+; /);
  });

  it("reads times", async () => {
    const timeout = async (text: string) =>
      ((await run("run", "--url", "/", "--timeout", text, "node", "a")) as RunRequest).readyTimeout;
    for (const [text, milliseconds] of [
      ["90", 90_000],
      ["1.5s", 1500],
      ["250ms", 250],
      ["2m", 120_000],
    ] as const) {
      assert.equal(await timeout(text), milliseconds, text);
    }
  });

  it("suggests the option that was meant", async () => {
    assert.equal(await usage("a", "b", "--jsn"), "there is no option --jsn; did you mean --json?");
    assert.equal(await usage("a", "b", "--exit-zer0=1"), "there is no option --exit-zer0; did you mean --exit-zero?");
    assert.equal(await usage("a", "b", "--flamegraph"), "there is no option --flamegraph");
    assert.equal(await usage("a", "b", "-x"), "there is no option -x");
    assert.equal(
      await usage("a", "-b.heapsnapshot"),
      "there is no option -b.heapsnapshot; a file of that name is given as ./-b.heapsnapshot",
    );
    assert.equal(await usage("-V"), "there is no option -V; did you mean --version?");
    assert.equal(await usage("run", "-o", "heap"), "there is no option -o; did you mean --out?");
    assert.equal(await usage("a", "b", "-c"), "there is no option -c", "--cycles or --cleanup");
    assert.equal(await usage("--__proto__", "a", "b"), "there is no option --__proto__");
    assert.equal(await usage("--a", "x", "b"), "there is no option --a");
    assert.equal(await usage("--get-yargs-completion", "b"), "there is no option --get-yargs-completion");
  });

  it("says which command an option does not belong to", async () => {
    assert.equal(await usage("summary", "a", "--min-growth", "1MB"), "leakdiff summary has no --min-growth");
    assert.equal(await usage("retainers", "a", "@1", "--top", "3"), "leakdiff retainers has no --top");
  });

  it("suggests the command that was meant", async () => {
    assert.equal(await usage("sumary", "a"), "there is no command sumary; did you mean leakdiff summary?");
    assert.equal(
      await usage("retianers", "a", "@1"),
      "there is no command retianers; did you mean leakdiff retainers?",
    );
    assert.equal(await usage("help"), "there is no command help; did you mean leakdiff --help?");
    assert.equal(await usage("help", "run"), "there is no command help; did you mean leakdiff run --help?");
    assert.equal(await usage("version"), "there is no command version; did you mean leakdiff --version?");
    assert.deepEqual(await files("./sumary", "a"), ["./sumary", "a"]);
  });

  it("explains that one snapshot is not enough", async () => {
    const message = await usage("before.heapsnapshot", "--json");
    assert.match(message, /take a second/);
    assert.match(message, /leakdiff summary before\.heapsnapshot/);
    assert.match(await usage("--", "-odd"), /leakdiff summary \.\/-odd/);
    assert.match(
      await usage(process.cwd()),
      / is a folder; name the snapshots in it, oldest first, as in leakdiff .*b\.heap/,
    );
  });

  it("says what is missing or too much", async () => {
    assert.match(await usage(), /^give two or three snapshots.*\n.*leakdiff run .*\n.*leakdiff attach /);
    assert.match(await usage("summary"), /summary needs a snapshot/);
    assert.match(await usage("retainers"), /retainers needs a snapshot and an object's id/);
    assert.match(await usage("retainers", "a"), /retainers needs a snapshot and an object's id/);
    assert.equal(await usage("summary", "a", "b"), 'summary takes one snapshot; "b" is too much');
    assert.equal(
      await usage("retainers", "a", "@1", "@2"),
      'retainers takes one snapshot and one id; "@2" is too much',
    );
    assert.equal(await usage("completion", "fish"), 'completion takes nothing; "fish" is too much');
    assert.equal(await usage("summary", "a", "--", "-b"), 'summary takes one snapshot; "-b" is too much');
  });

  it("prints help for itself and for each command", async () => {
    const help = await printed("--help");
    for (const word of ["summary", "retainers", "completion", "--min-growth", "Examples:", "Exit codes:"]) {
      assert.ok(help.includes(word), word);
    }
    assert.equal(await printed("-h"), help);
    assert.equal(await printed("a", "b", "--help"), help);
    assert.match(await printed("summary", "--help"), /Holders and classes to show/);
    assert.match(await printed("retainers", "-h"), /@12345/);
  });

  it("prints help that fits the width and says nothing of types", async () => {
    for (const argv of [[], ["run"], ["attach"], ["summary"], ["retainers"], ["completion"]]) {
      const help = await printed(...argv, "--help");
      assert.doesNotMatch(help, /\[(string|boolean|default|required|array)\]/);
      for (const line of help.split("\n")) assert.ok(line.length <= 80, line);
    }
  });

  it("prints the version it is given", async () => {
    assert.equal(await printed("--version"), "1.2.3");
    assert.equal(await printed("summary", "--version"), "1.2.3");
  });

  it("prints a completion script that asks leakdiff itself", async () => {
    assert.match(await printed("completion"), /leakdiff --get-yargs-completions/);
  });

  it("completes commands and options", async () => {
    assert.deepEqual((await printed("--get-yargs-completions", "leakdiff", "su")).split("\n"), [
      "run",
      "attach",
      "trend",
      "summary",
      "retainers",
      "completion",
    ]);
    const options = (await printed("--get-yargs-completions", "leakdiff", "--")).split("\n");
    for (const option of ["--json", "--top", "--min-growth"]) assert.ok(options.includes(option), option);
  });
});
