/**
 * What a run's lives must share with this process, beside the recipe: the engine, and the user's own files that they learn from. A life
 * of others would end in other bits than this one comes to, and may not be gone on with, or stand beside this one's in a run.
 */
import type { Recipe } from "../recipe/recipe.ts";
import { dataDigest } from "../streams/data-digest.ts";
import { RunError } from "./errors.ts";
import { readEvents } from "./events.ts";
import { engineVersion } from "./machine.ts";
import { eventsPath } from "./paths.ts";
import { type BegunRecord, begunRecord } from "./record.ts";

/**
 * Throws RunError where any learner of the run in that folder, finished or not, was begun with another engine or other data than are
 * here now; DataError where its data cannot be read.
 */
export function mustBeOurs(folder: string, recipe: Recipe): void {
  for (const name of Object.keys(recipe.learners)) {
    const begun = begunRecord(readEvents(eventsPath(folder, name)).events);
    mustBeSameEngine(folder, begun);
    mustBeSameData(folder, recipe, begun);
  }
}

/** Throws RunError when the life was begun with another engine than this. */
export function mustBeSameEngine(folder: string, begun: BegunRecord | undefined): void {
  if (begun === undefined || begun.engine === engineVersion()) return;
  throw new RunError(
    `${folder}: begun with plastica ${begun.engine}, this is ${engineVersion()}: it would not end in the same bits; begin it anew in another folder`,
  );
}

/** Throws RunError when the life was begun with other files than those that are there now; DataError when one cannot be read. */
export function mustBeSameData(folder: string, { stream }: Recipe, begun: BegunRecord | undefined): void {
  if (begun?.data === undefined) return;
  const now = dataDigest(stream);
  if (begun.data === now) return;
  throw new RunError(
    `${folder}: its data have changed since it was begun (they were ${begun.data}, now ${now ?? "none"}): it would not end in the same bits; put the files back as they were, or live it anew in another folder`,
  );
}
