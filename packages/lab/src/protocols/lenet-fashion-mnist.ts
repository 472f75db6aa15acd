/** A network of LeNet-5's size on Fashion-MNIST: as it is, grown and pruned by channels. The settings are our own. */
import type { Method, Protocol } from "./protocol.ts";

/** Ten passes in batches of 32: 18,750 updates. */
const PASSES = 10;

const pool = { kind: "max", size: 2 };
/** LeNet-5 as it is built today, or at half its size: rectified, with maximum pools and no holes between channels. */
const lenet = (first: number, second: number, third: number, fourth: number) => [
  { kind: "conv", channels: first, kernel: 5, padding: 2, pool },
  { kind: "conv", channels: second, kernel: 5, pool },
  third,
  fourth,
];

const rule = { kind: "adam", lr: 0.001 };

/** Steps fall to a fiftieth by the last update. */
const terms = [{ kind: "settling", steps: 18_750, to: 0.02 }];

const learner = (...structure: readonly Readonly<Record<string, unknown>>[]): Method => ({
  learner: { rule, terms, ...(structure.length > 0 ? { structure } : {}) },
});

export const lenetFashionMnist: Protocol = {
  name: "lenet-fashion-mnist",
  title: "A network of LeNet-5's size, on Fashion-MNIST",
  about:
    "Ten passes over Fashion-MNIST in batches of 32, with Adam whose steps fall on a straight line to a fiftieth. Two convolutions of 6 and 16 channels, each pooled, then 120 and 84 neurons, normalised by batch. One network is as it is, one is not normalised; one loses half of its hidden neurons, which are channels in the convolutions, in the course of the first half; one begins with half of them and grows to the whole size. What is measured is the accuracy on the 10,000 test images after the last pass, and what a step costs.",
  source: {
    citation:
      "LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document recognition, Proceedings of the IEEE 86",
    link: "https://doi.org/10.1109/5.726791",
  },
  differs:
    "LeNet-5 as it is built today: rectified, with maximum pools, every channel listening to all of the layer before, and a softmax; LeCun et al. had digits. No number of theirs belongs to this setting.",
  setting: {
    stream: { kind: "permuted", dataset: "fashion-mnist", tasks: 1, permuteFirst: false, epochs: PASSES, tests: true },
    network: { hidden: lenet(6, 16, 120, 84), activation: "relu", batchNorm: true },
    batch: 32,
    // A pass a line of the log.
    window: 60_000,
  },
  methods: {
    whole: learner(),
    "not-normalised": { ...learner(), network: { batchNorm: false } },
    pruned: learner({
      ...{ kind: "pruning", granularity: "neuron", score: "taylor", from: "running", scope: "layer" },
      ...{ target: 0.5, start: 1000, end: 9000, every: 500 },
    }),
    grown: {
      ...learner({
        ...{ kind: "dropin", when: "schedule", where: "all", share: 0.15, every: 1000, cooldown: 0, maturity: 0 },
        neurons: 6 + 16 + 120 + 84,
      }),
      network: { hidden: lenet(3, 8, 60, 42) },
    },
  },
  measures: ["average-accuracy", "parameters", "operations"],
  seeds: 5,
  published: [],
};
