import { endOfEdges } from "../../graph/edges-aside.js";
import type { HolderGrowth } from "../../diff/holder-growth.js";
import { type HeapGraph, NO_NODE, type NodeIndex } from "../../graph/heap-graph.js";
import { isContext, nodeText } from "../../graph/v8-names.js";
import { EdgeType, NodeType } from "../../graph/v8-types.js";
import { byGrowth, type Finding } from "../growth/finding.js";
import {
  differences,
  isLeak,
  isWhole,
  type Judgement,
  rates,
  STEADY_LOADING,
  sum,
  type Terms,
} from "../growth/growth-verdict.js";
import { newestUnits, samplesOf } from "../growth/samples.js";
import { holdsCallbacks } from "./connected.js";
import { isRuntimes } from "../naming/library.js";
import { isExports } from "../naming/property-names.js";
import { textProperty } from "../naming/text-property.js";

/** Edges of what a table has for a module that are looked at. */
const MAX_EDGES = 20;
/** So many modules of one file, and of no other, were not loaded because a program starts. */
const LEAST_ALIKE = 4;
/** What Node makes of each module that is loaded: by require, by import. */
const MODULE_CLASSES = ["Module", "ModuleJob", "ModuleJobSync"];
/** Share of the largest gain that the smallest of a module must be that was not loaded in one of the intervals. */
const EVEN = 0.25;
/** Share of files that must have names of their own, numbers aside: those that a program writes itself are numbered. */
const DISTINCT = 0.5;

/** Where Node has its bindings, and its own modules. */
const BINDINGS = "node:internal/bootstrap/realm";

/** What module.registerHooks() was given, in variables of Node's. */
const HOOKS = /^(?:resolve|load)Hooks$/;

/**
 * True for the caches that Node fills as modules are loaded. There are a dozen; they grow together, and in a healthy
 * program until all modules are there. What a module has exported is the program's, though Node's cache leads to it, and so
 * is what a function of the loader's was called with, such as the globals of a REPL. Nor are loaders modules, each around the
 * one before it.
 */
export function isModuleLoading({ path, chain }: Finding): boolean {
  if (HOOKS.test(path.words[0] ?? "") || path.words.some(isExports) || path.scope?.kind === "function") return false;
  if (chain !== null && path.words[1] === "extensions") return false;
  if (path.file.startsWith("node:internal/modules/") || path.file === "node:internal/process/esm_loader") return true;
  return /^(?:require\.(?:cache|extensions)|(?:\$?Module|globalThis)\b.*\._(?:cache|pathCache)|_pathCache|(?:module|require\.main|process\.mainModule)\.children)\b/.test(
    path.expression,
  );
}

/**
 * What Node has is made when it is first needed, once: one of its own modules with what that exports or puts in place of
 * others, variables that had nothing before, such as both streams of a console, or what its bindings
 * have. That makes one interval stand out; what is collected afterwards comes in all of them.
 */
function judgeOwn(growth: HolderGrowth, finding: Finding, cycles: Terms["cycles"]): Finding {
  const { path, bytes } = finding;
  if (!path.file.startsWith("node:") || !isLeak(finding)) return finding;
  const isModule = path.words.length === 1 && path.words[0] === path.file;
  const isFirst = isFirstNeeded(growth, finding) || hasLoadedOwn(growth, finding);
  if (!isModule && !(isFirst && !holdsCallbacks(growth, finding))) return finding;
  const gained = rates(bytes, cycles);
  const isLoaded = gained.length === 1 || Math.min(...gained) < Math.max(...gained) * EVEN;
  return isLoaded ? { ...finding, judgement: "settled" } : finding;
}

/** True for what had nothing before, for a scope, which has as many variables as were written, and for what bindings have. */
function isFirstNeeded(growth: HolderGrowth, { path, container, containers, isReplaced, entries }: Finding): boolean {
  if (containers[0] === NO_NODE || path.file === BINDINGS) return true;
  if (isContext(growth.heaps.at(-1)!.graph, container)) return true;
  return isReplaced && (entries?.counts[0] ?? 0) === 0;
}

/** True if a file of Node's is part of what came: by the functions that it puts in place of others, say. */
function hasLoadedOwn(growth: HolderGrowth, { grown }: Finding): boolean {
  const { graph } = growth.heaps.at(-1)!;
  return newestUnits(growth, grown).some(
    (unit) => graph.nodeType[unit] === NodeType.code && isRuntimes(nodeText(graph, unit)),
  );
}

