/**
 * Familiarity: how alike an input is to those before, beside how alike they used to be. The likeness of an example is Pearson's correlation,
 * over the inputs, with their running mean; its fast mean over its slow one is the familiarity: around 1 as long as inputs look as they did,
 * around 0 when they are of another kind. It falls within some six examples, mostly before the loss has risen.
 *
 * Beside a surge of the loss it tells where the world has changed: at the senses (unfamiliar inputs: early layers begin anew), or in what
 * they mean (familiar ones: late layers do).
 */
import { SnapshotError } from "../../errors.ts";
import { Columns } from "../../network/columns.ts";
import type { Network } from "../../network/network.ts";
import type { Examples } from "../policy.ts";

/** Examples that the fast and the slow mean of the likeness reach back, and the mean of inputs, which takes in one of PACE. */
const [FAST, SLOW, MANY, PACE] = [8, 512, 512, 8];
/** Examples before it can say anything. */
const ENOUGH = 128;

interface Moments {
  readonly sum: number;
  readonly squares: number;
}

export class Familiarity {
  /** The running mean of each input. */
  readonly columns: Columns;
  readonly #network: Network;
  /** Its fast and slow mean, and its variance about the slow one. */
  #likeness = { fast: 0, slow: 0, variance: 0 };
  /** Examples since it began. */
  #since = 0;
  /** Of the running mean, over the inputs; undefined where that has changed since. */
  #mean: Moments | undefined;

  constructor(network: Network) {
    this.#network = network;
    this.columns = new Columns(network.compute.arena, 1, 1, network.inputs.values);
    this.columns.add("mean", 0);
  }

  /** 1 for inputs such as have been, 0 for unlike ones; 1 as long as it knows too little, or inputs do not vary. */
  get familiarity(): number {
    const { fast, slow } = this.#likeness;
    return this.#since < ENOUGH || slow <= 0 ? 1 : fast / slow;
  }

  /** How far the fast mean is below the slow one, in standard deviations of a fast mean. */
  get surprise(): number {
    const { fast, slow, variance } = this.#likeness;
    return this.#since < ENOUGH || variance === 0 ? 0 : (slow - fast) / Math.sqrt(variance / (2 * FAST - 1));
  }

  /** Takes in what was seen; of a batch, the first example. */
  sense({ xs }: Examples): void {
    const likeness = this.#compare(xs, this.#since % PACE === 0);
    this.#since++;
    const { fast, slow, variance } = this.#likeness;
    const reach = Math.min(SLOW, this.#since);
    this.#likeness = {
      fast: fast + (likeness - fast) / Math.min(FAST, this.#since),
      slow: slow + (likeness - slow) / reach,
      variance: variance + ((likeness - slow) ** 2 - variance) / reach,
    };
  }

  /** From here on, all is new. */
  settle(): void {
    this.#likeness = { fast: 0, slow: 0, variance: 0 };
    this.#since = 0;
  }

  /** The correlation of an input with the mean, into which it is then taken, if it `counts`. */
  #compare(xs: Examples["xs"], counts: boolean): number {
    const n = this.columns.lanes;
    const at = this.columns.pointer("mean") >>> 2;
    const { f32 } = this.#network.compute.arena;
    this.#mean ??= momentsOf(f32, at, n);
    const { sum: sumM, squares: mm } = this.#mean;
    let sumX = 0;
    let xx = 0;
    let xm = 0;
    for (let i = 0; i < n; i++) {
      const x = xs[i];
      sumX += x;
      xx += x * x;
      xm += x * f32[at + i];
    }
    if (counts) {
      const share = Math.max(PACE / MANY, 1 / (1 + this.#since / PACE));
      for (let i = 0; i < n; i++) f32[at + i] += (xs[i] - f32[at + i]) * share;
      this.#mean = undefined;
    }
    const spread = (xx - (sumX * sumX) / n) * (mm - (sumM * sumM) / n);
    return spread > 0 ? (xm - (sumX * sumM) / n) / Math.sqrt(spread) : 0;
  }

  save(): unknown {
    return { ...this.#likeness, since: this.#since };
  }

  load(state: unknown): void {
    const { fast, slow, variance, since } = (state ?? {}) as Record<string, unknown>;
    const numbers = [fast, slow, variance].every((value) => typeof value === "number" && Math.abs(value) <= 4);
    if (!numbers || !Number.isSafeInteger(since) || (since as number) < 0)
      throw new SnapshotError(
        `the snapshot's familiarity is ${JSON.stringify(state)}: fast and slow are correlations with a variance, since a whole number from 0`,
      );
    this.#likeness = { fast: fast as number, slow: slow as number, variance: variance as number };
    this.#since = since as number;
    this.#mean = undefined;
  }
}

function momentsOf(values: Float32Array, from: number, count: number): Moments {
  let sum = 0;
  let squares = 0;
  for (let i = from; i < from + count; i++) {
    const value = values[i];
    sum += value;
    squares += value * value;
  }
  return { sum, squares };
}
