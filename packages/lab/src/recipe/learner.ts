/** From a recipe to the living thing. */
import { backprop, dense, type Learner, live, sequential, ValueError } from "plastica";
import { activations, type Choice, initialisers, type Kinds, losses, rules, structures, terms } from "./kinds.ts";
import type { Recipe } from "./recipe.ts";

const CLASSES = 10;

/**
 * The learner of that name, newborn. All learners of a recipe start from the same weights, since these are drawn from the
 * recipe's seed and the layers' names alone.
 *
 * @throws ValueError when the recipe has no such learner
 */
export function learnerFromRecipe({ seed, arithmetic, network, learners }: Recipe, name: string): Learner {
  const learner = learners[name];
  if (learner === undefined)
    throw new ValueError(`learner "${name}", must be one of ${Object.keys(learners).join(", ")}`);
  const { hidden, layerNorm, inputNormalisation, inputs } = network;
  const initialiser = make(initialisers, network.initialiser);
  const layers = hidden.map((size) => dense(size, make(activations, network.activation), { layerNorm, initialiser }));
  const normaliseInputs = inputNormalisation === false ? undefined : { decay: inputNormalisation };
  const net = sequential({ inputs, seed, arithmetic, normaliseInputs }, [
    ...layers,
    dense(CLASSES, undefined, { initialiser }),
  ]);
  return live(net, {
    credit: backprop({ loss: make(losses, learner.loss) }),
    rule: make(rules, learner.rule),
    terms: learner.terms.map((term) => make(terms, term)),
    structure: learner.structure.map((policy) => make(structures, policy)),
  });
}

function make<T>(kinds: Kinds<T>, choice: Choice): T {
  return kinds[choice.kind].make(choice);
}
