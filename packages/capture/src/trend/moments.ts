const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAY = 86_400_000;

const ISO = /(?<!\d)(\d{4})[-/](\d\d)[-/](\d\d)[T ,]+(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d)?/;
const CLF = /(?<!\d)(\d\d?)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\s([+-]\d{4}))?/;
const SYSLOG = /^(?:<\d+>)?([A-Z][a-z]{2})\s+(\d\d?)\s(\d\d):(\d\d):(\d\d)/;
const CLOCK = /(?<![\d:])([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)(?:[.,](\d{1,9}))?(?![\d:])/;
const EPOCH = /(?<![\d.])(1\d{9}(?:\.\d+)?|1\d{12})(?![\d.])/;

/**
 * Reads the times of one log, line by line, as milliseconds since 1970. Times without a zone are taken for UTC, those
 * without a date or year for what comes next after the line before.
 */
export class LogClock {
  private last = -Infinity;
  private days = 0;

  /** The time in a line of text, or `undefined`. */
  inLine(line: string): number | undefined {
    const head = line.length > 400 ? line.slice(0, 400) : line;
    let match = ISO.exec(head);
    if (match) return utc(match[1]!, Number(match[2]) - 1, match[3]!, match.slice(4, 7), match[7], match[8]);
    match = CLF.exec(head);
    if (match) return utc(match[3]!, month(match[2]!), match[1]!, match.slice(4, 7), undefined, match[7]);
    match = SYSLOG.exec(head);
    if (match && month(match[1]!) >= 0) {
      return this.after(utc("2000", month(match[1]!), match[2]!, match.slice(3, 6)), 366 * DAY);
    }
    match = EPOCH.exec(head);
    if (match) return epoch(Number(match[1]));
    match = CLOCK.exec(head);
    return match ? this.after(utc("1970", 0, "1", match.slice(1, 4), match[4]), DAY) : undefined;
  }

  /** What a field that is called a time holds. */
  inField(value: unknown): number | undefined {
    if (typeof value === "number") return epoch(value);
    if (typeof value !== "string") return undefined;
    if (/^\d+(?:\.\d+)?$/.test(value.trim())) return epoch(Number(value));
    return this.inLine(value);
  }

  /** Clocks and calendars start again; a log goes on. Small steps back are other lines that were written late. */
  private after(time: number, period: number): number {
    let moment = time + this.days;
    if (moment < this.last - period / 2) {
      this.days += period;
      moment += period;
    }
    this.last = Math.max(this.last, moment);
    return moment;
  }
}

function month(name: string): number {
  return MONTHS.indexOf(name.toLowerCase());
}

function utc(year: string, at: number, day: string, clock: readonly string[], fraction = "", zone = "Z"): number {
  const [hour, minute, second = "0"] = clock.map((part) => part ?? "0");
  const seconds = Number(second) + Number(`0.${fraction || "0"}`);
  const time = Date.UTC(Number(year), at, Number(day), Number(hour), Number(minute)) + Math.round(seconds * 1000);
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  return offset ? time - Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000 : time;
}

/** Seconds, milliseconds, micro- or nanoseconds since 1970, told by their size; smaller numbers as they are. */
function epoch(number: number): number | undefined {
  if (!Number.isFinite(number) || number < 0) return undefined;
  if (number >= 1e17) return number / 1e6;
  if (number >= 1e14) return number / 1e3;
  return number >= 1e8 && number < 1e11 ? number * 1000 : number;
}
