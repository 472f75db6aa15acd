/** From a recipe to the living thing. */
import { backprop, dense, type Learner, live, type Network, RecipeError, sequential, ValueError } from "plastica";
import type { Stream } from "../streams/stream.ts";
import {
  activations,
  type Choice,
  dropouts,
  initialisers,
  type Kinds,
  losses,
  rules,
  structures,
  terms,
} from "./kinds.ts";
import { layerSpec, mustSuit } from "./layers.ts";
import { networkOf, type Recipe } from "./recipe.ts";

/** What a network must fit: the stream, or as much of it. */
export type Shape = Pick<Stream, "inputs" | "image" | "outputs" | "target">;

/**
 * The learner of that name, newborn. Learners of a recipe whose layers are alike start from the same weights, since these are drawn
 * from the recipe's seed and the layers' names alone.
 *
 * @throws ValueError when the recipe has no such learner, RecipeError when its loss or its layers do not fit the stream
 */
export function learnerFromRecipe(recipe: Recipe, name: string, shape: Shape): Learner {
  const { seed, arithmetic, learners } = recipe;
  const learner = learners[name];
  if (learner === undefined)
    throw new ValueError(`learner "${name}", must be one of ${Object.keys(learners).join(", ")}`);
  const network = networkOf(recipe, name);
  const { hidden, layerNorm, batchNorm, inputNormalisation, dropout } = network;
  mustSuit(hidden, shape.image);
  const initialiser = make(initialisers, network.initialiser);
  const layers = hidden.map((layer) =>
    layerSpec(layer, make(activations, network.activation), {
      layerNorm,
      batchNorm,
      initialiser,
      dropout: dropout && make(dropouts, dropout),
    }),
  );
  const normaliseInputs =
    typeof inputNormalisation === "number" ? { decay: inputNormalisation } : inputNormalisation || undefined;
  // Dense layers read an image as well as a list of values, and take less room for the latter.
  const image = hidden.some((layer) => typeof layer !== "number") ? shape.image : undefined;
  const net = built(() =>
    sequential({ inputs: image ?? shape.inputs, seed, arithmetic, normaliseInputs }, [
      ...layers,
      dense(shape.outputs, undefined, { initialiser }),
    ]),
  );
  if (shape.target === "values" && learner.loss?.kind === "cross-entropy")
    throw new RecipeError(
      `learners.${name}.loss: is cross-entropy, but the stream wants values, not a class: leave it out`,
    );
  const loss = learner.loss ?? { kind: shape.target === "class" ? "cross-entropy" : "squared-error" };
  return live(net, {
    credit: backprop({ loss: make(losses, loss) }),
    rule: make(rules, learner.rule),
    terms: learner.terms.map((term) => make(terms, term)),
    structure: learner.structure.map((policy) => make(structures, policy)),
  });
}

/** What the engine finds wrong with a network is wrong with the recipe. */
function built(make: () => Network): Network {
  try {
    return make();
  } catch (cause) {
    throw new RecipeError(`network: ${(cause as Error).message}`, { cause });
  }
}

function make<T>(kinds: Kinds<T>, choice: Choice): T {
  return kinds[choice.kind].make(choice);
}
