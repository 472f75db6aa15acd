/** Failures as a person should see them: one line that says what was wrong, and the exit code that goes with it. */

/** Errors by which somebody is told what they asked wrongly. All else that is thrown is a failure of the run, or ours. */
const ASKED_WRONGLY = new Set(["RecipeError"]);
const EXPECTED = new Set([
  "RecipeError",
  "RunError",
  "DataError",
  "SnapshotError",
  "ValueError",
  "ShapeError",
  "RuleError",
]);

/** Tells the error on standard error and returns the exit code: 2 when it was asked wrongly, else 1. */
export function failed(error: unknown): number {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const system = typeof (error as NodeJS.ErrnoException).syscall === "string";
  // An error of no known kind is a fault of ours: its stack is what a report of it needs.
  process.stderr.write(`plastica: ${EXPECTED.has(name) || system ? message : (stack ?? message)}\n`);
  return ASKED_WRONGLY.has(name) ? 2 : 1;
}
