import type { StringTable } from "../parse/string-table.js";
import { eachOfType } from "./node-types.js";
import { NodeType } from "./v8-types.js";

/** V8's texts and bytes outside of its heap: native to every version. */
const NATIVE = new Set(["system / ExternalStringData", "system / JSArrayBufferData"]);

/**
 * V8 15 writes many of its own objects (`system / PropertyArray`, `system / JSProxy` ...) with the type that is meant
 * for the embedder's. They are `hidden`, as in all versions before; the type column is rewritten in place.
 */
export function retypeOwnNatives(nodeType: Uint8Array, nodeName: Uint32Array, strings: StringTable): void {
  const isOwn = new Map<number, boolean>(); // StringIndex -> is it one of V8's own?
  eachOfType(nodeType, NodeType.native, (node) => {
    const name = nodeName[node]!;
    let known = isOwn.get(name);
    if (known === undefined) {
      const text = strings.text(name);
      known = text.startsWith("system / ") && !NATIVE.has(text);
      isOwn.set(name, known);
    }
    if (known) nodeType[node] = NodeType.hidden;
  });
}
