/** Which runs somebody means by a word on the command line. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { didYouMean, findRun, openRun, type Run, RunError, type RunState, recipePath, runIds } from "@plastica/lab";

/** What lies under a folder of runs: each run, or why it cannot be read. */
export type Found = { name: string; run: Run } | { name: string; reason: string };

/** All runs under `root`, in the order of their names; with `begin`, those whose names begin so. */
export function runsUnder(root: string, begin = ""): Found[] {
  return runIds(root)
    .filter((name) => name.startsWith(begin))
    .map((name) => {
      try {
        return { name, run: openRun(join(root, name)) };
      } catch (error) {
        return { name, reason: (error as Error).message };
      }
    });
}

/** The one run that is meant; where it is a name that many share, the error says what to do with these. */
export function runMeant(root: string, meant: string, fits?: (state: RunState) => boolean): Run {
  try {
    return findRun(root, meant, fits);
  } catch (error) {
    const many = runsNamed(root, meant);
    if (!(error instanceof RunError) || many.length < 4) throw error;
    throw new RunError(
      `${meant}: is the name of ${many.length} runs, must be of one, such as ${many[0].id}; \`plastica ls ${meant}\` lists them, \`plastica compare ${meant}\` shows them together`,
      { cause: error },
    );
  }
}

/**
 * All runs that are meant by these words: a run's folder, its name, the name that runs share, or the beginning of names.
 *
 * @param fits which are taken of several that one word means; all, where it leaves none
 * @throws RunError for a word that means none, or a run that cannot be read
 */
export function runsMeant(root: string, meant: readonly string[], fits: (run: Run) => boolean = () => true): Run[] {
  const runs = new Map<string, Run>();
  for (const word of meant) {
    const found = existsSync(recipePath(word)) ? [openRun(word)] : runsLike(root, word);
    const fitting = found.length > 1 ? found.filter(fits) : found;
    for (const run of fitting.length > 0 ? fitting : found) runs.set(run.folder, run);
  }
  return [...runs.values()];
}

function runsLike(root: string, word: string): Run[] {
  const names = runIds(root);
  if (names.includes(word)) return [openRun(join(root, word))];
  const named = runsNamed(root, word);
  if (named.length > 0) return named;
  const begun = names.filter((name) => name.startsWith(word));
  if (begun.length > 0) return begun.map((name) => openRun(join(root, name)));
  const shared = [...new Set(names.map(withoutHash))];
  const there = names.length === 0 ? "there are no runs yet" : `there are ${shared.join(", ")}`;
  throw new RunError(`${word}: no such run in ${root}${didYouMean(word, shared)}; ${there}`);
}

/** The runs whose recipes have that name. */
export function runsNamed(root: string, name: string): Run[] {
  return runIds(root)
    .filter((id) => withoutHash(id) === name)
    .map((id) => openRun(resolve(root, id)));
}

/** "split-mnist-class" of "split-mnist-class-1a2b3c4d". */
function withoutHash(id: string): string {
  return id.replace(/-[0-9a-f]{8}$/, "");
}
