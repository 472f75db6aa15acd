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
import { GridCall } from "../../network/grid-call.ts";
import type { Network } from "../../network/network.ts";
import { symbol } from "../../rules/expression.ts";
import type { GridProgram } from "../../rules/grid.ts";
import type { Examples } from "../policy.ts";

/** Examples that the fast and the slow mean of the likeness reach back, and the mean of inputs, which takes in one of PACE. */
const [FAST, SLOW, MANY, PACE] = [8, 512, 512, 8];
/** Examples before it can say anything. */
const ENOUGH = 128;

/** Inputs whose deviations are this small beside their mean, squared, do not vary: that is rounding. */
const NOTHING = 1e-10;

const [x, mean] = [symbol("x", "cell"), symbol("mean", "cell")];
const [dx, dm] = [x.sub(symbol("centreX", "uniform")), mean.sub(symbol("centreM", "uniform"))];
const sumProgram: GridProgram = {
  name: "sums of input and mean",
  outputs: [
    { name: "sumX", value: x, reduce: "sum" },
    { name: "sumM", value: mean, reduce: "sum" },
  ],
};
const productProgram: GridProgram = {
  name: "products of input and mean",
  outputs: [
    { name: "xx", value: dx.mul(dx), reduce: "sum" },
    { name: "mm", value: dm.mul(dm), reduce: "sum" },
    { name: "xm", value: dx.mul(dm), reduce: "sum" },
  ],
};
const meanProgram: GridProgram = {
  name: "mean input",
  outputs: [{ name: "mean", value: mean.add(symbol("share", "uniform").mul(x.sub(mean))) }],
};
/** What the programs reduce to, in the order in which it lies in memory. */
const RESULTS = ["sumX", "sumM", "xx", "mm", "xm"];

export class Familiarity {
  /** The running mean of each input. */
  readonly columns: Columns;
  readonly #network: Network;
  readonly #sums: GridCall;
  readonly #products: GridCall;
  readonly #move: GridCall;
  /** Where the input is put, where the centres are, and where what comes out is: words. */
  readonly #x: number;
  readonly #centreX: number;
  readonly #centreM: number;
  readonly #results: number;
  /** Its fast and slow mean, and its variance about the slow one. */
  #likeness = { fast: 0, slow: 0, variance: 0 };
  /** Examples since it began. */
  #since = 0;

  constructor(network: Network) {
    this.#network = network;
    this.columns = new Columns(network.compute.arena, 1, 1, network.inputs.values);
    this.columns.add("mean", 0);
    const { compute } = network;
    const { stride, lanes } = this.columns;
    const x = compute.arena.allocate(stride);
    const results = compute.arena.allocate(4 * RESULTS.length);
    [this.#x, this.#results] = [x >>> 2, results >>> 2];
    const places = Object.fromEntries(RESULTS.map((name, i) => [name, { pointer: results + 4 * i }]));
    const call = (program: GridProgram) =>
      new GridCall(compute, program).point({ ...places, x: { pointer: x, stride } }).lanes(lanes);
    [this.#sums, this.#products, this.#move] = [call(sumProgram), call(productProgram), call(meanProgram)];
    [this.#centreX, this.#centreM] = [this.#products.uniform("centreX"), this.#products.uniform("centreM")];
    this.#point();
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
    const means = this.#likeness;
    const reach = Math.min(SLOW, this.#since);
    const apart = likeness - means.slow;
    means.fast += (likeness - means.fast) / Math.min(FAST, this.#since);
    means.slow += apart / reach;
    means.variance += (apart ** 2 - means.variance) / reach;
  }

  /** From here on, all is new. */
  settle(): void {
    this.#likeness = { fast: 0, slow: 0, variance: 0 };
    this.#since = 0;
  }

  /** The correlation of an input with the mean, into which it is then taken, if it `counts`. */
  #compare(xs: Examples["xs"], counts: boolean): number {
    const n = this.columns.lanes;
    const { f32 } = this.#network.compute.arena;
    if (xs.length === n) f32.set(xs, this.#x);
    else for (let i = 0; i < n; i++) f32[this.#x + i] = xs[i];
    const at = this.#results;
    this.#sums.run(0, 1);
    const centreX = f32[at] / n;
    const centreM = f32[at + 1] / n;
    this.#products.setAt(this.#centreX, centreX);
    this.#products.setAt(this.#centreM, centreM);
    this.#products.run(0, 1);
    const xx = f32[at + 2];
    const mm = f32[at + 3];
    const xm = f32[at + 4];
    if (counts) {
      this.#move.set("share", Math.max(PACE / MANY, 1 / (1 + this.#since / PACE)));
      this.#move.run(0, 1);
    }
    const varies = xx > NOTHING * n * centreX ** 2 && mm > NOTHING * n * centreM ** 2;
    return varies ? xm / Math.sqrt(xx * mm) : 0;
  }

  #point(): void {
    const mean = { pointer: this.columns.pointer("mean") };
    for (const call of [this.#sums, this.#products, this.#move]) call.point({ mean });
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
    this.#point();
  }
}
