/** Networks that are sparse from birth, on Fashion-MNIST: who exchanges synapses, and where new ones grow. The settings are our own. */
import type { Method, Protocol } from "./protocol.ts";

const PASSES = 15;
/** In batches of 100. */
const UPDATES = PASSES * 600;
/** Steps fall to a fiftieth by the last update. */
const settling = { kind: "settling", steps: UPDATES, to: 0.02 };

/** A tenth of the synapses, shared out by Erdős and Rényi. */
const tenth = { density: 0.1 };

/** Who is compared. Synapses are exchanged for three quarters of the life, after every so many updates. */
function methods(
  rule: Readonly<Record<string, unknown>>,
  every: number,
  terms: readonly Readonly<Record<string, unknown>>[] = [],
): Readonly<Record<"dense" | "static" | "set" | "rigl" | "granet" | "neuroplastic-expansion", Method>> {
  const learner = (...structure: readonly Readonly<Record<string, unknown>>[]): Method => ({
    learner: { rule, terms: [settling, ...terms], ...(structure.length > 0 ? { structure } : {}) },
  });
  const exchanged = { ...tenth, fraction: 0.3, every, end: 0.75 * UPDATES };
  return {
    dense: learner(),
    static: learner({ kind: "static-mask", ...tenth }),
    set: learner({ kind: "set", ...exchanged }),
    rigl: learner({ kind: "rigl", ...exchanged }),
    granet: learner({ kind: "granet", target: 0.9, start: 100, every, end: 0.75 * UPDATES }),
    "neuroplastic-expansion": learner({
      ...{ kind: "neuroplastic-expansion", ...exchanged, density: 0.05, finalDensity: 0.1 },
    }),
  };
}

/** `learners`: what they are and how they learn. */
const about = (learners: string, every: number) =>
  `${PASSES} passes over Fashion-MNIST in batches of 100; steps fall on a straight line to a fiftieth. ${learners} The dense network has all its synapses. The others have a tenth of them from birth: for ever the same (static mask), or the smallest are exchanged every ${every} updates for others drawn by lot (SET) or where the loss is steepest (RigL); GraNet begins with all and prunes to a tenth, letting some grow again, neuroplastic expansion begins with a twentieth and grows to a tenth. What is measured is the accuracy on the 10,000 test images after the last pass.`;

const source = {
  citation: "Evci, Gale, Menick, Castro and Elsen (2020), Rigging the lottery: making all tickets winners, ICML 2020",
  link: "https://arxiv.org/abs/1911.11134",
};
const differs =
  "The authors have ResNet-50 on ImageNet and other networks; no number of theirs belongs to this setting.";

const stream = {
  kind: "permuted",
  dataset: "fashion-mnist",
  tasks: 1,
  permuteFirst: false,
  epochs: PASSES,
  tests: true,
};
/** A pass a line of the log. */
const window = 60_000;
const measures = ["average-accuracy", "parameters", "online-accuracy"];

const pool = { kind: "max", size: 2 };

export const sparseFashionMnist: Protocol = {
  name: "sparse-fashion-mnist",
  title: "A tenth of the synapses, on Fashion-MNIST",
  about: about(
    "Two convolutions of 8 and 16 channels, each pooled, then 1,024 neurons, normalised by batch; momentum, and L2.",
    500,
  ),
  source,
  differs,
  setting: {
    stream,
    network: {
      hidden: [
        { kind: "conv", channels: 8, kernel: 3, padding: 1, pool },
        { kind: "conv", channels: 16, kernel: 3, pool },
        1024,
      ],
      activation: "relu",
      batchNorm: true,
    },
    batch: 100,
    window,
    // About a third faster, where convolutions learn in batches.
    arithmetic: "fused",
  },
  methods: methods({ kind: "momentum", lr: 0.05, momentum: 0.9 }, 500, [{ kind: "l2", strength: 5e-4 }]),
  measures,
  seeds: 5,
  published: [],
};

export const sparseMlpFashionMnist: Protocol = {
  name: "sparse-mlp-fashion-mnist",
  title: "A tenth of the synapses of dense layers, on Fashion-MNIST",
  about: about(
    "Hidden layers of 2,000 and 1,000, running normalisation of the inputs, which leaves pixels at the border small; Adam.",
    100,
  ),
  source,
  differs,
  setting: {
    stream,
    network: {
      hidden: [2000, 1000],
      activation: "relu",
      // A pixel in the middle varies by about 0.1; those at the border hardly ever do.
      inputNormalisation: { decay: 0.9999, epsilon: 0.1 },
    },
    batch: 100,
    window,
    arithmetic: "fused",
  },
  methods: methods({ kind: "adam", lr: 0.001 }, 100),
  measures,
  seeds: 5,
  published: [],
};
