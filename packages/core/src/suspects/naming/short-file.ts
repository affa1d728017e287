/**
 * A file name as people say it: within a package from the package's name on, else the last part, with its folder
 * where that is all that tells it apart (`index.js`). Works on paths of any system and on URLs.
 */
export function shortFile(file: string): string {
  if (file.startsWith("node:")) return file;
  const plain = file.replaceAll("\\", "/").replace(/[?#].*$/s, "");
  const inPackage = `/${plain}`.lastIndexOf("/node_modules/");
  if (inPackage >= 0) return plain.slice(inPackage + "node_modules/".length);
  const parts = plain.split("/").filter((part) => part !== "");
  const last = parts[parts.length - 1] ?? plain;
  return /^index\.\w+$/.test(last) && parts.length > 1 ? `${parts[parts.length - 2]}/${last}` : last;
}
