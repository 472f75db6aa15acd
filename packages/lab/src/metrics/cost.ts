/** What a life cost: parameters, operations and bytes, which change as neurons are born, die and fall silent. Lower is better. */
import type { WindowRecord } from "../runs/record.ts";

export interface Cost {
  /** Mean over examples. */
  readonly mean: number;
  readonly peak: number;
  /** In the last window. */
  readonly final: number;
}

/**
 * Parameters (weights and biases at a window's end), operations (multiply-adds of one forward pass, active neurons alone) or bytes (of
 * network and learner) over a life. Undefined where there is no window.
 */
export function costOf(
  windows: readonly WindowRecord[],
  what: "parameters" | "operations" | "bytes",
): Cost | undefined {
  const last = windows.at(-1);
  if (last === undefined) return undefined;
  let [sum, examples, peak] = [0, 0, 0];
  for (const window of windows) {
    sum += window.examples * window[what];
    examples += window.examples;
    peak = Math.max(peak, window[what]);
  }
  return { mean: sum / examples, peak, final: last[what] };
}

/** Multiply-adds of all forward passes of the life, `sum_w n_w operations_w`. Learning comes on top: about twice as many again. */
export function totalOperations(windows: readonly WindowRecord[]): number {
  return windows.reduce((sum, { examples, operations }) => sum + examples * operations, 0);
}
