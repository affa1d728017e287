export type { MemorySample } from "./memory-sample.js";
