/**
 * Plasticity of single synapses: a factor p on what a rule does to each, in a column beside the weights. A program is gated by it:
 *
 *   w <- w + p (w' - w)      state <- state'  where p is not 0, else as it was
 *
 * w' and state' being what the program says. At p = 1 these are its bits; at p = 0 the synapse stands still, weight and state; at 3 it learns
 * three times as fast. An absent synapse has a weight and a plasticity of 0, a frozen one a weight and a plasticity of 0.
 */
import { symbol } from "./expression.ts";
import type { GridProgram } from "./grid.ts";

/** The column of a projection; of a population's trained column it is "bias.plasticity", ... */
export const PLASTICITY = "plasticity";

/** The name of the column that says how plastic a trained column is: "w", "bias", "gain" or "shift". */
export function plasticityOf(trained: string): string {
  return trained === "w" ? PLASTICITY : `${trained}.${PLASTICITY}`;
}

const p = symbol(PLASTICITY, "cell");

export function gated({ name, outputs }: GridProgram): GridProgram {
  return {
    name: `${name}, by synapse`,
    outputs: outputs.map((output) => {
      if (output.reduce) return output;
      const old = symbol(output.name, "cell");
      const moved = output.name === "w" ? old.add(p.mul(output.value.sub(old))) : output.value;
      return { ...output, value: p.equals(1).then(output.value, p.equals(0).then(old, moved)) };
    }),
  };
}

/** Whether a column holds plasticities: such come and go as a network lives. */
export function isPlasticity(column: string): boolean {
  return column === PLASTICITY || column.endsWith(`.${PLASTICITY}`);
}
