import type { RawSnapshot } from "./raw-snapshot.js";
import { EncodedStrings, type StringTableData } from "./string-table.js";

/** What `postMessage` makes of a RawSnapshot: the same columns, and the strings without their methods. */
export type PostedSnapshot = Omit<RawSnapshot, "strings"> & { readonly strings: { readonly data: StringTableData } };

/**
 * The memory of a snapshot, to be handed to another thread and not copied:
 * `port.postMessage(raw, transferList(raw))`. The snapshot is unusable in this thread afterwards.
 */
export function transferList(raw: RawSnapshot): ArrayBuffer[] {
  if (!(raw.strings instanceof EncodedStrings)) throw new TypeError("only a snapshot that was read can be transferred");
  const { pages, ...table } = raw.strings.data;
  const { strings: _strings, locations, ...columns } = raw;
  const buffers = new Set<ArrayBuffer>();
  for (const part of [columns, locations, table, pages]) {
    for (const value of Object.values(part)) if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
  }
  return [...buffers];
}

/** The snapshot again, in the thread that got it. */
export function reviveSnapshot(posted: PostedSnapshot): RawSnapshot {
  return { ...posted, strings: new EncodedStrings(posted.strings.data) };
}
