import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { requestLoad } from "#capture/load/request-load.js";
import { inSetting } from "../../support/capture-programs.js";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test("a server on this machine may have signed its certificate itself", { skip: !hasOpenssl && "no openssl" }, () =>
  inSetting(async ({ folder }) => {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-days", "1", "-subj", "/CN=localhost"];
    spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject]);
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
      response.end("done");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const urls = [`https://127.0.0.1:${port}/`];
      const load = requestLoad(urls, { urls, requests: 3 });
      assert.deepEqual(await load.run(1, new AbortController().signal), { failed: 0, failure: undefined });
    } finally {
      server.close();
    }
  }),
);
