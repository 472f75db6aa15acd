/**
 * For tests: continual backprop as it is published (Dohare et al., Nature 632, 2024), written down directly, in double precision
 * and without a thought for speed: a ReLU network under cross-entropy, with SGD or Adam. It begins with an engine network's
 * weights, and newborns draw theirs from the same addresses; everything else it works out by itself.
 */
import type { Network } from "../network/network.ts";

type Matrix = number[][];

export interface PublishedOptions {
  readonly rule: "sgd" | "adam";
  readonly lr: number;
  readonly replacementRate: number;
  readonly maturity: number;
  readonly decay: number;
  readonly utility: Exclude<keyof typeof formulas, never>;
}

const formulas = {
  contribution: (h: number, _: number, out: number) => Math.abs(h) * out,
  "zero-contribution": (h: number, mean: number, out: number) => Math.abs(h - mean) * out,
  "adaptable-contribution": (h: number, mean: number, out: number, into: number) => (Math.abs(h - mean) * out) / into,
  weight: (_h: number, _m: number, out: number) => out,
  adaptation: (_h: number, _m: number, _o: number, into: number) => 1 / into,
  "feature-by-input": (h: number, mean: number, _: number, into: number) => Math.abs(h - mean) / into,
};

/** A weight or a bias: its value, and Adam's moments. */
interface Parameter {
  value: number;
  m: number;
  v: number;
}

interface Neuron {
  bias: Parameter;
  /** From each neuron of the layer before. */
  incoming: Parameter[];
  age: number;
  id: number;
  mean: number;
  utility: number;
}

interface Replacement {
  readonly layer: number;
  readonly slots: number[];
  readonly utility: number[];
}

