/**
 * The recipes that come with Plastica, by name.
 *
 * `first-life` is online permuted MNIST as published (Dohare et al. 2024), with the small network of their figure on width: three
 * hidden layers of 100 ReLU neurons, step 0.003, each image once a task. Beside plain backprop live continual backprop with the
 * published settings, and our own cycle with its step size, its layers normalised: 0.6 % more parameters. The number of tasks is what two
 * cores of an ordinary machine live through in a few minutes.
 */
import { RecipeError } from "plastica";
import { didYouMean } from "../options/nearest.ts";
import { type Recipe, readRecipe } from "./recipe.ts";

const recipes: Record<string, () => Recipe> = {
  "first-life": () =>
    readRecipe({
      name: "first-life",
      seed: 1,
      stream: { kind: "permuted", dataset: "mnist", tasks: 150 },
      network: { hidden: [100, 100, 100], activation: "relu" },
      learners: {
        backprop: { rule: { kind: "sgd", lr: 0.003 } },
        "continual-backprop": {
          rule: { kind: "sgd", lr: 0.003 },
          structure: [
            {
              kind: "continual-backprop",
              replacementRate: 1e-4,
              maturity: 100,
              utility: "adaptable-contribution",
              decay: 0.99,
            },
          ],
        },
        neuroplasticity: {
          network: { layerNorm: true },
          rule: { kind: "sgd", lr: 0.005 },
          structure: [{ kind: "neuroplasticity" }],
        },
      },
    }),
};

/** The names of the recipes that come with Plastica. */
export const builtInRecipes: readonly string[] = Object.keys(recipes);

/** The recipe of that name. Throws RecipeError when there is none. */
export function builtInRecipe(name: string): Recipe {
  if (!Object.hasOwn(recipes, name)) {
    throw new RecipeError(
      `recipe "${name}": neither a file nor one of ${builtInRecipes.join(", ")}${didYouMean(name, builtInRecipes)}`,
    );
  }
  return recipes[name]();
}
