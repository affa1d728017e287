import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createSecureServer, createServer as createHttp2 } from "node:http2";
import { createServer as createHttps } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { suite, test } from "node:test";
import { requestLoad } from "#capture/load/request-load.js";
import { certificateIn, hasOpenssl } from "../../support/certificate.js";
import { inSetting } from "../../support/capture-programs.js";

const done = (_: unknown, response: { end(text: string): unknown }) => void response.end("done");

/** What becomes of three requests to a server, whose port takes the place of "PORT" in the address. */
async function ask(server: Server, url: string) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const urls = [url.replace("PORT", String((server.address() as AddressInfo).port))];
    const { failed, failure } = await requestLoad(urls, { urls, requests: 3 }).run(1, new AbortController().signal);
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

  for (const scheme of ["http", "https"]) {
    test(
      `says that it speaks HTTP/2 only, of an address with ${scheme}`,
      withKeys(async (keys) => {
        const { failure } = await ask(createSecureServer(keys, done), `${scheme}://127.0.0.1:PORT/`);
        assert.match(
          failure!,
          /^https?:\/\/127\.0\.0\.1:PORT\/ does not answer: its server speaks HTTP\/2 only; put load/,
        );
      }),
    );
  }
});

test("requestLoad says that a server without TLS speaks HTTP/2 only", async () => {
  const { failure } = await ask(createHttp2(done), "http://127.0.0.1:PORT/");
  assert.match(failure!, /^http:\/\/127\.0\.0\.1:PORT\/ does not answer: its server speaks HTTP\/2 only; put load/);
});

test("requestLoad says what went wrong where a server speaks HTTP, and hangs up", async () => {
  const { failed, failure } = await ask(
    createHttp((request) => request.socket.destroy()),
    "http://127.0.0.1:PORT/",
  );
  assert.equal(failed, 3);
  assert.match(failure!, /^http:\/\/127\.0\.0\.1:PORT\/ does not answer: /);
  assert.doesNotMatch(failure!, /speaks/);
});
