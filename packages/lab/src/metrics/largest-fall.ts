/**
 * The largest fall: by how much the accuracy on the test sets has fallen from the end of one window to that of the next, at most. Where
 * something takes the place of something else, this says whether there was a gap. Our own.
 */
import type { WindowRecord } from "../runs/record.ts";
import { meanOf } from "./matrix.ts";

/** `max_w (mean tests_{w-1} - mean tests_w)`, and 0 where it never falls. Undefined unless there are two windows of classes, tested alike. */
export function largestFall(windows: readonly WindowRecord[]): number | undefined {
  if (windows.some(({ accuracy }) => accuracy === undefined)) return undefined;
  const means = windows.map(({ tests }) => tests && meanOf(tests));
  if (means.length < 2 || new Set(windows.map(({ tests }) => tests?.length ?? 0)).size > 1) return undefined;
  let most = 0;
  for (let w = 1; w < means.length; w++) {
    const [before, after] = [means[w - 1], means[w]];
    if (before === undefined || after === undefined) return undefined;
    most = Math.max(most, before - after);
  }
  return most;
}
