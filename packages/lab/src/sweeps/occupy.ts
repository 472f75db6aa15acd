/** Makes a run's folder one's own before a job is lived in it. */
import type { Recipe } from "../recipe/recipe.ts";
import { isLocked, lock } from "../runs/lock.ts";
import { createRun } from "../runs/run.ts";

/** A folder that this process may write in until it leaves it, or why it may not now. */
export type Place = { readonly folder: string; readonly leave: () => void } | { readonly inUse: string };

/** Throws RunError when the folder holds another recipe, or can have no lock. */
export function occupy(root: string, recipe: Recipe): Place {
  const { folder } = createRun(root, recipe);
  let leave: () => void;
  try {
    leave = lock(folder);
  } catch (error) {
    if (isLocked(folder)) return { inUse: (error as Error).message };
    leave = lock(folder); // its holder has left it just now, or there is another reason, which this throws
  }
  return { folder, leave };
}
