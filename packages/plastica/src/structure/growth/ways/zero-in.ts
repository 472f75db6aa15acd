/**
 * Zero-in: incoming weights are 0, outgoing ones are drawn. Where f(0) = 0 and f'(0) is not 0 (tanh, GELU, leaky ReLU), what the network says stays the
 * same to the bit, and the incoming weights learn at once. A ReLU or CReLU has no derivative at 0 and would never move: there incoming weights are
 * drawn and multiplied by `epsilon`, so that it passes something on for half of the inputs, and what the network says stays the same to 1e-6.
 *
 * As in U. Evci et al.: GradMax, ICLR 2022 (arXiv 2201.05125), with outgoing weights drawn.
 */
import { derive } from "../../../compute/random.ts";
import { ValueError } from "../../../errors.ts";
import type { Network } from "../../../network/network.ts";
import type { NeuronModel } from "../../../network/neuron.ts";
import type { Population } from "../../../network/population.ts";
import { outputsOf, slopesOf } from "../../../network/response.ts";
import { drawnIncoming, drawnOutgoing, ofEach, type Weights } from "./drawn.ts";
import type { Wanted, Way } from "./way.ts";

export interface ZeroInOptions {
  /** From 0, below 1. Default 1e-7. */
  readonly epsilon?: number;
}

/** Throws ValueError for an option out of its range; in use, for a model that puts something out at 0 (sigmoid, softplus). */
export function zeroIn({ epsilon = 1e-7 }: ZeroInOptions = {}): Way {
  checkEpsilon("zero-in", epsilon);
  return {
    name: "zero-in",
    options: { epsilon },
    preserves: "nearly",
    looks: false,
    mustSuit: (_, population) => mustBeSilent(population),
    propose: ({ network }, wanted) => ({
      count: wanted.count,
      endowment: {
        incoming: nextToZero(network, wanted, epsilon),
        outgoing: drawnOutgoing(network, wanted.population, wanted.count, derive(wanted.key, "out")),
      },
      evidence: {},
    }),
  };
}

export function checkEpsilon(way: string, epsilon: number): void {
  if (!(epsilon >= 0 && epsilon < 1)) throw new ValueError(`${way}: epsilon is ${epsilon}: from 0, below 1`);
}

/** Incoming weights that are 0, or next to it where a model does not move at 0. */
export function nextToZero(
  network: Network,
  { population, count, key }: Omit<Wanted, "examples">,
  epsilon: number,
): Weights {
  const { model } = population;
  const into = network.incoming(population);
  if (moves(model) || epsilon === 0)
    return ofEach(into, ({ columns: { planes, rows } }) => new Float32Array(planes * rows * count));
  const drawn = drawnIncoming(network, population, count, derive(key, "in"));
  return ofEach(into, (projection) => drawn.get(projection)!.map((w) => w * epsilon));
}

/** Whether a model's derivative at 0 is not 0. */
export function moves(model: NeuronModel): boolean {
  return slopesOf(model, new Float32Array(1)).some(([slope]) => slope !== 0);
}

/** Throws ValueError for a model that puts something out at 0. */
export function mustBeSilent({ model, name }: Population): void {
  const said = outputsOf(model, new Float32Array(1)).find(([value]) => value !== 0)?.[0];
  if (said !== undefined)
    throw new ValueError(
      `a birth in ${name} with incoming weights of 0: ${model.name} puts out ${said} there, not 0; zero-out is right`,
    );
}
