/** The windows of a life: the stretches of examples of which the log has a line each. */
import type { Recipe } from "../recipe/recipe.ts";
import type { Stream } from "../streams/stream.ts";

/** Of a stream of one task. */
const WINDOWS = 100;

/**
 * Where each window begins, in order: every `window` examples if the recipe says so, else with each task, else about a hundred times. Where
 * there are test sets a window begins with each task too: what was tested at a task's end must be what was learned by then.
 */
export function windowStarts(
  { starts, length, tests }: Pick<Stream, "starts" | "length" | "tests">,
  { window, batch }: Pick<Recipe, "window" | "batch">,
): readonly number[] {
  if (window === undefined && starts.length > 1) return starts;
  const size = window ?? Math.ceil(length / WINDOWS / batch) * batch; // whole batches: a batch ends with its window
  const even = Array.from({ length: Math.ceil(length / size) }, (_, i) => i * size);
  if (tests === undefined) return even;
  return [...new Set([...even, ...starts])].sort((a, b) => a - b);
}
