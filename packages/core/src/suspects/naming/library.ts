/**
 * The library that a file belongs to: `node:` for the runtime's own, of npm packages the name, of those with a scope the
 * scope. Empty for the program's own files.
 */
export function libraryOf(file: string): string {
  if (/^(?:node|ext):/.test(file)) return "node:"; // Deno calls its own files `ext:`
  const plain = `/${file.replaceAll("\\", "/")}`;
  const inPackage = plain.lastIndexOf("/node_modules/");
  return inPackage < 0 ? "" : (plain.slice(inPackage + "/node_modules/".length).split("/")[0] ?? "");
}

/** True for files of Node's own, or Deno's. */
export function isRuntimes(file: string): boolean {
  return libraryOf(file) === "node:";
}

/** True for files of packages that the program uses: nobody changes those. */
export function isLibrarysFile(file: string): boolean {
  return libraryOf(file) !== "" && !isRuntimes(file);
}

/** What programs know by a global; V8 finds it behind a getter, and in scopes of Node's. Empty for all other variables. */
export function asProcessGlobal(variable: string, file: string): string[] {
  if (!file.startsWith("node:")) return [];
  if (variable === "process") return [variable];
  const isStream = file.endsWith("/is_main_thread") && /^std(?:in|out|err)$/.test(variable);
  return isStream ? ["process", variable] : [];
}
