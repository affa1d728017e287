import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadScenario } from "#capture/load/scenario-load.js";
import { inSetting, NODE, serverText } from "../../support/capture-programs.js";

for (const [name, text] of [
  ["default.mjs", "export default () => 7;"],
  ["named.mjs", "export const scenario = () => 7;"],
  ["default.cjs", "module.exports = () => 7;"],
  ["named.cjs", "exports.scenario = () => 7;"],
  ["compiled.cjs", "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = () => 7;"],
] as const) {
  test(`loadScenario finds the function of ${name}`, () =>
    inSetting(async ({ write }) => {
      const scenario = await loadScenario(write(name, text));
      assert.equal(scenario({ url: undefined, cycle: 1, signal: new AbortController().signal }), 7);
    }));
}

test("leakdiff run ends though its scenario leaves something open", () =>
  inSetting(async ({ write, out }) => {
    const scenario = write("open.mjs", "setInterval(() => {}, 1000); export default () => {};");
    const bin = fileURLToPath(new URL("../../../../packages/cli/bin/leakdiff.js", import.meta.url));
    const words = ["run", "--scenario", scenario, "--warmup", "0", "--cycles", "1", "--snapshots", "2", "--out", out];
    const { NODE_OPTIONS: _, ...env } = process.env;
    const program = [NODE, write("server.cjs", serverText({ "/": "" }))];
    const child = spawn(process.execPath, [bin, ...words, "--json", "--", ...program], { env });
    let report = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (report += text));
    assert.equal(await new Promise((resolve) => child.once("close", resolve)), 0);
    assert.equal((JSON.parse(report) as { ended: string }).ended, "complete");
  }));
