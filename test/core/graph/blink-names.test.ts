import assert from "node:assert/strict";
import { test } from "node:test";
import { isBlinkStore, isBrowsersOwn, shortBlinkName } from "#core/graph/blink-names.js";

test("Blink's stores are told from the collections that they belong to", () => {
  assert.ok(isBlinkStore("blink::HeapVectorBacking<cppgc::internal::BasicMember<blink::RegisteredEventListener>>"));
  assert.ok(isBlinkStore("blink::HeapHashTableBacking<blink::HashTable<int, blink::DOMTimer>>"));
  assert.ok(!isBlinkStore("blink::BasicHeapVector<blink::RegisteredEventListener>"));
  assert.ok(!isBlinkStore("HeapVectorBacking<mine>"));
});

test("what the browser keeps for itself is told from what pages make", () => {
  for (const name of ["blink::TextRecord", "LargestContentfulPaint", "PerformanceEventTiming", "LayoutShift"])
    assert.ok(isBrowsersOwn(name), name);
  for (const name of ["PerformanceMark", "PerformanceMeasure", "ResizeObserver", "<div>", "Text", "V8EventListener"])
    assert.ok(!isBrowsersOwn(name), name);
});

test("C++ classes are called without what their templates are filled with", () => {
  assert.equal(shortBlinkName("blink::BasicHeapVector<blink::Node, 1>"), "blink::BasicHeapVector");
  assert.equal(shortBlinkName("blink::UserTiming"), "blink::UserTiming");
  assert.equal(shortBlinkName("<div class='a<b'>"), "<div class='a<b'>");
});
