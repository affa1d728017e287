// Blink writes its C++ classes by their full names, and classes that JavaScript knows by the names known there:
// `blink::EventTargetData`, but `ResizeObserver`.

/** True for the store behind one of Blink's collections, which is allocated anew as the collection grows. */
export function isBlinkStore(name: string): boolean {
  return name.startsWith("blink::HeapVectorBacking<") || name.startsWith("blink::HeapHashTableBacking<");
}

const OWN = /^(?:blink|cppgc|std|gin|v8|mojo)::/;

/** What the browser notes of a page's speed and its visits; marks and measures are the page's own. */
const RECORDS =
  /^(?:LargestContentfulPaint|InteractionContentfulPaint|LayoutShift(?:Attribution)?|Performance(?!(?:Mark|Measure)$)\w*|VisibilityStateEntry|TaskAttributionTiming|NavigationHistoryEntry|DOMRectReadOnly|EventCounts)$/;

/** The rules of style sheets: a page has them inserted, and can delete them. */
export const STYLE_RULE: RegExp = /^blink::StyleRule(?:$|[A-Z])/;

/** True for what the browser keeps for itself: no page made it, and none can drop it. */
export function isBrowsersOwn(name: string): boolean {
  return (OWN.test(name) && !STYLE_RULE.test(name)) || RECORDS.test(name);
}

/** A C++ class as people say it: without what its templates are filled with. */
export function shortBlinkName(name: string): string {
  const end = name.indexOf("<");
  return end > 0 && OWN.test(name) ? name.slice(0, end) : name;
}
