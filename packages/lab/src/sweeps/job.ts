/** A recipe as a sweep's job, and what a run's folder holds of it. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Recipe, recipeText, runId } from "../recipe/recipe.ts";
import { readEvents } from "../runs/events.ts";
import { engineVersion } from "../runs/machine.ts";
import { eventsPath, learnerFolder, metricsPath, recipePath } from "../runs/paths.ts";
import { endRecord } from "../runs/record.ts";
import { readTiming } from "../runs/stopwatch.ts";
import { dataDigest } from "../streams/data-digest.ts";
import type { Job, Result } from "./queue.ts";

/**
 * The job of living that recipe with this engine. Its key is a SHA-256 over both, and over the user's own files where the stream reads
 * any: what has the same key comes to the same bits.
 */
export function jobOf(recipe: Recipe, rank: number): Job {
  const text = recipeText(recipe);
  const data = dataDigest(recipe.stream) ?? "";
  const key = createHash("sha256").update(`${text}${engineVersion()}\n${data}`).digest("hex");
  return { key, recipe: text, folder: runId(recipe), rank };
}

/**
 * What the run in that folder came to, when all its learners have lived to their end with this engine and these data; else undefined. Of
 * several learners the fingerprints stand in the recipe's order with a blank between, and the seconds are added up.
 */
export function resultIn(folder: string, recipe: Recipe): Result | undefined {
  if (!existsSync(recipePath(folder)) || readFileSync(recipePath(folder), "utf8") !== recipeText(recipe))
    return undefined;
  const fingerprints: string[] = [];
  const data = dataDigest(recipe.stream);
  let total = 0;
  for (const name of Object.keys(recipe.learners)) {
    const { events } = readEvents(eventsPath(folder, name));
    const end = endRecord(events);
    if (end === undefined || events[0]?.engine !== engineVersion()) return undefined;
    if (events[0].data !== data) return undefined;
    if (!existsSync(metricsPath(folder, name))) return undefined;
    fingerprints.push(end.fingerprint);
    total += (readTiming(learnerFolder(folder, name))?.seconds ?? []).reduce((sum, seconds) => sum + seconds, 0);
  }
  return { fingerprint: fingerprints.join(" "), seconds: total };
}

/** Where a sweep's queue is. */
export function queuePath(root: string): string {
  return join(root, "queue.sqlite");
}
