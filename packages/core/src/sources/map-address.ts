/**
 * What the last `//# sourceMappingURL=` of a text says; null if it has none. A URL is data: it may be a path, a
 * `data:` URL, or one that is never fetched.
 */
export function mapAddress(text: string): string | null {
  for (let at = text.lastIndexOf("sourceMappingURL="); at >= 0; at = text.lastIndexOf("sourceMappingURL=", at - 1)) {
    const lead = text.slice(Math.max(0, at - 5), at);
    if (/(?:\/\/|\/\*)[#@][ \t]*$/.test(lead)) {
      const from = at + "sourceMappingURL=".length;
      const end = text.slice(from).search(/[\s"'`]|\*\//);
      return text.slice(from, end < 0 ? undefined : from + end);
    }
    if (at === 0) break;
  }
  return null;
}

/** The text in a `data:` URL; null if it is none, or not of JSON. */
export function inlineMap(address: string): string | null {
  const [, type = "", encoding, data = ""] =
    /^data:([^,;]*)(?:;(?!base64)[^,;]*)*(;base64)?,(.*)$/s.exec(address) ?? [];
  if (!/^application\/json$/i.test(type)) return null;
  if (encoding !== undefined) return Buffer.from(data, "base64").toString("utf8");
  try {
    return decodeURIComponent(data);
  } catch {
    return null;
  }
}

/** The path that an address of a map means beside its file; null for one that would have to be fetched. */
export function mapPath(address: string): string | null {
  if (/^[a-z][a-z0-9+.-]+:/i.test(address) || address.startsWith("//") || address === "") return null;
  const plain = address.replace(/[?#].*$/s, "");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
