/**
 * Credit assignment: how a neuron gets its learning signal. A way of assigning credit fills each population's `signal` with
 * dLoss / dInput, or with what it takes for that, and says when synapses may learn from it. What a synapse then does is its
 * rule's business (../rules). Ways differ in where `signal` comes from, and in nothing else.
 */
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import type { Loss } from "./loss.ts";

/** Called back as signals become known. A projection is named after the signals it carries back have been taken from it. */
export interface Learning {
  /** The population's `back` has all that its synapses carried back: who has more to say of it says it now. */
  pull?(population: Population): void;
  /** The population's own parameters may learn. */
  neurons(population: Population): void;
  /** All of the projection's synapses may learn. */
  synapses(projection: Projection): void;
  /** For one example: how many entries of `pre` to carry back, and then let learn, while they are in cache. 0: all at once. */
  groupOf(projection: Projection): number;
  /** Entries [from, to) of the presynaptic activity list may learn. */
  entries(projection: Projection, from: number, to: number): void;
}

export interface Credit {
  readonly name: string;
  readonly loss: Loss;
  /**
   * Whether `assign` makes the same calls for every single example, and does nothing else, as long as nobody is born or dies: then it is recorded
   * once and played back (../compute/tape.ts). Default: no.
   */
  readonly repeats?: boolean;
  /** Fills `signal` everywhere, from the output population's `back`, for the first `examples` examples. */
  assign(network: Network, examples: number, learning: Learning): void;
}
