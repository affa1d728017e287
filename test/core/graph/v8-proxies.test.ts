import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { behindProxy } from "#core/graph/v8-proxies.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

suite("a proxy", () => {
  test("stands for its target, which is not its handler; anything else for itself", () => {
    const heap = new SnapshotBuilder();
    const [target, handler] = [heap.object("Session"), heap.object("Handler")];
    const proxy = heap.node("hidden", "system / JSProxy");
    heap.hidden(proxy, 2, handler).hidden(proxy, 1, target);

    heap.property(heap.global(), "session", proxy);
    const graph = graphOf(heap);
    const nodeOf = (name: string): number => graph.nodeName.findIndex((each) => graph.strings.text(each) === name);
    assert.equal(behindProxy(graph, nodeOf("system / JSProxy")), nodeOf("Session"));
    assert.equal(behindProxy(graph, nodeOf("Session")), nodeOf("Session"));
  });
});
