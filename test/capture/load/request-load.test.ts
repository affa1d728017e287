import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createSecureServer, createServer as createHttp2 } from "node:http2";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { suite, test } from "node:test";
import type { RequestOptions } from "@leakdiff/capture";
import { requestLoad } from "#capture/load/request-load.js";
import { certificateIn, hasOpenssl } from "../../support/certificate.js";
import { inSetting } from "../../support/capture-programs.js";

const done = (_: unknown, response: { end(text: string): unknown }) => void response.end("done");

/** What becomes of three requests to a server, whose port takes the place of "PORT" in the address. */
async function ask(server: Server, url: string, options: Partial<RequestOptions> = {}) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const urls = [url.replace("PORT", String((server.address() as AddressInfo).port))];
    const { failed, failure } = await requestLoad(urls, { requests: 3, ...options, urls }).run(
      1,
      new AbortController().signal,
    );
    return { failed, failure: failure?.replaceAll(/:\d+/g, ":PORT") };
  } finally {
    server.close();
  }
}

suite("requestLoad of a server with TLS", { skip: !hasOpenssl && "no openssl" }, () => {
  const withKeys = (use: (keys: { readonly key: Buffer; readonly cert: Buffer }) => Promise<void>) => () =>
    inSetting(({ folder }) => {
      const { key, cert } = certificateIn(folder);
      return use({ key: readFileSync(key), cert: readFileSync(cert) });
    });

  test(
    "takes a certificate that it signed itself, on this machine",
    withKeys(async (keys) => {
      const result = await ask(createHttps(keys, done), "https://127.0.0.1:PORT/");
      assert.deepEqual(result, { failed: 0, failure: undefined });
    }),
  );

  test(
    "says that it speaks HTTPS, of an address that says HTTP",
    withKeys(async (keys) => {
      assert.deepEqual(await ask(createHttps(keys, done), "http://127.0.0.1:PORT/a?b=c"), {
        failed: 3,
        failure:
          "http://127.0.0.1:PORT/a?b=c does not answer: its server speaks HTTPS; " +
          "give the whole address, https://127.0.0.1:PORT/a?b=c",
      });
    }),
  );

  test(
    "speaks HTTP/2 where the server speaks nothing else",
    withKeys(async (keys) => {
      const result = await ask(createSecureServer(keys, done), "https://127.0.0.1:PORT/");
      assert.deepEqual(result, { failed: 0, failure: undefined });
    }),
  );

  test(
    "asks for the whole address of one that speaks HTTP/2 only, too",
    withKeys(async (keys) => {
      const { failure } = await ask(createSecureServer(keys, done), "http://127.0.0.1:PORT/");
      assert.match(failure!, /its server speaks HTTPS; give the whole address, https:/);
    }),
  );

  test("says that a server speaks no TLS", async () => {
    const { failure } = await ask(createHttp(done), "https://127.0.0.1:PORT/");
    assert.equal(failure, "https://127.0.0.1:PORT/ does not answer: the server speaks no TLS there");
  });
});

test("requestLoad speaks HTTP/2 without TLS where the server speaks nothing else", async () => {
  assert.deepEqual(await ask(createHttp2(done), "http://127.0.0.1:PORT/"), { failed: 0, failure: undefined });
});

const TRY_EXEC = "put load on it with --exec, and a tool that speaks to it";

