import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { chooseTarget, debugTargets, type DebugTarget } from "#capture/attach/debug-targets.js";

function target(type: string, title: string, url = `https://${title}.example/`): DebugTarget {
  return { type, title, url, webSocketDebuggerUrl: `ws://127.0.0.1/${title}` };
}

test("the only page, or the only Node process, is what was meant", () => {
  assert.equal(chooseTarget([target("node", "server.js")], undefined).title, "server.js");
  const browser = [target("page", "Inbox"), target("browser_ui", "Omnibox"), target("service_worker", "sw")];
  assert.equal(chooseTarget(browser, undefined).title, "Inbox");
});

test("one of several is named by a part of its title or address", () => {
  const tabs = [
    target("page", "Inbox (3)"),
    target("page", "News"),
    target("worker", "worker", "https://a.example/w.js"),
  ];
  assert.equal(chooseTarget(tabs, "Inbox").title, "Inbox (3)");
  assert.equal(chooseTarget(tabs, "w.js").title, "worker");
  assert.throws(() => chooseTarget(tabs, undefined), {
    code: "not-found",
    message: /^there are 2 targets to choose from; .*--page:\n {2}page: Inbox \(3\) .*\n {2}page: News [^\n]*$/,
  });
  assert.throws(() => chooseTarget(tabs, "Drafts"), { message: /^there is no such target; .*Inbox.*News.*w\.js/s });
});

test("what somebody else is looking at with older tools cannot be chosen", () => {
  const { webSocketDebuggerUrl: _, ...taken } = target("page", "Taken");
  assert.equal(chooseTarget([taken, target("page", "Free")], undefined).title, "Free");
});

test("there may be none", () => {
  assert.throws(() => chooseTarget([], "Inbox"), { code: "not-found", message: /^no tab or process is open there/ });
});

test("a list of something else is no inspector's", async () => {
  const answers = [[null], [1], [{ id: 1 }], [{ ...target("page", "Inbox"), webSocketDebuggerUrl: 5 }], {}, null];
  const texts = [...answers.map((answer) => JSON.stringify(answer)), "<html>"];
  const own = JSON.stringify([target("node", "server.js")]);
  const server = createServer((_, response) => void response.end(texts.shift() ?? own)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const text of texts.slice()) assert.equal(await debugTargets(place), undefined, text);
  assert.equal((await debugTargets(place))?.length, 1);
  server.close();
  server.closeAllConnections();
});
