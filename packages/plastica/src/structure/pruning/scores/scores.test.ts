/** Each score against a twin: a network of two hidden layers in plain numbers, example by example. */
import { describe, expect, test } from "vitest";
import { backprop } from "../../../credit/backprop.ts";
import { crossEntropy } from "../../../credit/losses.ts";
import { type Learner, live } from "../../../life/learner.ts";
import { example } from "../../../life/testing.ts";
import { ExampleMemory } from "../../../memory/example-memory.ts";
import { crelu, relu } from "../../../network/neurons.ts";
import { dense, sequential } from "../../../network/sequential.ts";
import { sgd } from "../../../rules/index.ts";
import type { PolicyAtWork, StructuralPolicy } from "../../policy.ts";
import { Gauge } from "../gauge.ts";
import { type ScoreName, scores } from "./index.ts";
import type { Score } from "./score.ts";

const [INPUTS, CLASSES, COUNT] = [5, 3, 6];

function learnerOf(structure: StructuralPolicy[] = [], lr = 0.05): Learner {
  const network = sequential({ inputs: INPUTS, seed: 9 }, [dense(6, relu()), dense(4, crelu()), dense(CLASSES)]);
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr }), structure });
}

const shown = Array.from({ length: COUNT }, (_, i) => example(i, INPUTS, CLASSES));

/** What passes through the network of one example, in float64. */
interface Pass {
  /** Outputs of each population, plane after plane, and dLoss / dOutput. */
  readonly out: number[][];
  readonly back: number[][];
  /** dLoss / dw, as packed. */
  readonly grads: number[][];
}

