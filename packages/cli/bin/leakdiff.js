#!/usr/bin/env node
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
// In the stages behind the reading no handler would get its turn for seconds, so there is none.
const stop = new AbortController();
const interrupt = () => {
  if (stop.signal.aborted) process.exit(130);
  stop.abort();
};
const onProgress = ({ stage }) => {
  process.off("SIGINT", interrupt);
  if (stage === "read" || stage === "capture") process.on("SIGINT", interrupt);
  if (stage !== "capture") return;
  // With this process end those that it started.
  process.once("SIGTERM", () => process.exit(143));
  process.once("SIGHUP", () => process.exit(129));
};

try {
  const { main } = await import("../dist/main.js");
  const { stdout, stderr, env } = process;
  const around = { stdin: () => process.stdin, stdout, stderr, env, signal: stop.signal, onProgress };
  process.exitCode = await main(process.argv.slice(2), around);
} catch (error) {
  // Node's own exit code for this is 1, which says "something leaks".
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 2;
}
