export { attach, type AttachOptions } from "./attach/attach.js";
export type { Capture, CaptureEvent } from "./capture.js";
export { CaptureError, type CaptureErrorCode } from "./capture-error.js";
export type { CaptureOptions, LoadOptions } from "./capture-options.js";
export { captureSnapshots } from "./capture-snapshots.js";
export type { RequestOptions, Scenario, ScenarioContext } from "./load/load.js";
export type { MemorySample } from "./memory-sample.js";
export type { Forecast } from "./trend/forecast.js";
export type { LogSource } from "./trend/log-lines.js";
export { MemoryLogError } from "./trend/memory-log-error.js";
export {
  type LogForm,
  type MemoryLog,
  readMemorySamples,
  type ReadOptions as ReadMemoryOptions,
} from "./trend/read-memory-samples.js";
export type { Measure } from "./trend/sample-collector.js";
export type { SnapshotPlan } from "./trend/snapshot-plan.js";
export { type Per, trend, type Trend, type TrendOptions } from "./trend/trend.js";
export type { Growth, TrendReason, TrendVerdict } from "./trend/verdict.js";
