/**
 * What a run's lives must share: the recipe that its folder holds, and with this process the engine and the user's own files that they
 * learn from. A life of others would end in other bits than this one comes to, and may not be gone on with, or stand beside this one's
 * in a run.
 */
import { existsSync, readdirSync } from "node:fs";
import { type Recipe, runId } from "../recipe/recipe.ts";
import { dataDigest } from "../streams/data-digest.ts";
import { RunError } from "./errors.ts";
import { readEvents } from "./events.ts";
import { engineVersion } from "./machine.ts";
import { eventsPath } from "./paths.ts";
import { type BegunRecord, begunRecord } from "./record.ts";

/**
 * Throws RunError where any life in that folder, finished or not, was begun as another recipe's, with another engine or other data
 * than are here now; DataError where its data cannot be read.
 */
export function mustBeOurs(folder: string, recipe: Recipe): void {
  for (const name of readdirSync(folder)) {
    if (!existsSync(eventsPath(folder, name))) continue;
    const begun = begunRecord(readEvents(eventsPath(folder, name)).events);
    mustBeSameEngine(folder, begun);
    mustBeSameRun(folder, runId(recipe), begun);
    mustBeSameData(folder, recipe, begun);
  }
}

/** Throws RunError when the life was begun as another run than that of the recipe which the folder holds now. */
export function mustBeSameRun(folder: string, id: string, begun: BegunRecord | undefined): void {
  if (begun === undefined || begun.run === id) return;
  throw new RunError(
    `${folder}: recipe.json is of ${id}, the life was begun as ${begun.run}: put the recipe back as it was, or live the changed one in a folder of its own with \`plastica live\``,
  );
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