function pass({ network }: Learner, x: ArrayLike<number>, y: number): Pass {
  const weights = network.projections.map(({ columns }) => [...columns.packed("w")]);
  const biases = network.populations.slice(1).map(({ columns }) => [...columns.packed("bias")]);
  const out: number[][] = [Array.from(x)];
  for (const [l, w] of weights.entries()) {
    const size = biases[l].length;
    const drive = biases[l].map((bias, j) => out[l].reduce((sum, h, i) => sum + h * w[i * size + j], bias));
    const last = l === weights.length - 1;
    const positive = drive.map((value) => Math.max(value, 0));
    out.push(last ? drive : l === 1 ? [...positive, ...drive.map((value) => Math.max(-value, 0))] : positive);
  }
  const logits = out[3];
  const peak = Math.max(...logits);
  const raised = logits.map((value) => Math.exp(value - peak));
  const total = raised.reduce((sum, value) => sum + value, 0);
  let signal = raised.map((value, j) => value / total - (j === y ? 1 : 0));
  const back: number[][] = [[], [], [], signal];
  const grads: number[][] = [];
  for (let l = 2; l >= 0; l--) {
    const size = signal.length;
    grads[l] = weights[l].map((_, i) => out[l][Math.floor(i / size)] * signal[i % size]);
    if (l === 0) break;
    back[l] = out[l].map((_, i) => signal.reduce((sum, value, j) => sum + value * weights[l][i * size + j], 0));
    const neurons = network.populations[l].size;
    signal = Array.from({ length: neurons }, (_, j) => {
      const planes = out[l].length / neurons;
      let of = 0;
      for (let plane = 0; plane < planes; plane++)
        if (out[l][plane * neurons + j] > 0) of += (plane === 0 ? 1 : -1) * back[l][plane * neurons + j];
      return of;
    });
  }
  return { out, back, grads };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Expected {
  synapse(l: number, i: number): number;
  /** Of hidden population `l`; left out: the sum over incoming synapses. */
  neuron?(l: number, j: number): number;
}

/** What each score is, of the layers' weights `w` and the passes of all examples. */
function twin(learner: Learner, name: ScoreName, passes: readonly Pass[]): Expected {
  const { network } = learner;
  const w = network.projections.map(({ columns }) => columns.packed("w"));
  const lanes = network.projections.map(({ columns }) => columns.lanes);
  const grad = (l: number, i: number) => mean(passes.map(({ grads }) => grads[l][i]));
  const ofOutput = (l: number, o: number, of: (out: number, back: number) => number) =>
    mean(passes.map(({ out, back }) => of(out[l][o], back[l][o] ?? 0)));
  const overPlanes = (l: number, j: number, of: (out: number, back: number) => number) => {
    const { size, model } = network.populations[l];
    let sum = 0;
    for (let plane = 0; plane < model.planes; plane++) sum += ofOutput(l, plane * size + j, of);
    return sum;
  };
  const outgoing = (l: number, j: number, of: (i: number) => number) => {
    const { size } = network.populations[l];
    let sum = 0;
    for (let i = 0; i < w[l].length; i++) if (Math.floor(i / lanes[l]) % size === j) sum += of(i);
    return sum;
  };
  const active = (out: number) => (out === 0 ? 0 : 1);
  const passing = (l: number, i: number, of: (out: number) => number) =>
    Math.abs(w[l][i]) * ofOutput(l, Math.floor(i / lanes[l]), of);
  const groupNorm = (l: number, j: number) => {
    const each = w[l].length / network.populations[l].size;
    return Math.sqrt(outgoing(l, j, (i) => w[l][i] ** 2) / each);
  };
  const all: Record<ScoreName, Expected> = {
    magnitude: { synapse: (l, i) => Math.abs(w[l][i]) },
    activity: { synapse: (l, i) => passing(l, i, active), neuron: (l, j) => overPlanes(l, j, active) },
    taylor: {
      synapse: (l, i) => (grad(l, i) * w[l][i]) ** 2,
      neuron: (l, j) => overPlanes(l, j, (out, back) => Math.abs(out * back)),
    },
    utility: {
      synapse: (l, i) => passing(l, i, Math.abs),
      neuron: (l, j) => outgoing(l, j, (i) => passing(l, i, Math.abs)),
    },
    snip: { synapse: (l, i) => Math.abs(grad(l, i) * w[l][i]) },
    "synaptic-flow": { synapse: (l, i) => flow(learner, l, i) },
    fisher: { synapse: (l, i) => 0.5 * w[l][i] ** 2 * mean(passes.map(({ grads }) => grads[l][i] ** 2)) },
    movement: { synapse: (l, i) => -grad(l, i) * w[l][i] },
    "group-norm": {
      synapse: (l, i) => groupNorm(l, Math.floor(i / lanes[l]) % network.populations[l].size),
      neuron: (l, j) => groupNorm(l, j),
    },
  };
  return all[name];
}

/** The share of all flow that is lost without the synapse: by brute force. */
function flow({ network }: Learner, l: number, i: number): number {
  const through = (without: boolean) => {
    let arriving: number[] = network.inputs.neurons.map(() => 1);
    for (const [layer, { columns, post }] of network.projections.entries()) {
      const w = columns.packed("w");
      if (without && layer === l) w[i] = 0;
      const rows = columns.planes * columns.rows;
      const next = post.neurons.map((_, j) => {
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += arriving[row % arriving.length] * Math.abs(w[row * post.size + j]);
        return sum;
      });
      arriving = next;
    }
    return arriving.reduce((sum, value) => sum + value, 0);
  };
  return 1 - through(true) / through(false);
}

function expectScores(learner: Learner, gauge: Gauge, { synapse, neuron }: Expected): void {
  const { populations, projections } = learner.network;
  const near = (value: number, right: number) =>
    expect(Math.abs(value - right)).toBeLessThan(1e-5 * Math.abs(right) + 1e-7);
  let any = 0;
  const sums = populations.map(({ size }) => new Float64Array(size));
  for (const [l, projection] of projections.entries()) {
    const found = gauge.synapses(projection);
    expect(found.length).toBe(projection.fanIn * projection.post.size);
    found.forEach((score, i) => {
      const right = synapse(l, i);
      near(score, right);
      if (right !== 0) any++;
      sums[l + 1][i % projection.post.size] += right;
    });
  }
  expect(any).toBeGreaterThan(20);
  for (const l of [1, 2]) {
    const found = gauge.neurons(populations[l]);
    found.forEach((score, j) => {
      near(score, neuron ? neuron(l, j) : sums[l][j]);
    });
  }
}

const names = Object.keys(scores) as ScoreName[];

describe.each(names)("%s", (name) => {
  test("of remembered examples it is what its formula says, by synapse and by neuron", () => {
    const learner = learnerOf();
    learner.remove("hidden1", [learner.network.population("hidden1").neurons[1].id]);
    const gauge = new Gauge(learner, scores[name] as Score, { from: "batch", decay: 0.9, owner: "test" });
    const memory = new ExampleMemory(learner.network, "test", { capacity: COUNT });
    memory.show({ count: COUNT, xs: shown.flatMap(({ x }) => [...x]), ys: shown.map(({ y }) => y) });
    const before = learner.fingerprint();
    gauge.look(memory);
    expect(learner.fingerprint()).toBe(before);
    const passes = shown.map(({ x, y }) => pass(learner, x, y));
    expectScores(learner, gauge, twin(learner, name, passes));
  });

  test.each([1, 3])(
    "over a stream, in batches of %i, it is the decayed mean of what updates show, or its sum",
    (batch) => {
      let gauge: Gauge | undefined;
      const watching: StructuralPolicy = {
        ...{ name: "watching", options: {} },
        attach(life): PolicyAtWork {
          gauge = new Gauge(life, scores[name] as Score, { from: "running", decay: 0.75, owner: "watching" });
          return { after: ({ examples }) => gauge!.after(examples), save: () => null, load: () => {} };
        },
      };
      // Without learning the weights after an update are those before it, and the twin need not know the rule.
      const learner = learnerOf([watching], 0);
      const groups: Pass[][] = [];
      for (let from = 0; from < COUNT; from += batch) {
        const some = shown.slice(from, from + batch);
        groups.push(some.map(({ x, y }) => pass(learner, x, y)));
        if (batch === 1) learner.observe(some[0].x, some[0].y);
        else
          learner.observeBatch(
            some.flatMap(({ x }) => [...x]),
            some.map(({ y }) => y),
          );
      }
      const kept = (at: number) => 0.25 * 0.75 ** (groups.length - 1 - at);
      const over = (of: (expected: Expected) => number, sums: boolean) =>
        groups.reduce(
          (sum, group, at) => sum + (sums ? 1 : kept(at)) * of(twin(learner, name, merged(name, group))),
          0,
        );
      const reads = (scores[name] as Score).ofGradient ?? (scores[name] as Score).ofActivity;
      const right = reads
        ? {
            synapse: (l: number, i: number) => over((each) => each.synapse(l, i), name === "movement"),
            neuron: (l: number, j: number) => over((each) => neuronOf(learner, each, l, j), name === "movement"),
          }
        : twin(learner, name, groups[0]);
      expectScores(learner, gauge!, right);
    },
  );
});

/** A stream knows no single examples of a batch: Fisher's gradient is then that of their mean. */
function merged(name: ScoreName, group: Pass[]): Pass[] {
  if (name !== "fisher") return group;
  const grads = group[0].grads.map((each, l) => each.map((_, i) => mean(group.map(({ grads: all }) => all[l][i]))));
  return [{ ...group[0], grads }];
}

function neuronOf({ network }: Learner, { synapse, neuron }: Expected, l: number, j: number): number {
  if (neuron) return neuron(l, j);
  const { size } = network.populations[l];
  let sum = 0;
  for (let i = 0; i < network.projections[l - 1].fanIn * size; i++) if (i % size === j) sum += synapse(l - 1, i);
  return sum;
}
