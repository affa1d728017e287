// The hot loops over the nodes and edges of one heap, in AssemblyScript: compiled to `dist/graph/heap.wasm` by build.mjs
// beside this file and called by `src/graph/heap-kernel.ts`. The heap's columns lie in the memory; a column is given as
// the place of its first byte. What the loops must do is said by the functions in `src` that have the same names, which
// do it where there is no WebAssembly; test/core/graph/heap-kernel.test.ts holds the two together.
//
// No call takes long: an engine runs a function that it has just compiled in a hurry, and has a better one ready for the
// next call only.

export { markByType, reachFrom, leaveOut, countOnes } from "./retaining-edges";
export { spreadOwners, settleOwners } from "./storage-owners";
export { startWalk, walk } from "./depth-first";
export { startDominators, semidominators, nearestAncestors, dominatorsByNode } from "./dominators";
export { startIds, otherIds, highestId, noteIds, enterIds, findIds } from "./same-ids";
export { startCut, memberCount, placeSurvivors, cut, sortMembers } from "./units";
export { edgesTo, countRetainers, addUp, fillRetainers } from "./retainers";
export { sumByClass, countSurvivors } from "./class-growth";
export { markOwners, followBack, nodesBefore } from "./survivors";
export { startEngine, sumUp } from "./holder-sums";
export { markDifferent, markApart, listMarked } from "./holder-bytes";
export { partNodes } from "./match-nodes";
export { sumsByNumber, addToDominators, retainedByNode } from "./retained-sizes";