/** One cause, one finding: what module loading fills is folded into the largest of its caches. */
export function foldModuleLoading(
  growth: HolderGrowth,
  all: readonly Finding[],
  cycles: Terms["cycles"] = null,
): Finding[] {
  const findings = all.map((each) => judgeOwn(growth, each, cycles));
  const loading = findings.filter(isModuleLoading);
  if (loading.length === 0) return findings;
  const largest = [...loading].sort(byGrowth);
  // Node's own part of it may be the largest, and says nothing of what is loaded.
  const first = largest.find((each) => filesLoaded(growth, each).length > 0) ?? largest[0]!;
  const bytes = first.bytes.map((_, i) => sum(loading.map((each) => each.bytes[i]!)));
  const folded = [...new Set(loading.flatMap(({ grown, folded: more }) => [grown, ...more]))].filter(
    (each) => each !== first.grown,
  );
  return [
    ...findings.filter((each) => !isModuleLoading(each)),
    { ...first, bytes, folded, judgement: pace(growth, first, bytes, cycles) },
  ];
}

function pace(growth: HolderGrowth, finding: Finding, bytes: readonly number[], cycles: Terms["cycles"]): Judgement {
  const { judgement, entries } = finding;
  const each = entries === null ? [] : differences(entries.counts);
  if (judgement === "grew") return isWhole([sum(each)], cycles) || isOneFile(growth, finding) ? judgement : "settled";
  if (entries !== null && isWhole(each, cycles)) return judgement;
  const gained = rates(entries === null ? bytes : each, cycles);
  const last = gained[gained.length - 1]!;
  const isSteady = gained.every((each) => each > 0) && last >= Math.max(...gained) * STEADY_LOADING;
  if (isSteady && !loadsEachOnce(growth, finding)) return judgement;
  return judgement === "settled" ? "settled" : "decaying";
}

/**
 * True if what is loaded are files that were not there before, each once: a program that gets to its parts one after the
 * other. They are as many as somebody wrote, so that it ends.
 */
function loadsEachOnce(growth: HolderGrowth, finding: Finding): boolean {
  const { graph } = growth.heaps.at(-1)!;
  const files = new Set(filesLoaded(growth, finding));
  if (files.size < LEAST_ALIKE) return false;
  const names = new Set([...files].map(numberless));
  if (names.size < files.size * DISTINCT) return false;
  const classes = new Set(MODULE_CLASSES.map((name) => graph.strings.indexOf(name)));
  const seen = new Set<string>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.nodeType[node] !== NodeType.object || !classes.has(graph.nodeName[node]!)) continue;
    for (const file of loadedFiles(graph, [node])) {
      if (!files.has(file)) continue;
      const module = `${nodeText(graph, node)} ${file}`;
      if (seen.has(module)) return false;
      seen.add(module);
    }
  }
  return true;
}

/** A name without numbers and hashes, in one pass over it: a file may have a name of any length. */
function numberless(file: string): string {
  return file.replace(/[0-9a-f]+/gi, (run) => (/\d/.test(run) ? "#" : run));
}

/** The files of some of the newest modules that a table of Node's has. */
function filesLoaded(growth: HolderGrowth, finding: Finding): string[] {
  return loadedFiles(
    growth.heaps.at(-1)!.graph,
    samplesOf(growth, finding).map(({ node }) => node),
  );
}

/** True if one file is loaded again and again, under new names or as it was taken out of a cache. */
function isOneFile(growth: HolderGrowth, finding: Finding): boolean {
  const files = filesLoaded(growth, finding);
  return files.length >= LEAST_ALIKE && files.every((file) => file === files[0]);
}

/** The files of modules, without what follows their names: of what Node keeps about each, or has in a table by its kind. */
export function loadedFiles(graph: HeapGraph, modules: readonly NodeIndex[]): string[] {
  return modules.flatMap((module) => {
    const near = [module];
    const end = endOfEdges(graph, module, MAX_EDGES);
    for (let edge = graph.firstEdge[module]!; edge < end; edge++)
      if (graph.edgeType[edge] === EdgeType.property) near.push(graph.edgeTarget[edge]!);
    const file = near
      .map((node) => textProperty(graph, node, "filename") || textProperty(graph, node, "url"))
      .find((name) => /^(?:file:|\/|[A-Za-z]:[\\/])/.test(name));
    return file === undefined ? [] : [file.replace(/[?#].*$/s, "")];
  });
}
