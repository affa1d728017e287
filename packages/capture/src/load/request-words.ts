import { validateHeaderName, validateHeaderValue } from "node:http";
import { CaptureError } from "../capture-error.js";
import type { RequestOptions } from "./load.js";

/** What each request says, whatever its address. */
export interface RequestWords {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

/** @throws CaptureError for what no request may say */
export function requestWords({ method, headers = {}, body }: RequestOptions): RequestWords {
  const verb = (method ?? (body === undefined ? "GET" : "POST")).toUpperCase();
  if (!/^[A-Z]+$/.test(verb)) throw new CaptureError("bad-option", `"${method}" is no method of HTTP, such as POST`);
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new CaptureError("bad-option", `a request may not have the header "${name}" with that value`);
    }
  }
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const type = body === undefined || given.has("content-type") ? {} : { "content-type": typeOf(body) };
  const agent = given.has("user-agent") ? {} : { "user-agent": "leakdiff" };
  return { method: verb, headers: { ...agent, ...type, ...headers }, body };
}

/** JSON where it is that; else what a form sends. */
function typeOf(body: string | Uint8Array): string {
  try {
    JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
    return "application/json";
  } catch {
    return "application/x-www-form-urlencoded";
  }
}
