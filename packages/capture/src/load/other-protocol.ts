import { connect as connectHttp2 } from "node:http2";
import { connect as connectTls } from "node:tls";
import { placeOf } from "../program/ports.js";

/** How a server is spoken to; `h2` and `h2c` are HTTP/2, over TLS and without it. */
export type Protocol = "http/1.1" | "h2" | "h2c";

/**
 * What the server at an address speaks instead, of one that answers no plain request: a protocol that the address fits,
 * or a sentence that says what to do. Undefined if it speaks nothing that is known here.
 * @param patience milliseconds in which it has to answer each question
 */
export async function otherProtocol(
  url: string,
  patience: number,
): Promise<{ readonly protocol: Protocol } | { readonly sentence: string } | undefined> {
  const { protocol, host, href } = new URL(url);
  if (protocol === "https:") return (await speaksHttp2(`https://${host}`, patience)) ? { protocol: "h2" } : undefined;
  if (await speaksTls(href, patience)) {
    const whole = `https://${href.slice("http://".length)}`;
    return { sentence: `${url} does not answer: its server speaks HTTPS; give the whole address, ${whole}` };
  }
  return (await speaksHttp2(`http://${host}`, patience)) ? { protocol: "h2c" } : undefined;
}

function speaksTls(url: string, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const { host, port } = placeOf(new URL(url));
    const options = { host, port, timeout: patience, rejectUnauthorized: false, ALPNProtocols: ["http/1.1", "h2"] };
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

function speaksHttp2(origin: string, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connectHttp2(origin, { rejectUnauthorized: false });
    const end = (result: boolean) => {
      session.destroy();
      resolve(result);
    };
    session.setTimeout(patience, () => end(false));
    session.once("remoteSettings", () => end(true));
    session.once("close", () => end(false));
    session.on("error", () => end(false));
  });
}
