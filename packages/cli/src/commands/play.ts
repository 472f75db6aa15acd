/** Lives a run to its end on the screen, whether it is new or was begun before: what `live`, `learn` and `resume` share. */
import { basename, resolve } from "node:path";
import { conduct, type Run, stateOf, writeReport } from "@plastica/lab";
import { interruptible } from "../interrupt.ts";
import { columns, note, print, say } from "../output.ts";
import { paintFor } from "../screen/paint.ts";
import { fromHere, resultData, resultLines } from "../screen/result.ts";
import { watch } from "../screen/watch.ts";

export interface PlayOptions {
  /** The folder of all runs, as it was given. */
  out: string;
  json?: boolean;
}

/** Returns 0 when the run is complete, 130 when it was interrupted. */
export async function play(run: Run, options: PlayOptions): Promise<number> {
  const watching = watch(run, stateOf(run), options.json === true);
  const interrupt = interruptible(watching.stopping);
  let outcome: "complete" | "stopped";
  try {
    outcome = await conduct(run, watching.audience, { signal: interrupt.signal });
  } finally {
    interrupt.release();
    watching.close();
  }
  if (outcome === "stopped") {
    note(`Stopped; nothing is lost. To go on:\n\n  ${resumeCommand(run, options.out)}\n`);
    if (options.json) say(resultData(run, stateOf(run), undefined));
    return 130;
  }
  tell(run, writeReport(run), options.json === true);
  return 0;
}

/** Shows what became of a run. */
export function tell(run: Run, report: string | undefined, json: boolean): void {
  const state = stateOf(run);
  if (json) say(resultData(run, state, report));
  else print(...resultLines(run, state, report, columns(), paintFor(process.stdout)), "");
}

/** What to type here to go on with a run: its folder's name where it lies among the runs, else its folder. */
export function resumeCommand({ folder }: Run, out: string): string {
  const name = basename(folder);
  if (resolve(out, name) !== folder) return `npx plastica resume ${quoted(fromHere(folder))}`;
  return `npx plastica resume ${quoted(name)}${outOption(out)}`;
}

/** ` --out FOLDER`, where it is not the usual one. */
export function outOption(out: string): string {
  return out === "runs" ? "" : ` --out ${quoted(out)}`;
}

/** As a shell takes it for one word. */
export function quoted(word: string): string {
  if (/^[\w./\\:@%+=,-]+$/.test(word)) return word;
  return process.platform === "win32" ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
