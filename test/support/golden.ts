import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../../../fixtures/golden/", import.meta.url);

/** Compares a whole output with `fixtures/golden/<name>`; `UPDATE_GOLDEN=1` writes it there instead. */
export function matchesGolden(name: string, actual: string): void {
  const file = fileURLToPath(new URL(name, folder));
  if (process.env["UPDATE_GOLDEN"]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.equal(actual, readFileSync(file, "utf8"), `${name} differs; UPDATE_GOLDEN=1 npm test accepts the new text`);
}
