/**
 * Succession: a smaller student learns beside the network that lives, on the same stream, from the targets and from what the network says of
 * each example; when it is as good, it takes the network's place. The learner goes on without a gap: the next prediction is the student's.
 */
import { isNone, takingOf } from "../credit/loss.ts";
import { DivergenceError, SnapshotError, ValueError } from "../errors.ts";
import { distillation } from "../memory/distillation.ts";
import type { Network } from "../network/network.ts";
import { dense, sequential } from "../network/sequential.ts";
import type { Announce, Examples, Life, LifeBeside, Moment, Nested, PolicyAtWork, StructuralPolicy } from "./policy.ts";

export interface SuccessionOptions {
  /** Neurons of the student's hidden layers, as in "64,32". Default "": `shrink` of each of the network's. */
  readonly hidden?: string;
  /** Share of the neurons of each hidden layer, in (0, 1]. Default 0.25. */
  readonly shrink?: number;
  /** The update after which the student begins, from 1. Default 10,000. */
  readonly at?: number;
  /** Of the soft targets, above 0. Default 2. */
  readonly temperature?: number;
  /** Of the soft targets against the hard ones, 0 to 1. Default 0.5. */
  readonly weight?: number;
  /** Examples by which it is judged, once in as many: a whole number from 1. Default 1000. */
  readonly window?: number;
  /**
   * By how much less accurate the student may be, as a share of the examples; where targets are values, by what share its loss may be
   * larger. From 0. Default 0.01.
   */
  readonly margin?: number;
  /** The least share of examples of which both say the same class, 0 to 1. Default 0: it is not asked for. */
  readonly agreement?: number;
}

const NAME = "succession";

/**
 * Each example is predicted by both before either learns from it, so all of them are examples that neither has seen. After each `window` of
 * them,
 *
 *   accuracy(student) >= accuracy(network) - margin   and   agreement >= agreement asked for
 *
 * lets the student take over (learner.succeed does it by hand). It happens once. The student has the network's layers, with fewer neurons
 * (channels), or dense ones of the model, normalisation and initialiser of its first hidden layer; rule, terms and hyper-parameters are the
 * learner's. A student that diverges is given up.
 *
 * Throws ValueError for an option out of its range.
 *
 * After Hinton, Vinyals, Dean (arXiv 1503.02531); there the teacher no longer learns when the student does, and the stream does not go on.
 */
export function succession(options: SuccessionOptions = {}): StructuralPolicy {
  const { hidden = "", shrink = 0.25, at = 10_000, temperature = 2, weight = 0.5 } = options;
  const { window = 1000, margin = 0.01, agreement = 0 } = options;
  const must = (name: string, value: unknown, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`${NAME}: ${name} is ${JSON.stringify(value)}: ${right}`);
  };
  must("hidden", hidden, /^([1-9]\d{0,5}(,[1-9]\d{0,5})*)?$/.test(hidden), 'sizes of layers, as in "64,32"');
  must("shrink", shrink, shrink > 0 && shrink <= 1, "a share above 0, at most 1");
  for (const [name, value] of Object.entries({ at, window }))
    must(name, value, Number.isSafeInteger(value) && value >= 1, "a whole number from 1");
  must("margin", margin, margin >= 0 && Number.isFinite(margin), "a number from 0");
  must("agreement", agreement, agreement >= 0 && agreement <= 1, "from 0 to 1");
  distillation({ temperature, weight });
  const all = { hidden, shrink, at, temperature, weight, window, margin, agreement };
  return { name: NAME, options: all, attach: (life) => new Succession(life, all) };
}

/** What is counted of the examples since it was last judged. */
interface Counts {
  examples: number;
  teacher: number;
  student: number;
  same: number;
}

const none = (): Counts => ({ examples: 0, teacher: 0, student: 0, same: 0 });

class Succession implements PolicyAtWork {
  readonly #life: Life;
  readonly #options: Required<SuccessionOptions>;
  #student: LifeBeside | undefined;
  #done = false;
  /** Right predictions; or sums of losses, where targets are values. */
  #counts = none();
  /** What the network says of the present examples. */
  #said: Float32Array = new Float32Array(0);

  constructor(life: Life, options: Required<SuccessionOptions>) {
    if (isNone(life.loss)) throw new ValueError(`${NAME}: credit without a loss gives a student nothing`);
    this.#life = life;
    this.#options = options;
  }

