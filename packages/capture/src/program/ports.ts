import { readdirSync, readFileSync, readlinkSync } from "node:fs";
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

/**
 * Ports on which a process of this machine listens; undefined where the system does not tell, which Linux does.
 * @param proc where its kernel does so
 */
export function portsOf(pid: number, proc = "/proc"): number[] | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const sockets = new Set(readdirSync(`${proc}/${pid}/fd`).map((fd) => socketAt(`${proc}/${pid}/fd/${fd}`)));
    return ["tcp", "tcp6"].flatMap((table) => {
      const rows = rowsOf(`${proc}/${pid}/net/${table}`);
      return rows
        .map((row) => row.trim().split(/\s+/))
        .filter((cells) => cells[3] === LISTENING && sockets.has(cells[9]))
        .map((cells) => parseInt(cells[1]!.split(":")[1]!, 16));
    });
  } catch {
    return undefined;
  }
}

/** Its state in the kernel's tables. */
const LISTENING = "0A";

/** None of a table that there is not, as of IPv6 where that is off. */
function rowsOf(table: string): string[] {
  try {
    return readFileSync(table, "utf8").split("\n").slice(1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function socketAt(link: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1];
  } catch {
    return undefined;
  }
}
