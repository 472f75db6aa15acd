/** Whether a recipe can be lived: asked before its run has a folder, since nothing that does not fit ever comes to an end. */
import { RecipeError, ShapeError, ValueError } from "plastica";
import { streamFrom } from "../streams/choice.ts";
import { streamKinds } from "../streams/kinds.ts";
import type { Stream } from "../streams/stream.ts";
import { learnerFromRecipe } from "./learner.ts";
import { networkOf, type Recipe } from "./recipe.ts";

/**
 * Opens the recipe's stream and makes each of its learners once, with a neuron a dense layer: what such a layer holds has no say in
 * what fits, and would cost time.
 *
 * @throws RecipeError for options of the stream that do not go together or a network that does not suit it; DataError when its files
 *   are missing or damaged
 */
export async function mustFit(recipe: Recipe): Promise<void> {
  const stream = await opened(recipe);
  for (const name of Object.keys(recipe.learners)) {
    const network = networkOf(recipe, name);
    const small = { ...network, hidden: network.hidden.map((layer) => (typeof layer === "number" ? 1 : layer)) };
    const learners = { [name]: { ...recipe.learners[name], network: small } };
    try {
      learnerFromRecipe({ ...recipe, learners }, name, stream).close();
    } catch (cause) {
      const where = cause instanceof RecipeError ? "" : `learners.${name}: `;
      throw new RecipeError(`recipe: ${where}${(cause as Error).message}`, { cause });
    }
  }
}

async function opened({ stream, seed, batch }: Recipe): Promise<Stream> {
  try {
    return await streamFrom(stream, { seed, batch });
  } catch (cause) {
    if (!(cause instanceof ValueError || cause instanceof ShapeError)) throw cause;
    const [option] = cause.message.split(/\W/);
    const named = Object.hasOwn(streamKinds[stream.kind].shape, option);
    throw new RecipeError(`recipe: stream${named ? "." : ": "}${cause.message}`, { cause });
  }
}