const fresh = (value: number): Parameter => ({ value, m: 0, v: 0 });
const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export class Published {
  /** Layers after the inputs. */
  readonly layers: Neuron[][];
  readonly #network: Network;
  readonly #options: PublishedOptions;
  readonly #due: number[];
  #inputAge = 0;
  #nextId: number;

  constructor(network: Network, options: PublishedOptions) {
    this.#network = network;
    this.#options = options;
    this.#nextId = network.nextId;
    this.layers = network.projections.map(({ columns, post }) => {
      const [w, bias] = [columns.packed("w"), post.columns.packed("bias")];
      return post.neurons.map(({ id }, lane) => ({
        bias: fresh(bias[lane]),
        incoming: Array.from({ length: columns.rows }, (_, row) => fresh(w[row * post.size + lane])),
        age: 0,
        id,
        mean: 0,
        utility: 0,
      }));
    });
    this.#due = this.layers.map(() => 0);
  }

  /** One update. Returns who was replaced. */
  learn(xs: readonly ArrayLike<number>[], ys: readonly number[]): Replacement[] {
    const activities = xs.map((x) => this.#forward(Array.from(x)));
    const signals = activities.map((activity, i) => this.#backward(activity, ys[i]));
    this.#inputAge++;
    for (const layer of this.layers) for (const neuron of layer) neuron.age++;
    this.#descend(activities, signals);
    const chosen = this.layers.slice(0, -1).map((_, l) => this.#choose(l, activities));
    return chosen.filter(({ slots }) => slots.length > 0).map((choice) => this.#replace(choice));
  }

  /** Activities of the inputs and of each layer; the last are the outputs. */
  #forward(x: number[]): Matrix {
    const activity = [x];
    for (const [l, layer] of this.layers.entries()) {
      const before = activity[l];
      const sums = layer.map(({ bias, incoming }) =>
        incoming.reduce((sum, { value }, i) => sum + value * before[i], bias.value),
      );
      activity.push(l < this.layers.length - 1 ? sums.map((sum) => Math.max(0, sum)) : sums);
    }
    return activity;
  }

  /** dLoss / dInput of each layer, for a class under softmax and cross-entropy. */
  #backward(activity: Matrix, y: number): Matrix {
    const out = activity[this.layers.length];
    const peak = Math.max(...out);
    const likely = out.map((value) => Math.exp(value - peak));
    const total = likely.reduce((sum, value) => sum + value, 0);
    const signals: Matrix = [];
    signals[this.layers.length - 1] = likely.map((value, k) => value / total - (k === y ? 1 : 0));
    for (let l = this.layers.length - 2; l >= 0; l--) {
      signals[l] = this.layers[l].map((_, i) => {
        if (activity[l + 1][i] <= 0) return 0;
        return this.layers[l + 1].reduce((sum, { incoming }, k) => sum + incoming[i].value * signals[l + 1][k], 0);
      });
    }
    return signals;
  }

  #descend(activities: Matrix[], signals: Matrix[]): void {
    for (const [l, layer] of this.layers.entries()) {
      for (const [j, neuron] of layer.entries()) {
        const each = signals.map((signal) => signal[l][j]);
        this.#step(neuron.bias, average(each), neuron.age);
        for (const [i, weight] of neuron.incoming.entries()) {
          const gradient = average(each.map((signal, example) => signal * activities[example][l][i]));
          this.#step(weight, gradient, Math.min(neuron.age, l > 0 ? this.layers[l - 1][i].age : this.#inputAge));
        }
      }
    }
  }

  #step(parameter: Parameter, gradient: number, age: number): void {
    const { rule, lr } = this.#options;
    if (rule === "sgd") {
      parameter.value -= lr * gradient;
      return;
    }
    parameter.m = 0.9 * parameter.m + 0.1 * gradient;
    parameter.v = 0.999 * parameter.v + 0.001 * gradient ** 2;
    const [m, v] = [parameter.m / (1 - 0.9 ** age), parameter.v / (1 - 0.999 ** age)];
    parameter.value -= (lr * m) / (Math.sqrt(v) + 1e-8);
  }

  #choose(layer: number, activities: Matrix[]): Replacement {
    const { decay, utility, maturity, replacementRate } = this.#options;
    const neurons = this.layers[layer];
    for (const [i, neuron] of neurons.entries()) {
      const h = activities.map((activity) => activity[layer + 1][i]);
      neuron.mean = decay * neuron.mean + (1 - decay) * average(h);
      const mean = neuron.mean / (1 - decay ** neuron.age);
      const out = average(this.layers[layer + 1].map(({ incoming }) => Math.abs(incoming[i].value)));
      const into = average(neuron.incoming.map(({ value }) => Math.abs(value)));
      const now = average(h.map((value) => formulas[utility](value, mean, out, into)));
      neuron.utility = decay * neuron.utility + (1 - decay) * now;
    }
    const corrected = (i: number) => neurons[i].utility / (1 - decay ** neurons[i].age);
    const mature = [...neurons.keys()].filter((i) => neurons[i].age > maturity);
    this.#due[layer] += replacementRate * mature.length;
    const number = Math.floor(this.#due[layer]);
    this.#due[layer] -= number;
    const slots = mature.sort((a, b) => corrected(a) - corrected(b) || a - b).slice(0, number);
    return { layer, slots, utility: slots.map(corrected) };
  }

  #replace(choice: Replacement): Replacement {
    const { layer, slots } = choice;
    const { pre, post, name, initialiser } = this.#network.projections[layer];
    for (const slot of slots) {
      const dying = this.layers[layer][slot];
      const mean = dying.mean / (1 - this.#options.decay ** dying.age);
      for (const { bias, incoming } of this.layers[layer + 1]) bias.value += incoming[slot].value * mean;
    }
    for (const slot of slots) {
      for (const { incoming } of this.layers[layer + 1]) incoming[slot] = fresh(0);
      const id = this.#nextId++;
      const shape = { fanIn: pre.size, fanOut: post.size, rows: pre.size, lanes: 1 };
      const drawn = initialiser.fill(shape, this.#network.keyOf("birth", name, id), post.model.gain);
      const incoming = Array.from(drawn, fresh);
      this.layers[layer][slot] = { bias: fresh(0), incoming, age: 0, id, mean: 0, utility: 0 };
    }
    return choice;
  }
}
