"use strict";
// Preloaded into the program and, by NODE_OPTIONS, into every Node process below it: opens the inspector on a free port
// of loopback and writes its address into a folder that only this user can read.
//
// Why not `--inspect=127.0.0.1:0`: wrappers such as npm may keep the line with the address for themselves, frameworks
// take the flag out or move it to another port for their children, and nothing would tell which process said it.
const { isMainThread } = require("node:worker_threads");

const folder = process.env.LEAKDIFF_INSPECTORS;
if (isMainThread && folder) {
  try {
    const { renameSync, writeFileSync } = require("node:fs");
    const { join } = require("node:path");
    const inspector = require("node:inspector");
    if (inspector.url() === undefined) inspector.open(0, "127.0.0.1");
    const file = join(folder, `${process.pid}.json`);
    // With text to run instead of a file, its words are whatever the program was given.
    const isText = process.execArgv.some((word) => /^(?:-e|-p|-pe|--eval|--print)(?:$|=)/.test(word));
    const words = isText ? [] : process.argv.slice(1);
    // Only what was forked can be one; others need not load that module.
    const isClusterWorker = process.connected === true && require("node:cluster").isWorker;
    const { pid, ppid: parent } = process;
    const text = JSON.stringify({ pid, parent, url: inspector.url(), words, isClusterWorker });
    writeFileSync(`${file}.part`, text, { mode: 0o600 });
    renameSync(`${file}.part`, file);
  } catch {
    // A program must not fail because it is looked at; without an address nobody waits for it.
  }
}
