/**
 * What the rest of the engine asks of a projection, the synapses from one population to another. Dense ones are in
 * dense-projection.ts, convolutional ones in convolutional-projection.ts; whatever can do this much can be learned by any rule, and carried by
 * birth, death and snapshots, because rules and structure see only its columns.
 *
 * Synapses are rows (presynaptic) by lanes (postsynaptic); rows come in planes, one for each output of a presynaptic neuron, or for each place
 * of a kernel.
 */
import type { Columns } from "./columns.ts";
import type { Kernel } from "./convolutional-projection.ts";
import type { Groups } from "./groups.ts";
import type { Initialiser } from "./initialisers.ts";
import type { Population } from "./population.ts";
import type { PresentBlocks } from "./present-blocks.ts";
import type { PresentSynapses } from "./present-synapses.ts";

export interface Projection {
  readonly name: string;
  readonly pre: Population;
  readonly post: Population;
  readonly initialiser: Initialiser;
  /** The weights `w`, and what rules and policies add. */
  readonly columns: Columns;
  /** Synapses that a postsynaptic neuron receives, and that a presynaptic one sends. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** Whether a synapse acts at many positions: then what it learns from is a sum, of one example too, and nothing between two neurons. */
  readonly shared: boolean;
  /** How a kernel lies on the presynaptic map. Absent where all neurons meet all. */
  readonly kernel?: Kernel;
  /** Of a grouped convolution: who listens to whom. */
  readonly groups?: Groups | undefined;
  /** Multiply-adds that carry one example forward when every presynaptic neuron is active; absent synapses cost none. */
  readonly operations: number;

  /** Where its synapses are, once it has carried something forward, if a rule, and few examples, had better visit these places alone. */
  readonly blocks?: PresentBlocks | undefined;
  /** What carries so many examples, and gathers their gradient, where visiting present synapses alone is faster. */
  present?(examples: number): PresentBlocks | PresentSynapses | undefined;
  /** Once it has carried something forward: all that it has room for is there and has a plasticity of 1. */
  readonly fullyPlastic?: boolean;

  /** Looks up where columns lie, after they have moved. */
  point(): void;

  /** Gives back all memory but its columns', until it is asked for something again: who has left has no use for it. */
  release(): void;

  /** Weights, laid out as its own, to pass on instead of these, forward and back, until the next call or change of layout. */
  lend(weights: number | undefined): void;

  /** Values of what `pre` puts out, `[plane][neuron]`, as each row of synapses meets them. */
  meet(values: Float64Array): Float64Array;

  /** Adds (or, when it comes first, puts) weighted activity into the input of the postsynaptic population. */
  forward(examples: number, first: boolean): void;

  /** Carries the postsynaptic signals back to `pre.back`; `add` to what another projection has put there. */
  project(examples: number, add: boolean): void;

  /** The same for one example, and for entries [from, to) of its active neurons (`listed`), or of all rows. */
  projectEntries(from: number, to: number, listed: boolean, add: boolean): void;

  /** The gradient of rows [from, to) over a batch, into `out`: row `from` first, stride as the weights'. */
  gradient(out: number, from: number, to: number, examples: number): void;
}
