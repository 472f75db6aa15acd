/**
 * One heartbeat of a network, without anybody who looks on: examples are passed forward, the loss is measured, credit is assigned, and what is
 * plastic learns. The learner (learner.ts) adds the policies and the events.
 */
import { Tape } from "../compute/tape.ts";
import type { Credit } from "../credit/credit.ts";
import { isNone, LossCall, type Taking } from "../credit/loss.ts";
import { DivergenceError } from "../errors.ts";
import { GridCall } from "../network/grid-call.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import { symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";
import type { Rule } from "../rules/rule.ts";
import type { Term } from "../rules/term.ts";
import type { Examples } from "../structure/policy.ts";
import { SynapticLearning } from "./learning.ts";

const ageProgram: GridProgram = { name: "age", outputs: [{ name: "age", value: symbol("age", "cell").add(1) }] };

export class Heartbeat {
  /** Updates made so far. */
  step = 0;
  readonly loss: LossCall;
  readonly learning: SynapticLearning;
  readonly #network: Network;
  readonly #credit: Credit;
  #ages: { population: Population; call: GridCall }[] = [];
  #layout = -1;
  /** Of how one example is learned from. */
  readonly #tape: Tape;

  constructor(network: Network, credit: Credit, rule: Rule, terms: readonly Term[]) {
    this.#network = network;
    this.#credit = credit;
    this.loss = new LossCall(network, credit.loss);
    this.learning = new SynapticLearning(network, rule, terms);
    this.#tape = new Tape(network.compute);
  }

  /** Everyone who has an age grows older: to be called when columns or populations have come. */
  settle(): void {
    this.#ages = this.#network.populations
      .filter(({ columns }) => columns.has("age"))
      .map((population) => ({ population, call: new GridCall(this.#network.compute, ageProgram) }));
  }

  /** Passes examples forward. `learn`: as they are passed to be learned from, running statistics take them in and neurons are silenced. */
  sense(x: Examples["xs"], examples: number, outputs: Taking | undefined, learn = true): void {
    const network = this.#network;
    network.present(x, examples);
    if (this.#layout !== network.layout) {
      this.loss.point();
      for (const { population, call } of this.#ages) {
        call.point({ age: { pointer: population.columns.pointer("age") } }).lanes(population.size);
      }
      this.#layout = network.layout;
    }
    this.loss.take(outputs);
    network.forward(examples, learn, learn ? { step: this.step + 1, purpose: "learning" } : undefined);
  }

  /**
   * The mean loss, whose signals are then in the output population's `back`. Throws DivergenceError where it is not finite; without a loss, where what the
   * network says is not.
   */
  measure(examples: number): number {
    const { compute, outputs } = this.#network;
    if (isNone(this.#credit.loss)) {
      if (compute.kernels.allFinite(outputs.out, (examples * outputs.outStride) >>> 2)) return 0;
      throw new DivergenceError(
        `what the network says is not finite at step ${this.step}: it has diverged, this example was not learned`,
      );
    }
    const loss = this.loss.measure(examples);
    if (!Number.isFinite(loss))
      throw new DivergenceError(
        `the loss is ${loss} at step ${this.step}: the network has diverged, this example was not learned`,
      );
    return loss;
  }

  /** Both, of examples with what they aim at. Throws ShapeError or ValueError for what cannot be measured. */
  attempt({ xs, ys, count, outputs }: Examples, learn = false): number {
    this.loss.checkBatch(ys, count, outputs);
    this.sense(xs, count, outputs, learn);
    this.loss.aimBatch(ys, count);
    return this.measure(count);
  }

  /** One update from what was measured. */
  update(examples: number): void {
    const network = this.#network;
    const step = this.step + 1;
    this.learning.begin(examples, step);
    network.inputNorm?.commit();
    const repeats = examples === 1 && network.repeats && this.#credit.repeats && this.learning.repeats;
    if (!repeats) this.#learn(examples);
    else if (!this.#tape.play(network.layout)) this.#tape.record(network.layout, () => this.#learn(1));
    this.learning.finish();
    network.commit();
    this.step = step;
  }

  #learn(examples: number): void {
    for (const { call } of this.#ages) call.run(0, 1);
    this.#credit.assign(this.#network, examples, this.learning);
  }
}
