import { close, closeSync, openSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file that only this process can see, and that goes with it. */
export interface TemporaryFile {
  readonly descriptor: number;
  /** Closes the file, and removes it where a system does not let that be done while it is open. */
  remove(): void;
}

let made = 0;

/** Opens an empty file for temporary data; null where the system has no place for one. */
export function temporaryFile(): TemporaryFile | null {
  const name = `leakdiff-${process.pid}-${Date.now().toString(36)}-${made++}`;
  for (const folder of folders()) {
    const file = opened(join(folder, name));
    if (file !== null) return file;
  }
  return null;
}

/** `/tmp` of a Linux system may lie in memory, where nothing would be gained; `/var/tmp` is there for what is large. */
function folders(): string[] {
  const folder = tmpdir();
  return process.platform === "linux" && folder === "/tmp" ? ["/var/tmp", folder] : [folder];
}

function opened(path: string): TemporaryFile | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, "wx+", 0o600);
  } catch {
    return null;
  }
  let isNamed = !removed(path); // without a name it goes even if we are killed
  return {
    descriptor,
    remove() {
      // A system may take 10 ms for 100 MB that nobody needs any more; where the file has no name nobody waits for that.
      if (!isNamed) return close(descriptor);
      closeSync(descriptor);
      isNamed = !removed(path);
    },
  };
}

function removed(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
