const SCHEME = /^([a-z][a-z0-9+.-]+):(.*)$/is;

/**
 * The folders and the file that a script's name, or a source's in a map, stands for: of a path on another machine, a
 * URL, or a bundler's own scheme. Empty for what is no file.
 */
export function pathParts(name: string): string[] {
  const [, scheme = "", rest = ""] = SCHEME.exec(name) ?? [];
  switch (scheme.toLowerCase()) {
    case "":
      return parts(name.replaceAll("\\", "/"));
    case "node":
    case "data":
    case "blob":
    case "wasm":
    case "extensions":
    case "chrome-extension":
      return [];
    case "webpack-internal":
      // The layer that Next.js bundles it for comes first.
      return parts(decoded(rest)).filter((part, i) => i > 0 || !/^\([\w-]+\)$/.test(part));
    case "turbopack":
      return parts(decoded(rest)).filter((part, i) => i > 0 || !/^\[[\w -]+\]$/.test(part));
    case "webpack":
    case "http":
    case "https":
      return parts(decoded(rest.replace(/^\/\/[^/]*/, "")));
    default:
      return parts(decoded(rest));
  }
}

function parts(path: string): string[] {
  const found: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") found.pop();
    else if (part !== "" && part !== ".") found.push(part);
  }
  return found.some((part) => part.includes("\0")) ? [] : found;
}

/** A URL's path without its query, percent signs resolved where they make sense. */
function decoded(path: string): string {
  const plain = path.replace(/[?#].*$/s, "");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** The path of a source that is not there, in the package whose file was made of it. */
export function besidePackage(file: string, parts: readonly string[]): string {
  const [folder = ""] = parts.includes("node_modules")
    ? []
    : (/^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+[\\/]/.exec(file) ?? []);
  return parts.length === 0 ? "" : folder + parts.join("/");
}
