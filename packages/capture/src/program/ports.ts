import { connect } from "node:net";

/** Where a server of the program can be reached. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Of an address such as "http://localhost:3000/page". */
export function placeOf(url: URL): Place {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port };
}

/** True if somebody accepts connections there. */
export function answers({ host, port }: Place, timeout = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}
