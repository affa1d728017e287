import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { endGroupOf, endMarked } from "./process-group.js";
import type { Guarded } from "./watchdog.js";

// A process of its own, see `guard`: is told what there is to guard, a line of JSON at each change, and ends what is left
// of it when nobody is there any more to tell it anything.
let guarded: readonly Guarded[] = [];
for await (const line of createInterface({ input: process.stdin })) guarded = JSON.parse(line) as readonly Guarded[];

await Promise.all(guarded.map(({ group }) => group !== undefined && endGroupOf(group)));
for (const { mark, folder } of guarded) {
  if (mark !== undefined) await endMarked(mark);
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
