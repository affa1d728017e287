import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type { LeakReport } from "@leakdiff/core";
import { Ajv2020 } from "ajv/dist/2020.js";

export interface Schema {
  readonly $defs: Readonly<Record<string, ObjectSchema>>;
}
export interface ObjectSchema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
}

/** The schema as it is published. */
export const schema = createRequire(import.meta.url)("@leakdiff/core/leak-report.schema.json") as Schema & ObjectSchema;

/** The schema with nothing allowed that it does not name. Readers are more tolerant: new fields do not raise the version. */
export function strict(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(strict);
  if (typeof part !== "object" || part === null) return part;
  const copy = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, strict(value)]));
  return "properties" in part ? { ...copy, additionalProperties: false } : copy;
}

const ajv = new Ajv2020({ allErrors: true, strict: true });
/** Takes no field that the schema does not name. */
export const isValid = ajv.compile(strict({ ...schema, $id: "strict" }) as object);
/** Takes what readers have to take. */
export const isValidForReaders = ajv.compile(schema);

/** Asserts that a report, written and read again, is what the schema says and no more. */
export function assertValid(report: LeakReport): void {
  const plain: unknown = JSON.parse(JSON.stringify(report));
  assert.ok(isValid(plain), ajv.errorsText(isValid.errors));
}