for (const [what, serve, why] of [
  [
    "greets like a mail server",
    (socket) => void socket.write("220 mail.example ready\r\n"),
    `what came back is not HTTP: "220 mail.example ready"; ${TRY_EXEC}`,
  ],
  [
    "answers in bytes, at length",
    (socket) => void socket.write(Buffer.concat([Buffer.of(0, 27), Buffer.alloc(100, "x")])),
    `what came back is not HTTP: "\\u0000\\u001b${"x".repeat(38)}"…; ${TRY_EXEC}`,
  ],
  [
    "hangs up",
    (socket) => void socket.end(),
    `the server takes connections, and closes them without an answer; if it speaks something else than HTTP, ${TRY_EXEC}`,
  ],
  [
    "hangs up in the middle",
    (socket) => void socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1"),
    "the server closed the connection before its answer was whole",
  ],
  [
    "says something that is wrong",
    (socket) => void socket.end("HTTP/1.1 200 OK\r\ncontent length\r\n\r\n"),
    "its answer breaks the rules of HTTP (Invalid header token)",
  ],
  ["says nothing", () => {}, "there was no answer within 0.5 s"],
  [
    "goes on for ever",
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      const events = setInterval(() => socket.write("1\r\nx\r\n"), 50);
      socket.once("close", () => clearInterval(events));
    },
    "its answer began, and did not end within 0.5 s; if it is a stream of events, read a part of it with --scenario",
  ],
] satisfies [string, (socket: Socket) => void, string][]) {
  test(`requestLoad says what came back from a server that ${what}`, async () => {
    const sockets = new Set<Socket>();
    const server = createTcp((socket) => {
      sockets.add(socket.on("error", () => {}));
      socket.once("data", () => serve(socket));
    });
    const { failed, failure } = await ask(server, "http://127.0.0.1:PORT/", { timeout: 500 });
    for (const socket of sockets) socket.destroy();
    assert.deepEqual([failed, failure], [3, `http://127.0.0.1:PORT/ does not answer: ${why}`]);
  });
}

test("requestLoad sends what it is told to, and says what kind of body that is", async () => {
  const seen: unknown[] = [];
  const server = () =>
    createHttp((request, response) => {
      let text = "";
      request.on("data", (chunk) => (text += chunk));
      request.on("end", () => {
        const { "content-type": type, cookie } = request.headers;
        seen.push([request.method, type, cookie, text]);
        response.end();
      });
    });
  const url = "http://127.0.0.1:PORT/";
  for (const options of [
    { body: '{"a":1}', headers: { Cookie: "id=1" } },
    { body: Buffer.from("a=1"), method: "put" },
    { body: "a", headers: { "Content-Type": "text/plain" } },
    { method: "DELETE" },
  ])
    assert.deepEqual(await ask(server(), url, { ...options, requests: 1 }), { failed: 0, failure: undefined });
  assert.deepEqual(seen, [
    ["POST", "application/json", "id=1", '{"a":1}'],
    ["PUT", "application/x-www-form-urlencoded", undefined, "a=1"],
    ["POST", "text/plain", undefined, "a"],
    ["DELETE", undefined, undefined, ""],
  ]);
});

test("requestLoad says what to do where all requests are refused", async () => {
  for (const [status, advice] of [
    [401, /^http:\/\/127\.0\.0\.1:PORT\/ answers 401; say who asks with --header, as in /],
    [404, /^http:\/\/127\.0\.0\.1:PORT\/ answers 404; check the path$/],
  ] as const) {
    const refuse = createHttp((_, response) => void response.writeHead(status).end());
    assert.match((await ask(refuse, "http://127.0.0.1:PORT/")).failure!, advice);
  }
});

test("requestLoad notes once that an address only sends on to another", async () => {
  const server = createHttp((_, response) => void response.writeHead(302, { location: "/login" }).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const load = requestLoad([`${origin}/`], { urls: [], requests: 3 });
  const signal = new AbortController().signal;
  assert.deepEqual((await load.run(1, signal)).notes, [
    `${origin}/ answers 302 and sends on to ${origin}/login, which is not asked; give that address if it is meant`,
  ]);
  assert.deepEqual((await load.run(2, signal)).notes, []);
  server.close();
});

test("requestLoad asks a server once what it speaks, and sends no more where nobody answers", async () => {
  let connections = 0;
  const server = createTcp((socket) => {
    connections++;
    socket.on("error", () => {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const urls = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/`];
  const load = requestLoad(urls, { urls, requests: 100, connections: 2 });
  const counts: number[] = [];
  for (let cycle = 1; cycle <= 2; cycle++) {
    const { failed } = await load.run(cycle, new AbortController().signal);
    assert.equal(failed, 100);
    counts.push(connections);
    connections = 0;
  }
  server.close();
  const [first, second] = counts as [number, number];
  assert.ok(second <= 8 && first > second, `${first} and ${second} connections`);
});

test("requestLoad says what went wrong where a server speaks HTTP, and hangs up", async () => {
  const { failed, failure } = await ask(
    createHttp((request) => request.socket.destroy()),
    "http://127.0.0.1:PORT/",
  );
  assert.equal(failed, 3);
  assert.match(failure!, /^http:\/\/127\.0\.0\.1:PORT\/ does not answer: /);
  assert.doesNotMatch(failure!, /its server speaks/);
});
