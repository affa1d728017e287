import { connect as connectHttp2 } from "node:http2";
import { connect as connectTls } from "node:tls";
import { placeOf } from "../program/ports.js";

const PATIENCE = 5000;

/**
 * What the server at an address speaks instead, of one that answers no plain request, as a sentence that says what to
 * do; undefined if it speaks nothing that is known here.
 */
export async function otherProtocol(url: string): Promise<string | undefined> {
  const { protocol, host, href } = new URL(url);
  if (protocol === "http:" && (await speaksHttps(href))) {
    return `${url} does not answer: its server speaks HTTPS; give the whole address, https://${href.slice("http://".length)}`;
  }
  // Over TLS or without it.
  for (const origin of protocol === "https:" ? [`https://${host}`] : [`https://${host}`, `http://${host}`]) {
    if (!(await speaksHttp2(origin))) continue;
    return `${url} does not answer: its server speaks HTTP/2 only; put load on it with --exec, and a tool that does so, too`;
  }
  return undefined;
}

function speaksHttps(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { host, port } = placeOf(new URL(url));
    const options = { host, port, timeout: PATIENCE, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] };
    const socket = connectTls(options);
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("secureConnect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("close", () => end(false));
    socket.on("error", () => end(false));
  });
}

function speaksHttp2(origin: string): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connectHttp2(origin, { rejectUnauthorized: false });
    const end = (result: boolean) => {
      session.destroy();
      resolve(result);
    };
    session.setTimeout(PATIENCE, () => end(false));
    session.once("remoteSettings", () => end(true));
    session.once("close", () => end(false));
    session.on("error", () => end(false));
  });
}
