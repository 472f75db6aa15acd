/**
 * Soft targets: what a teacher says of an example, as the student's target beside the hard one,
 *
 *   L = (1 - weight) L_hard(y, z) + weight T^2 L(p(v / T), p(z / T))          z, v: outputs of student and teacher
 *
 * p being the softmax over the outputs that take part, or the sigmoid of each, as the loss has it; where the outputs are values, the second
 * term is the squared error between z and v. T^2 makes up for gradients that shrink as 1 / T^2.
 *
 * G. Hinton, O. Vinyals, J. Dean: Distilling the knowledge in a neural network, 2015 (arXiv 1503.02531).
 */
import { exponential } from "../compute/elementary.ts";
import { GridCall } from "../network/grid-call.ts";
import type { Network } from "../network/network.ts";
import { symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";
import { type Loss, LossCall, type Taking } from "./loss.ts";
import { softened } from "./losses.ts";

const [hard, soft] = [symbol("hard", "cell"), symbol("back", "cell")];
const blendProgram: GridProgram = {
  name: "soft targets",
  outputs: [{ name: "back", value: hard.mul(symbol("keep", "uniform")).add(soft.mul(symbol("weight", "uniform"))) }],
};

export interface SoftTargetOptions {
  readonly temperature: number;
  /** Of the soft targets, 0 to 1. */
  readonly weight: number;
}

export class SoftTargets {
  readonly #network: Network;
  readonly #loss: Loss;
  readonly #options: SoftTargetOptions;
  readonly #call: LossCall;
  readonly #blend: GridCall;
  #layout = -1;
  /** dLoss / dOut of the hard loss, as `back`. */
  #hard = 0;
  #bytes = 0;

  constructor(network: Network, loss: Loss, options: SoftTargetOptions) {
    this.#network = network;
    this.#loss = loss;
    this.#options = options;
    this.#call = new LossCall(network, softened(loss, options.temperature));
    this.#blend = new GridCall(network.compute, blendProgram);
  }

  /**
   * Mixes what the teacher said of `examples` examples (`[example][output]`) into the signals at the outputs. `heads`: the outputs of which it
   * spoke, each set of them a distribution of its own.
   */
  blend(said: Float32Array, examples: number, heads: readonly (Taking | undefined)[]): void {
    const { outputs, compute } = this.#network;
    const { arena } = compute;
    if (this.#layout !== this.#network.layout) this.#point();
    for (const [i, head] of heads.entries()) {
      const from = outputs.back >>> 2;
      const cells = (examples * outputs.outStride) >>> 2;
      arena.f32.copyWithin(this.#hard >>> 2, from, from + cells);
      this.#call.take(head);
      this.#call.aimBatch(this.#probabilities(said, examples, head), examples);
      this.#call.measure(examples);
      this.#blend.set("keep", i === 0 ? 1 - this.#options.weight : 1);
      this.#blend.set("weight", this.#options.weight);
      this.#blend.run(0, examples);
    }
  }

  #point(): void {
    const { outputs, compute } = this.#network;
    const bytes = outputs.batch * outputs.outStride;
    if (bytes > this.#bytes) {
      this.#hard = compute.arena.renew(this.#hard, bytes);
      this.#bytes = bytes;
    }
    this.#call.point();
    const stride = outputs.outStride;
    this.#blend.point({ hard: { pointer: this.#hard, stride }, back: { pointer: outputs.back, stride } });
    this.#blend.lanes(outputs.size);
    this.#layout = this.#network.layout;
  }

  #probabilities(said: Float32Array, examples: number, taking: Taking | undefined): Float32Array {
    const { logits } = this.#loss;
    if (logits === undefined) return said;
    const { size } = this.#network.outputs;
    const { temperature } = this.#options;
    if (logits === "each") return said.map((v) => 1 / (1 + exponential(-v / temperature)));
    const soft = new Float32Array(said.length);
    const all = Array.from({ length: size }, (_, i) => i);
    for (let row = 0; row < examples; row++) {
      const at = row * size;
      const own = typeof taking?.[0] === "number" ? (taking as readonly number[]) : (taking?.[row] as number[]);
      const head = own ?? all;
      let peak = Number.NEGATIVE_INFINITY;
      for (const i of head) peak = Math.max(peak, said[at + i]);
      let total = 0;
      for (const i of head) total += exponential((said[at + i] - peak) / temperature);
      for (const i of head) soft[at + i] = exponential((said[at + i] - peak) / temperature) / total;
    }
    return soft;
  }
}
