import type { SourcePosition } from "../graph/source-locations.js";
import type { SourceLocation } from "./leak-report.js";

/** A position as the report has it: where it is in the file that ran, and beside that where it is in the source. */
export function sourceLocation(position: SourcePosition | null): SourceLocation | null {
  if (position === null) return null;
  const { file, line, column, generated, name = null, text = null } = position;
  if (generated === undefined) return { file, line, column, original: null };
  return {
    file: generated.file,
    line: generated.line,
    column: generated.column,
    original: { file, line, column, name, text },
  };
}
