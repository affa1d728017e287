/** Names that files have in one folder after the other: what `import` and frameworks' routers look for there. */
const IN_EACH_FOLDER =
  /^(?:index|route|page|layout|loading|error|template|default|not-found|\+[a-z]+(?:\.server)?)\.\w+$/;

/** What a script within the first page of a site is in. */
const FIRST_PAGE = /^\w+:\/\/([^/]+)\/?$/;

/**
 * A file name as people say it: within a package from the package's name on, else the last part, with its folder
 * where that is all that tells it apart (`index.js`). Works on paths of any system and on URLs.
 */
export function shortFile(file: string): string {
  if (file.startsWith("node:")) return file;
  const plain = plainPath(file);
  const inPackage = `/${plain}`.lastIndexOf("/node_modules/");
  if (inPackage >= 0) return plain.slice(inPackage + "node_modules/".length);
  const [, host] = FIRST_PAGE.exec(plain) ?? [];
  if (host !== undefined) return `${host}/`; // a line after a port would be read as one
  const parts = partsOf(plain);
  const last = parts[parts.length - 1] ?? plain;
  return IN_EACH_FOLDER.test(last) ? parts.slice(-2).join("/") : last;
}

/** The same, with as many folders as tell it from other files. */
export function shortFileAmong(file: string, others: readonly string[]): string {
  const short = shortFile(file);
  const alike = others.filter((other) => shortFile(other) === short && plainPath(other) !== plainPath(file));
  const parts = partsOf(plainPath(file));
  let length = partsOf(short).length;
  const end = (path: string): string => partsOf(plainPath(path)).slice(-length).join("/");
  while (length < parts.length && alike.some((other) => end(other) === end(file))) length++;
  return alike.length === 0 ? short : end(file);
}

function plainPath(file: string): string {
  return file.replaceAll("\\", "/").replace(/[?#].*$/s, "");
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}
