import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { arbitraryHeap, built } from "../../support/arbitrary-heap.js";
import { graphOf, rawSnapshotOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

const [UNKNOWN, ATTACHED, DETACHED] = [0, 1, 2];

suite("what is in the document and what was removed from it", () => {
  test("spreads from an element to the native nodes below it, and not through JavaScript", () => {
    // <div> detached -> Text -> object -> <p>
    const heap = new SnapshotBuilder();
    const div = heap.native("<div>", { detachedness: DETACHED });
    const text = heap.native("Text");
    const listener = heap.object("Listener");
    const p = heap.native("<p>");
    heap.element(div, 1, text).internal(text, "listener", listener).property(listener, "p", p);
    const { detached } = graphOf(heap);
    assert.deepEqual([...detached!], [UNKNOWN, DETACHED, DETACHED, UNKNOWN, UNKNOWN]);
  });

  test("what both refer to is in the document", () => {
    // <div> detached -> style <- <p> attached
    const heap = new SnapshotBuilder();
    const div = heap.native("<div>", { detachedness: DETACHED });
    const style = heap.native("Style");
    const p = heap.native("<p>", { detachedness: ATTACHED });
    heap.element(div, 1, style).element(p, 1, style);
    assert.equal(graphOf(heap).detached![style], ATTACHED);
  });

  test("does not spread over weak and hidden edges, nor over what knows better", () => {
    const heap = new SnapshotBuilder();
    const div = heap.native("<div>", { detachedness: DETACHED });
    const [weakly, hidden] = [heap.native("A"), heap.native("B")];
    const attached = heap.native("<p>", { detachedness: ATTACHED });
    heap.weak(div, "w", weakly).hidden(div, 1, hidden).element(div, 2, attached);
    const { detached } = graphOf(heap);
    assert.deepEqual([detached![weakly], detached![hidden], detached![attached]], [UNKNOWN, UNKNOWN, ATTACHED]);
  });

  test("is nothing to JavaScript objects, although V8 may mark them", () => {
    const heap = new SnapshotBuilder();
    const wrapper = heap.object("HTMLDivElement", { detachedness: DETACHED });
    assert.equal(graphOf(heap).detached![wrapper], UNKNOWN);
  });

  test("is unknown of all, in files that do not say", () => {
    const heap = new SnapshotBuilder();
    heap.native("<div>");
    assert.equal(graphOf(heap, { nodeFields: ["type", "name", "id", "self_size", "edge_count"] }).detached, null);
  });

  test("spreads in any heap as far as the rules say", () => {
    fc.assert(
      fc.property(arbitraryHeap(), (sketch) => {
        const heap = built(sketch);
        const raw = rawSnapshotOf(heap.snapshot());
        const isNative = (node: number): boolean => raw.nodeTypeNames[raw.nodeType[node]!] === "native";
        const state = Array.from(raw.detachedness!, (said, node) => (isNative(node) ? said : UNKNOWN));
        const knows = state.map((said) => said !== UNKNOWN);
        for (const spreading of [ATTACHED, DETACHED]) {
          for (let changed = true; changed;) {
            changed = false;
            for (let node = 0; node < raw.nodeCount; node++) {
              if (state[node] !== spreading) continue;
              for (let edge = raw.firstEdge[node]!; edge < raw.firstEdge[node + 1]!; edge++) {
                const target = raw.edgeTarget[edge]!;
                if (["weak", "hidden"].includes(raw.edgeTypeNames[raw.edgeType[edge]!]!)) continue;
                if (!isNative(target) || knows[target] || state[target] !== UNKNOWN) continue;
                state[target] = spreading;
                changed = true;
              }
            }
          }
        }
        assert.deepEqual([...graphOf(heap).detached!], state);
      }),
    );
  });
});
