#!/usr/bin/env node
import { existsSync } from "node:fs";

// A reader that has seen enough (`leakdiff ... | head`) is no trouble; a full disk is.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code === "EPIPE") return;
    if (stream !== process.stderr) process.stderr.write(`leakdiff: the output cannot be written: ${error.message}\n`);
    process.exit(2);
  });
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`leakdiff: Node 20.19 or a newer one is needed; this is ${process.versions.node}\n`);
  process.exit(2);
}

// Ctrl-C stops the reading in an orderly way, and the program that `run` started. Whoever presses it twice is in a hurry.
// In the stages behind the reading no handler would get its turn for seconds, so there is none. What else asks this process
// to end is heeded the same way while snapshots are taken, or an inspector would stay open; the exit code says what it was.
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
const stop = new AbortController();
let stoppedBy;
let isCapture = false;
const interrupt = (signal) => {
  if (stop.signal.aborted) process.exit(CODES[signal]);
  stoppedBy = signal;
  stop.abort();
};
const HEEDED = { read: ["SIGINT"], capture: ["SIGINT", "SIGTERM", "SIGHUP"] };
const onProgress = ({ stage }) => {
  isCapture ||= stage === "capture";
  for (const signal of Object.keys(CODES)) {
    // Whoever stops listening and begins anew loses what came meanwhile.
    const isHeeded = process.listeners(signal).includes(interrupt);
    const shouldBe = HEEDED[stage]?.includes(signal) === true;
    if (shouldBe && !isHeeded) process.on(signal, interrupt);
    if (!shouldBe && isHeeded) process.off(signal, interrupt);
  }
};

try {
  const bundled = new URL("../bundled/main.js", import.meta.url);
  const { main } = await import(existsSync(bundled) ? bundled.href : "../dist/main.js");
  const { stdout, stderr, env } = process;
  const around = { stdin: () => process.stdin, stdout, stderr, env, signal: stop.signal, onProgress };
  const code = await main(process.argv.slice(2), around);
  process.exitCode = code === CODES.SIGINT && stoppedBy !== undefined ? CODES[stoppedBy] : code;
  // A scenario may leave something open, such as a browser or a pool of connections, that would keep this process alive,
  // and so does a pipe that goes on where its reading was stopped. Not before what cannot be written had its say above.
  if (isCapture || stop.signal.aborted) process.stdout.write("", () => setImmediate(() => process.exit()));
} catch (error) {
  // Node's own exit code for this is 1, which says "something leaks".
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 2;
}
