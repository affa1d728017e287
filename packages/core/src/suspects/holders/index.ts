import { asyncContext } from "./async-context.js";
import { bufferView } from "./buffer-view.js";
import { activeObjects } from "./active-objects.js";
import { callbacks, orOfCallbacks } from "./callbacks.js";
import { classStatic } from "./class-static.js";
import { closureContext } from "./closure-context.js";
import { detachedDom } from "./detached-dom.js";
import { domChildren } from "./dom-children.js";
import { domObservers } from "./dom-observers.js";
import { eventListeners } from "./event-listeners.js";
import { finalizationRegistry } from "./finalization-registry.js";
import { generatedFunctions } from "./generated-functions.js";
import { globalProperty } from "./global-property.js";
import type { HolderFacts, HolderKind } from "./holder-kind.js";
import { growingBuffer } from "./growing-buffer.js";
import { growingString } from "./growing-string.js";
import { linkedList } from "./linked-list.js";
import { linkedObjects } from "./linked-objects.js";
import { mapCache } from "./map-cache.js";
import { memoised } from "./memoised.js";
import { moduleArray } from "./module-array.js";
import { moduleCache } from "./module-cache.js";
import { moduleObject } from "./module-object.js";
import { privateField } from "./private-field.js";
import { objectUrls } from "./object-urls.js";
import { performanceMarks } from "./performance-marks.js";
import { promiseChain } from "./promise-chain.js";
import { promiseReactions } from "./promise-reactions.js";
import { reactFibers } from "./react-fibers.js";
import { reactState } from "./react-state.js";
import { replacedContainer } from "./replaced-container.js";
import { slicedStrings } from "./sliced-strings.js";
import { spread } from "./spread.js";
import { streamBuffer } from "./stream-buffer.js";
import { symbolRegistry } from "./symbol-registry.js";
import { timers } from "./timers.js";
import { unknownHolder } from "./unknown.js";
import { vmContexts } from "./vm-contexts.js";
import { weakMap } from "./weak-map.js";
import { weakRefs } from "./weak-refs.js";
import { windowListeners } from "./window-listeners.js";

/** All kinds, the telling ones before the general ones; the last recognises everything. */
export const HOLDER_KINDS: readonly HolderKind[] = [
  spread,
  moduleCache,
  promiseChain,
  timers,
  eventListeners,
  windowListeners,
  domObservers,
  activeObjects,
  performanceMarks,
  objectUrls,
  symbolRegistry,
  streamBuffer,
  growingString,
  growingBuffer,
  detachedDom,
  domChildren,
  reactFibers,
  closureContext,
  linkedList,
  promiseReactions,
  linkedObjects,
  finalizationRegistry,
  reactState,
  replacedContainer,
  asyncContext,
  slicedStrings,
  bufferView,
  vmContexts,
  generatedFunctions,
  weakRefs,
  weakMap,
  memoised,
  ...[globalProperty, classStatic, privateField].map(orOfCallbacks),
  callbacks,
  mapCache,
  moduleArray,
  moduleObject,
  unknownHolder,
];

/** The first kind that recognises a holder. */
export function kindOf(facts: HolderFacts): HolderKind {
  return HOLDER_KINDS.find((kind) => kind.recognise(facts)) ?? unknownHolder;
}
