import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import { Disconnected } from "#capture/inspector/channel.js";
import { Connection } from "#capture/inspector/connection.js";
import { writeSnapshot } from "#capture/inspector/snapshot-file.js";

const CHUNK = "é".repeat(50_000);

/** An inspector of which all is known: it answers a command as it is told to. */
async function withInspector(
  answer: (method: string, socket: WebSocket, reply: () => void) => void,
  use: (connection: Connection, file: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "leakdiff-inspector-"));
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  server.on("connection", (socket) =>
    socket.on("message", (data) => {
      const { id, method } = JSON.parse(String(data)) as { id: number; method: string };
      answer(method, socket, () => socket.send(JSON.stringify({ id, result: {} })));
    }),
  );
  const connection = await Connection.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    await use(connection, join(folder, "a.heapsnapshot"));
  } finally {
    await connection.close();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

function sendChunks(socket: WebSocket, count: number): void {
  const text = JSON.stringify({ method: "HeapProfiler.addHeapSnapshotChunk", params: { chunk: CHUNK } });
  for (let i = 0; i < count; i++) socket.send(text);
}

test("a snapshot that comes faster than the disk takes it is whole, and the session goes on", () =>
  withInspector(
    (method, socket, reply) => {
      if (method === "HeapProfiler.takeHeapSnapshot") sendChunks(socket, 200);
      reply();
    },
    async (connection, file) => {
      const told: number[] = [];
      await writeSnapshot(connection, file, { onBytes: (bytes) => told.push(bytes) });
      assert.equal(readFileSync(file, "utf8"), CHUNK.repeat(200));
      assert.deepEqual([told.length, told.at(-1)], [200, 200 * 100_000]);
      assert.deepEqual(await connection.send("Runtime.getHeapUsage"), {});
      await writeSnapshot(connection, file, { gzip: true });
      assert.deepEqual(await connection.send("Runtime.getHeapUsage"), {});
    },
  ));

test("a snapshot whose session ends in the middle leaves no file", () =>
  withInspector(
    (_method, socket) => {
      sendChunks(socket, 5);
      socket.close();
    },
    async (connection, file) => {
      await assert.rejects(writeSnapshot(connection, file), Disconnected);
      await assert.rejects(connection.send("Runtime.getHeapUsage"), Disconnected);
      assert.deepEqual([existsSync(file), existsSync(`${file}.part`)], [false, false]);
    },
  ));

test("a snapshot that cannot be written says why, and what was there before stays", () =>
  withInspector(
    (method, socket, reply) => {
      if (method === "HeapProfiler.takeHeapSnapshot") sendChunks(socket, 5);
      reply();
    },
    async (connection, file) => {
      writeFileSync(file, "of another day");
      const nowhere = join(file, "b.heapsnapshot");
      await assert.rejects(writeSnapshot(connection, nowhere), { code: "cannot-write" });
      assert.equal(readFileSync(file, "utf8"), "of another day");
      await writeSnapshot(connection, file);
      assert.equal(readFileSync(file, "utf8"), CHUNK.repeat(5));
    },
  ));

test("a snapshot that cannot get its name says so, and leaves nothing behind", () =>
  withInspector(
    (method, socket, reply) => {
      if (method === "HeapProfiler.takeHeapSnapshot") sendChunks(socket, 5);
      reply();
    },
    async (connection, file) => {
      mkdirSync(file);
      await assert.rejects(writeSnapshot(connection, file), { name: "CaptureError", code: "cannot-write" });
      assert.equal(existsSync(`${file}.part`), false);
    },
  ));

test("what is no inspector is said to be none", async () => {
  await assert.rejects(Connection.open("ws://127.0.0.1:9/"), {
    name: "Disconnected",
    message: /no inspector answers at/,
  });
});
