import { createReadStream } from "node:fs";
import type { MemoryLog } from "@leakdiff/capture";
import type { TrendRequest } from "./args/trend.js";
import { trendExitCode } from "./gate.js";
import { prepareWidths } from "./render/text-width.js";
import { standardInput, type Surroundings } from "./surroundings.js";

/** `leakdiff trend`: reads a log, says whether it grows, and returns the exit code. */
export async function runTrend(request: TrendRequest, columns: number, around: Surroundings): Promise<number> {
  const { MemoryLogError, readMemorySamples, trend } = await import("@leakdiff/capture");
  const { stdout, env, signal } = around;
  const file = request.file === "-" ? "standard input" : request.file;
  const stdin = request.file === "-" ? standardInput(around) : undefined;
  if (stdin?.isTTY) {
    throw new MemoryLogError(file, "it is a terminal; give a log, as in leakdiff trend server.log, or a pipe");
  }

  let log: MemoryLog;
  try {
    const source = stdin ?? createReadStream(request.file, { highWaterMark: 1 << 18 });
    log = await readMemorySamples(source, {
      file,
      ...(request.series !== undefined && { series: request.series }),
      ...(signal && { signal }),
    });
  } catch (error) {
    const { code = "", syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new MemoryLogError(file, REASONS[code] ?? `it cannot be read (${code}); check the disk and try again`);
  }

  const { per, limit } = request;
  const unknown = per === undefined || per === "sample" ? undefined : FIELDS[per];
  if (unknown !== undefined && log.samples.some((sample) => sample[unknown.field] === undefined)) {
    throw new MemoryLogError(file, `it does not tell ${unknown.words} beside every size; leave out --per ${per}`);
  }
  const found = trend(log.samples, {
    measure: log.measure,
    ...(per !== undefined && { per }),
    ...(limit !== undefined && { limit }),
  });

  if (request.json) {
    const { samples: _, ...read } = log;
    stdout.write(
      `${(await import("./render/plain-text.js")).plainJson(JSON.stringify({ ...found, log: read }, null, 2))}\n`,
    );
    return trendExitCode(found.verdict);
  }
  const [{ renderTrend }, { wantsAscii, wantsColor }] = await Promise.all([
    import("./render/trend.js"),
    import("./render/style.js"),
    prepareWidths({ ...log, samples: [] }),
  ]);
  const color = wantsColor(request.noColor, env, stdout.isTTY === true);
  stdout.write(
    renderTrend(
      { trend: found, log, ...(per && { asked: per }), ...(limit !== undefined && { limit }) },
      { columns, color, ascii: wantsAscii(env) },
    ),
  );
  return trendExitCode(found.verdict);
}

const FIELDS = {
  request: { field: "requests", words: "the number of requests" },
  cycle: { field: "cycle", words: "the cycle" },
  hour: { field: "at", words: "the time" },
} as const;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; check the name",
  ENOTDIR: "there is no such file; check the name",
  ENAMETOOLONG: "there is no such file; check the name",
  EISDIR: "it is a folder; give a log",
  EACCES: "there is no permission to read it",
  EPERM: "there is no permission to read it",
};
