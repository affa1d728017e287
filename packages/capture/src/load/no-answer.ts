/** What undici adds to its errors: what it could not read, and the socket. */
interface UndiciError extends NodeJS.ErrnoException {
  readonly data?: string;
  readonly socket?: { readonly bytesRead?: number } | null;
}

/** Why a request has no answer that could be used. */
export interface NoAnswer {
  /** Goes on behind "http://… does not answer: ". */
  readonly why: string;
  /** What to do if no request has one; empty where that is plain. */
  readonly advice: string;
}

const OTHER_PROTOCOL = "put load on it with --exec, and a tool that speaks to it";
const STREAM = "if it is a stream of events, read a part of it with --scenario";
const SHOWN = 40;

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "the server cut the connection",
  EPIPE: "the server cut the connection",
  EHOSTUNREACH: "there is no way from here to there",
  ENETUNREACH: "there is no way from here to there",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "there is no host of that name",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server speaks no TLS there",
  UND_ERR_HEADERS_OVERFLOW: "the headers of its answer are larger than 16 kB",
};

/** @param error what undici threw. @param timeout milliseconds that it had for each step */
export function noAnswer(error: unknown, timeout: number): NoAnswer {
  const { code = "", message, name, socket, data = "" } = error as UndiciError;
  const within = `within ${timeout / 1000} s`;
  if (name === "HTTPParserError") return notHttp(message, data);
  switch (code) {
    case "UND_ERR_SOCKET": {
      // Of a connection that brought answers before there is no telling how far this one came.
      const isSilent = socket?.bytesRead === 0;
      if (!isSilent) return { why: "the server closed the connection before its answer was whole", advice: "" };
      const why = "the server takes connections, and closes them without an answer";
      return { why, advice: `if it speaks something else than HTTP, ${OTHER_PROTOCOL}` };
    }
    case "UND_ERR_CONNECT_TIMEOUT":
    case "ETIMEDOUT":
      return { why: `there was no connection ${within}`, advice: "" };
    case "UND_ERR_HEADERS_TIMEOUT":
      return { why: `there was no answer ${within}`, advice: "" };
    case "UND_ERR_BODY_TIMEOUT":
      return { why: `its answer began, and did not end ${within}`, advice: STREAM };
    default:
      return {
        why: WORDS[code] ?? (code === "" || message.includes(code) ? message : `${message} (${code})`),
        advice: "",
      };
  }
}

function notHttp(message: string, data: string): NoAnswer {
  if (!/Expected HTTP\//.test(message)) {
    const [, rule = message] = /\((.*)\)$/.exec(message) ?? [];
    return { why: `its answer breaks the rules of HTTP (${rule})`, advice: "" };
  }
  const [line = ""] = data.trimStart().split(/\r?\n/);
  const shown = JSON.stringify(line.slice(0, SHOWN)) + (line.length > SHOWN ? "…" : "");
  return { why: `what came back is not HTTP: ${shown}`, advice: OTHER_PROTOCOL };
}
