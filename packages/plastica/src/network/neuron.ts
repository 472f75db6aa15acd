/**
 * Neuron models: what a neuron makes of its input. A model is an expression, or several: a model with two outputs (CReLU)
 * gives each neuron two *planes*, and the next projection a row for each. Its derivative is taken from the expression.
 */
import { ValueError } from "../errors.ts";
import { differentiate } from "../rules/differentiate.ts";
import { constant, type Expression, symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";
import { substitute } from "../rules/traverse.ts";

export interface NeuronModel {
  readonly name: string;
  readonly options: Readonly<Record<string, number>>;
  /** Outputs of one neuron. */
  readonly planes: number;
  /** Of initial weights, so that activity neither dies out nor explodes (see initialisers). */
  readonly gain: number;
  /**
   * A silent neuron (output 0) has a derivative of 0, so that no signal needs to go back to it. True of ReLU; not of tanh,
   * which passes on most where it is silent.
   */
  readonly gated: boolean;
  /** `input` -> `out0`, `out1`, ... */
  readonly forward: GridProgram;
  /** `input`, `out*` and the signals that came back, `back*` -> `signal`, dLoss / dInput. */
  readonly backward: GridProgram;
}

export interface NeuronDefinition {
  readonly gain: number;
  readonly gated?: boolean;
  readonly options?: Record<string, number>;
}

/**
 * Defines a neuron model: `neuron("relu", { gain: Math.SQRT2, gated: true }, (input) => [input.max(0)])`. Options are numbers that the
 * expression was built with; snapshots and recipes carry them.
 */
export function neuron(
  name: string,
  definition: NeuronDefinition,
  outputs: (input: Expression) => readonly Expression[],
): NeuronModel {
  for (const [option, value] of Object.entries(definition.options ?? {})) {
    if (!Number.isFinite(value)) throw new ValueError(`${name}: ${option} is ${value}: it is a finite number`);
  }
  const input = symbol("input", "cell");
  const out = outputs(input);
  let signal = constant(0);
  out.forEach((value, plane) => {
    // Where the derivative can be had from the output (tanh' = 1 - tanh^2), it is read and not computed again.
    const slope = substitute(differentiate(value, input), new Map([[value, symbol(`out${plane}`, "cell")]]));
    signal = signal.add(symbol(`back${plane}`, "cell").mul(slope));
  });
  return {
    name,
    options: { ...definition.options },
    planes: out.length,
    gain: definition.gain,
    gated: definition.gated ?? false,
    forward: { name: `${name} forward`, outputs: out.map((value, plane) => ({ name: `out${plane}`, value })) },
    backward: { name: `${name} backward`, outputs: [{ name: "signal", value: signal }] },
  };
}
