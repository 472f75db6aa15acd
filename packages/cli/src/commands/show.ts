/** `plastica show RUN`: what became of a run, or how far it has come. */
import { existsSync } from "node:fs";
import { reportPath, stateOf } from "@plastica/lab";
import { runMeant } from "../meant.ts";
import { print } from "../output.ts";
import { type PlayOptions, resumeCommand, tell } from "./play.ts";

export function show(meant: string, options: PlayOptions): number {
  const run = runMeant(options.out, meant);
  const state = stateOf(run);
  const report = reportPath(run.folder);
  tell(run, existsSync(report) ? report : undefined, options.json === true);
  if (!options.json && !state.complete && !state.running) print(`To go on: ${resumeCommand(run, options.out)}`, "");
  return 0;
}
