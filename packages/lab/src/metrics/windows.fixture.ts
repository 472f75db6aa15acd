/** Windows for the tests: what a test does not care about is filled in. */
import type { WindowRecord } from "../runs/record.ts";

export function windowsOf(parts: readonly Partial<WindowRecord>[]): WindowRecord[] {
  return parts.map((part, window) => ({
    window,
    task: window,
    examples: 100,
    loss: 1,
    dormant: [0],
    births: 0,
    deaths: 0,
    parameters: 10,
    operations: 10,
    bytes: 40,
    ...part,
  }));
}

/** One window a task, its tests the matrix's row. */
export function tasksOf(matrix: readonly (readonly number[])[]): WindowRecord[] {
  return windowsOf(matrix.map((tests) => ({ accuracy: 0.5, tests: [...tests] })));
}
