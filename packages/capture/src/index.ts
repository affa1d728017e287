export type { Capture, CaptureEvent } from "./capture.js";
export { CaptureError, type CaptureErrorCode } from "./capture-error.js";
export type { CaptureOptions, LoadOptions } from "./capture-options.js";
export { captureSnapshots } from "./capture-snapshots.js";
export type { RequestOptions, Scenario, ScenarioContext } from "./load/load.js";
export type { MemorySample } from "./memory-sample.js";
