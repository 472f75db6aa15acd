/** The program of a sweep's thread: lives the learners of a run one after the other. */
import { RunError } from "../runs/errors.ts";
import { makeFolder } from "../runs/files.ts";
import { mustBeOurs } from "../runs/identity.ts";
import { liveOut } from "../runs/life.ts";
import { learnerFolder } from "../runs/paths.ts";
import { resultIn } from "./job.ts";
import { serve } from "./serve.ts";

serve(async ({ folder, recipe, stop }, told) => {
  mustBeOurs(folder, recipe); // one that is finished is not lived again, so nothing else would tell
  const names = Object.keys(recipe.learners);
  for (const [before, name] of names.entries()) {
    makeFolder(learnerFolder(folder, name));
    let examples = 0;
    const outcome = await liveOut(folder, recipe, name, {
      opened(length) {
        examples = length;
      },
      pulse(position) {
        told.progress(before * examples + position, names.length * examples);
        return Atomics.load(stop, 0) === 1;
      },
      said: told.said,
    });
    if (outcome === "stopped") return undefined;
  }
  const result = resultIn(folder, recipe);
  if (result !== undefined) return result;
  throw new RunError(
    `${folder}: its files, or the data it learns from, were changed while it was lived; remove it and live it again`,
  );
});