  /** Dropout is for learning: what a teacher says is said by all of its neurons. */
  before({ xs, count }: Examples): boolean {
    const { network } = this.#life;
    if (!this.#student || !network.populations.some(({ silencing }) => silencing)) return false;
    network.present(xs, count);
    network.forward(count, false);
    this.#said = network.outputs.outputs(count);
    return true;
  }

  after({ step, seen, loss }: Moment, announce: Announce): void {
    const { outputs, populations } = this.#life.network;
    if (this.#done) return;
    if (!this.#student) {
      if (step >= this.#options.at) this.#begin(step, announce);
      return;
    }
    if (!populations.some(({ silencing }) => silencing)) this.#said = outputs.outputs(seen.count);
    for (const [name, value] of Object.entries(this.#life.hyper)) this.#student.set(name, value);
    try {
      const { predictions, loss: its } = this.#student.observeBatch(seen.xs, seen.ys, { outputs: seen.outputs });
      this.#count(seen, predictions, loss, its);
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error;
      this.#end();
      const evidence = { step: this.#life.step };
      announce({ ...decided(step), why: "the student diverged", evidence, outcome: "undone" });
    }
  }

  reflect({ step }: Moment, announce: Announce): void {
    const { window, margin, agreement } = this.#options;
    const { examples, teacher, student, same } = this.#counts;
    if (!this.#student || examples < window) return;
    this.#counts = none();
    const means = { examples, teacher: teacher / examples, student: student / examples };
    const fits = this.#classes
      ? means.student >= means.teacher - margin && same / examples >= agreement
      : means.student <= means.teacher * (1 + margin);
    if (!fits) return;
    const evidence = this.#classes ? { ...means, agreement: same / examples } : means;
    const events = this.#life.replaceBy(this.#student.network, { step, cause: NAME }, evidence);
    const [its, theirs] = [means.student, means.teacher].map((mean) => Number(mean.toPrecision(3)));
    const judged = `of ${examples} examples its ${this.#classes ? "accuracy" : "loss"} was ${its}, the network's ${theirs}`;
    const why = `the student takes the network's place: ${judged}`;
    for (const event of [{ ...decided(step), why, evidence, outcome: "kept" } as const, ...events]) announce(event);
    this.#end();
  }

  #begin(step: number, announce: Announce): void {
    const network = studentOf(this.#life, this.#options);
    this.#student = this.#taught(network);
    const sizes = network.hidden.map(({ size }) => size);
    const evidence = { parameters: network.parameters, teacher: this.#life.network.parameters };
    const why = `a student of ${sizes.join(", ") || "no"} hidden neurons learns beside the network`;
    announce({ ...decided(step), why, evidence, outcome: "kept" });
  }

  #taught(network: Network): LifeBeside {
    const { temperature, weight } = this.#options;
    return this.#life.beside(network, [distillation({ teacher: () => this.#said, temperature, weight })]);
  }

  #end(): void {
    this.#student = undefined;
    this.#counts = none();
    this.#done = true;
  }

  get #classes(): boolean {
    return this.#life.loss.classes && this.#life.network.outputs.size > 1;
  }

  #count({ count, ys, outputs }: Examples, predictions: ArrayLike<number>, loss: number, its: number): void {
    const counts = this.#counts;
    counts.examples += count;
    if (!this.#classes) {
      counts.teacher += loss * count;
      counts.student += its * count;
      return;
    }
    const { size } = this.#life.network.outputs;
    for (let row = 0; row < count; row++) {
      const teacher = largest(this.#said, row * size, size, takingOf(outputs, row));
      const y = ys!.length === count ? ys![row] : largest(ys!, row * size, size, takingOf(outputs, row));
      if (teacher === y) counts.teacher++;
      if (predictions[row] === y) counts.student++;
      if (predictions[row] === teacher) counts.same++;
    }
  }

  save(): unknown {
    return { done: this.#done, ...this.#counts };
  }

  nested(): Nested {
    return this.#student ? { student: this.#student.snapshot() } : {};
  }

  load(state: unknown, { student }: Nested): void {
    const { done, ...counts } = (state ?? {}) as Record<string, unknown> & Counts;
    const fits = Object.keys(none()).every((name) => Number.isFinite(counts[name as keyof Counts]));
    if (typeof done !== "boolean" || !fits)
      throw new SnapshotError(
        `the snapshot's state of ${NAME} is ${JSON.stringify(state)}: it says if it is done, and counts`,
      );
    let life: LifeBeside | undefined;
    if (student) {
      life = this.#taught(this.#life.read(student));
      life.restore(student);
    }
    this.#student = life;
    this.#done = done;
    this.#counts = counts;
  }
}

const decided = (step: number) => ({ type: "decided", step, cause: NAME, proposal: "succession" }) as const;

/** A newborn network of the same layers, smaller; or of other ones, like the first. */
function studentOf(life: Life, { hidden, shrink }: Required<SuccessionOptions>): Network {
  if (hidden === "") return life.newborn(({ size }) => Math.max(1, Math.round(shrink * size)));
  const { network } = life;
  const { seed, compute, inputNorm, inputs, outputs } = network;
  const like = (layer: typeof outputs) => ({
    initialiser: network.incoming(layer)[0].initialiser,
    bias: layer.columns.has("bias"),
    layerNorm: layer.norm?.kind === "layer",
    batchNorm: layer.norm?.kind === "batch",
  });
  const first = network.hidden[0] ?? outputs;
  const image = inputs.spatial ? { ...inputs.map, channels: inputs.size } : inputs.size;
  const normaliseInputs = inputNorm?.options;
  return sequential({ inputs: image, seed, arithmetic: compute.arithmetic, normaliseInputs }, [
    ...hidden.split(",").map((size) => dense(Number(size), first.model, like(first))),
    dense(outputs.size, outputs.model, like(outputs)),
  ]);
}

function largest(values: ArrayLike<number>, at: number, size: number, head?: readonly number[]): number {
  let best = -1;
  for (let i = 0; i < size; i++)
    if ((!head || head.includes(i)) && (best < 0 || values[at + i] > values[at + best])) best = i;
  return best;
}
