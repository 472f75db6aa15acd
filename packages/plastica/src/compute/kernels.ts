/** What the hand-written kernels (../../kernels, compiled from AssemblyScript) look like from here. Pointers and strides are in bytes. */
import { fused, plain } from "./kernels.generated.ts";

/** How a product and a sum are rounded: `plain` twice, the same everywhere; `fused` once, about half as fast again. */
export type Arithmetic = "plain" | "fused";

/** The kernels by name, in the order by which threads know them. */
export const KERNEL_NAMES = [
  "gather",
  "project",
  "projectRow",
  "projectActive",
  "listActive",
  "listByNeuron",
  "allFinite",
  "sumMagnitudes",
  "gatherPresent",
  "projectPresent",
  "scatterPresent",
  "gradientPresent",
  "projectPresentRows",
  "markPresent",
  "collect",
  "projectSynapses",
  "gradientSynapses",
  "layOut",
  "takeUp",
  "convolve",
  "sow",
  "placeWindows",
  "transpose",
  "pool",
  "unpool",
  "normaliseLayer",
  "denormaliseLayer",
] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];
export type Kernels = Record<KernelName, (...args: number[]) => number> & {
  fuses(a: number, b: number, c: number): number;
  /** Makes the calls of a tape that lie between two addresses: see tape.ts. */
  play(from: number, to: number): void;
};

const bytes = new Map<string, Uint8Array<ArrayBuffer>>();

/** The kernels' module for an arithmetic, importing shared or unshared memory. */
export function kernelBytes(arithmetic: Arithmetic, shared: boolean): Uint8Array<ArrayBuffer> {
  const key = `${arithmetic} ${shared}`;
  let module = bytes.get(key);
  if (!module) {
    module = Uint8Array.from(arithmetic === "fused" ? fused : plain, (character) => character.charCodeAt(0));
    if (shared) shareMemoryImport(module);
    bytes.set(key, module);
  }
  return module;
}

/**
 * The two builds differ in one byte, so only one is shipped: the flags of the imported memory's limits, which follow its
 * name "memory" and the import kind 2. 1 is "has a maximum", 3 is "has a maximum and is shared".
 */
function shareMemoryImport(module: Uint8Array): void {
  const name = [6, ...new TextEncoder().encode("memory"), 2, 1];
  const at = module.findIndex((_, i) => name.every((byte, j) => module[i + j] === byte));
  if (at < 0) throw new Error("internal: the kernels import no memory with a maximum");
  module[at + name.length - 1] = 3;
}
