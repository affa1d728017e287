import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { suite, test } from "node:test";
import { WebSocketServer } from "ws";
import { ProtocolError } from "#capture/inspector/channel.js";
import { Connection } from "#capture/inspector/connection.js";

/** Messages as other servers send them, which speak over a WebSocket, too. */
const NO_ANSWERS = ["hello", "null", "7", "[]", "{}", '0{"sid":"x","pingInterval":25000}'];

suite("a connection", () => {
  test("passes over what is no message of an inspector, and takes an answer that says there is no error", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) => {
      for (const text of NO_ANSWERS) socket.send(text);
      socket.on("message", (data) => {
        const { id, method } = JSON.parse(String(data));
        socket.send(JSON.stringify({ id, ...(method === "known" ? { error: null } : { error: { message: "no" } }) }));
      });
    });
    await once(server, "listening");
    const connection = await Connection.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    assert.deepEqual(await connection.send("known"), {});
    await assert.rejects(connection.send("unknown"), ProtocolError);
    await connection.close();
    server.close();
  });
});
