import type { SourceFiles } from "./sources/source-files.js";

/**
 * The sources that the caller's folder has; null if no folder is given, and then nothing is loaded that reads them.
 * @throws SnapshotError if it is no folder
 */
export async function openSourcesOf(options: { readonly sourceRoot?: string }): Promise<SourceFiles | null> {
  const { sourceRoot } = options;
  return sourceRoot === undefined ? null : (await import("./sources/source-files.js")).openSources(sourceRoot);
}
