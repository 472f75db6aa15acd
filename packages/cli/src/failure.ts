/** Failures as a person should see them, one line that says what was wrong, or as JSON; and the exit code that goes with it. */
import { CommanderError } from "commander";
import { say } from "./output.ts";

/** Errors by which somebody is told what they asked wrongly. All else that is thrown is a failure of the run, or ours. */
const ASKED_WRONGLY = new Set(["RecipeError", "UsageError"]);
const EXPECTED = new Set([
  "RecipeError",
  "UsageError",
  "RunError",
  "DataError",
  "SnapshotError",
  "DivergenceError",
  "ValueError",
  "ShapeError",
  "RuleError",
]);

/** Something that was asked for on the command line cannot be. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Tells the error, on standard error or as JSON, and returns the exit code: 2 when it was asked wrongly, else 1; 0 for what is
 * no failure: help that was asked for.
 */
export function failed(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // commander has told it in words already
    if (json) say({ error: { name: "UsageError", message: error.message.replace(/^error: /, "") } });
    return 2;
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const system = typeof (error as NodeJS.ErrnoException).syscall === "string";
  // An error of no known kind is a fault of ours: its stack is what a report of it needs.
  const known = EXPECTED.has(name) || system;
  if (json) say({ error: { name, message, ...(known ? {} : { stack }) } });
  else process.stderr.write(`plastica: ${known ? message : (stack ?? message)}\n`);
  return ASKED_WRONGLY.has(name) ? 2 : 1;
}
