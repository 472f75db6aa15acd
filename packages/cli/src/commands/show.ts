/** `plastica show RUN`: what became of a run, or how far it has come. */
import { existsSync } from "node:fs";
import { findRun, reportPath, stateOf } from "@plastica/lab";
import { type PlayOptions, resumeCommand, tell } from "./play.ts";

export function show(meant: string, options: PlayOptions): number {
  const run = findRun(options.out, meant);
  const state = stateOf(run);
  const report = reportPath(run.folder);
  tell(run, existsSync(report) ? report : undefined, options.json === true);
  if (!options.json && !state.complete && !state.running) {
    process.stdout.write(`To go on: ${resumeCommand(run, options.out)}\n\n`);
  }
  return 0;
}
