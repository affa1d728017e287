/**
 * The unit of sizes that a log writes without one, the same for all of them. A Node process has between 2 MB and 2 GB, so
 * 33.2 is megabytes, 33200 kilobytes, and 33200000 bytes. The first size decides.
 */
export class AssumedUnit {
  private bytes: number | undefined;
  /** What was assumed, if it is not bytes. */
  name: "kB" | "MB" | undefined;

  /** `decides` is false for sizes that may be far smaller than a process, such as of its external memory. */
  toBytes(number: number, decides: boolean): number {
    if (this.bytes === undefined && decides && number > 0) {
      this.bytes = number >= 2e6 ? 1 : number >= 2e3 ? 1e3 : 1e6;
      this.name = number >= 2e6 ? undefined : number >= 2e3 ? "kB" : "MB";
    }
    return Math.round(number * (this.bytes ?? 1));
  }
}
