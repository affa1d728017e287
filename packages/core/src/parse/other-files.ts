import { OPEN_BRACKET, quoted } from "./json-bytes.js";

// What a file that is no snapshot may be instead, so that the message can say so.

/** What to do about a file that is no snapshot. */
export const TAKE_ONE = "take one with v8.writeHeapSnapshot() or in DevTools";

/** What a snapshot may be in. */
const PACKED: ReadonlySet<string> = new Set(["a zip archive", "a tar archive", "zstd data", "bzip2 data", "xz data"]);

/** What to do about a file that is something else. */
export function remedy(kind: string): string {
  return PACKED.has(kind) ? "unpack it first" : TAKE_ONE;
}

const MAGIC: readonly (readonly [string, readonly number[]])[] = [
  ["UTF-16 text", [0xff, 0xfe]],
  ["UTF-16 text", [0xfe, 0xff]],
  ["UTF-16 text or binary data", [0x00]],
  ["a PNG picture", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG picture", [0xff, 0xd8, 0xff]],
  ["a PDF document", [0x25, 0x50, 0x44, 0x46]],
  ["an ELF file, such as a program or a core dump", [0x7f, 0x45, 0x4c, 0x46]],
  ["a zip archive", [0x50, 0x4b, 0x03, 0x04]],
  ["zstd data", [0x28, 0xb5, 0x2f, 0xfd]],
  ["bzip2 data", [0x42, 0x5a, 0x68]],
  ["xz data", [0xfd, 0x37, 0x7a, 0x58]],
];

/** Where a tar archive says what it is. */
const TAR_MARK = 257;

const SCRIPT = /^(#!|\/\/|\/\*|["']use strict|(import|export|const|let|var|function|class|async|module|require)\b)/;

/** JSON that is whole, and neither an object nor an array. */
const VALUE = /^(?:null|true|false|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|"(?:[^"\\\n]|\\.)*")\s*$/;

/** What a file is that starts with these bytes, of which the first is not `{`. */
export function whatStartSays(start: Uint8Array): string {
  for (const [kind, magic] of MAGIC) {
    if (magic.every((byte, i) => start[i] === byte)) return kind;
  }
  if (start[0] === OPEN_BRACKET) return "a JSON array";
  const text = Buffer.from(start).toString("latin1");
  if (text.startsWith("ustar", TAR_MARK)) return "a tar archive";
  if (text.startsWith("<")) return "HTML or XML";
  if (SCRIPT.test(text)) return "JavaScript source";
  if (VALUE.test(text)) return "JSON of another kind (a single value)";
  return "something that is not JSON";
}

/** What a JSON file is that has these keys, in words; empty if nothing speaks against a snapshot. */
export function whatKeysSay(keys: ReadonlySet<string>): string {
  if (keys.size === 0 || keys.has("snapshot")) return "";
  const has = (...wanted: string[]) => wanted.every((key) => keys.has(key));
  if (has("nodes", "startTime") || has("nodes", "timeDeltas") || has("nodes", "samples", "endTime")) {
    return "a CPU profile (.cpuprofile)";
  }
  if (has("head") && keys.size <= 2) {
    return "a sampling heap profile (.heapprofile), which has no objects";
  }
  if (has("nodeClassNames")) {
    return "one of JavaScriptCore's own kind (Bun writes V8's by generateHeapSnapshot(\"v8\"))";
  }
  if (has("traceEvents")) return "a performance trace";
  if (has("header", "javascriptStack")) return "a diagnostic report of Node";
  const strange = [...keys].filter((key) => !SECTIONS.has(key));
  if (strange.length === 0) return "";
  return `JSON of another kind (it has ${strange.slice(0, 3).map(quoted).join(", ")})`;
}

const SECTIONS = new Set(["nodes", "edges", "strings", "locations", "samples", "trace_function_infos", "trace_tree"]);
