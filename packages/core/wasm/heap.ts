// The hot loops over the nodes and edges of heaps, in AssemblyScript: compiled to `dist/graph/heap.wasm` by build.mjs
// beside this file and called by `src/graph/heap-kernel.ts`. The columns lie in one memory; a column is given as
// the place of its first byte. What the loops must do is said by the twins of these files in `src`, which do it where
// there is no WebAssembly; test/core/graph/heap-kernel.test.ts and
// test/core/diff/in-one-memory.test.ts hold the two together.
//
// No call takes long: an engine runs a function that it has just compiled in a hurry, and has a better one ready for the
// next call only.

export { translate, nodesOfType } from "./node-types";
export { markByType, reachFrom, leaveOut, nextNamed, nodeOfNamed, countOnes } from "./retaining-edges";
export { markStorage, spreadOwners, settleOwners } from "./storage-owners";
export { startCensus, countIds, countedObjects, newestId, countedBytes } from "./id-census";
export { startLayouts, countPlainObjects, noteLayouts, rememberLayout } from "./plain-object-layouts";
export { startGroups, startGroupSlice, groupNodes, plainObjectCount, locationRow } from "./class-groups";
export { rowsBefore, startWalk, walk } from "./depth-first";
export { startDominators, parents, semidominators, nearestAncestors, dominatorsByNode } from "./dominators";
export { sumsByNumber, addToDominators, retainedByNode } from "./retained-sizes";
export { edgesTo, countRetainers, addUp, fillRetainers } from "./retainers";
export { startIds, otherIds, highestId, noteIds, enterIds, findIds } from "./same-ids";
export { partNodes } from "./match-nodes";
export { sumByClass, countSurvivors } from "./class-growth";
export { markOwners, followBack, nodesBefore } from "./survivors";
export { startCut, memberCount, placeSurvivors, cut, sortMembers } from "./units";
export { startEngine, sumUp, belowUnits } from "./holder-sums";
export { markApart, listMarked } from "./marks";
