/** From a recipe to the living thing. */
import { backprop, dense, type Learner, live, RecipeError, sequential, ValueError } from "plastica";
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
import type { Recipe } from "./recipe.ts";

/** What a network must fit: the stream, or as much of it. */
export type Shape = Pick<Stream, "inputs" | "outputs" | "target">;

/**
 * The learner of that name, newborn. All learners of a recipe start from the same weights, since these are drawn from the
 * recipe's seed and the layers' names alone.
 *
 * @throws ValueError when the recipe has no such learner, RecipeError when its loss does not fit the stream
 */
export function learnerFromRecipe(
  { seed, arithmetic, network, learners }: Recipe,
  name: string,
  shape: Shape,
): Learner {
  const learner = learners[name];
  if (learner === undefined)
    throw new ValueError(`learner "${name}", must be one of ${Object.keys(learners).join(", ")}`);
  const { hidden, layerNorm, inputNormalisation, dropout } = network;
  const initialiser = make(initialisers, network.initialiser);
  const layers = hidden.map((size) =>
    dense(size, make(activations, network.activation), {
      layerNorm,
      initialiser,
      dropout: dropout && make(dropouts, dropout),
    }),
  );
  const normaliseInputs = inputNormalisation === false ? undefined : { decay: inputNormalisation };
  const net = sequential({ inputs: shape.inputs, seed, arithmetic, normaliseInputs }, [
    ...layers,
    dense(shape.outputs, undefined, { initialiser }),
  ]);
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

function make<T>(kinds: Kinds<T>, choice: Choice): T {
  return kinds[choice.kind].make(choice);
}
