import { readFileSync } from "node:fs";

const compiled = new Map<string, WebAssembly.Module | null>();

/**
 * What a file of WebAssembly holds, compiled once; null where an engine has no WebAssembly, its processor no vectors that
 * the file needs, or nobody put the file there.
 */
export function wasmModule(file: URL): WebAssembly.Module | null {
  let module = compiled.get(file.href);
  if (module === undefined) {
    try {
      module = new WebAssembly.Module(readFileSync(file));
    } catch {
      module = null;
    }
    compiled.set(file.href, module);
  }
  return module;
}

/** The exports of a module that works on a memory. @throws RangeError where there is no room for it */
export function instantiated<Exports>(module: WebAssembly.Module, memory: WebAssembly.Memory): Exports {
  const abort = (): never => {
    throw new Error("a loop in WebAssembly went wrong");
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as Exports;
}
