import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { portsOf } from "#capture/program/ports.js";

suite("portsOf", { skip: process.platform !== "linux" }, () => {
  test("finds a port also where there is no table of IPv6", async () => {
    const proc = mkdtempSync(join(tmpdir(), "leakdiff-ports-"));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      assert.ok(portsOf(process.pid)!.includes(port));
      const [here, there] = [`/proc/${process.pid}`, join(proc, String(process.pid))];
      mkdirSync(join(there, "fd"), { recursive: true });
      mkdirSync(join(there, "net"));
      for (const fd of readdirSync(`${here}/fd`)) {
        try {
          symlinkSync(readlinkSync(`${here}/fd/${fd}`), join(there, "fd", fd));
        } catch {
          // That of the folder itself is closed by now.
        }
      }
      writeFileSync(join(there, "net", "tcp"), readFileSync(`${here}/net/tcp`));
      assert.ok(portsOf(process.pid, proc)?.includes(port));
    } finally {
      server.close();
      rmSync(proc, { recursive: true, force: true });
    }
  });

  test("does not tell of a process that there is not", () => {
    assert.equal(portsOf(2 ** 22 + 1), undefined);
  });
});
