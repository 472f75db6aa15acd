/** A network of LeNet-5's size on Fashion-MNIST: as it is, grown and pruned by channels. The settings are our own. */
import type { Method, Protocol } from "./protocol.ts";

/** Ten passes in batches of 32: 18,750 updates. */
const PASSES = 10;

const pool = { kind: "max", size: 2 };
/** LeNet-5 as it is built today: rectified, with maximum pools and no holes between channels. */
const lenet = (first: number, second: number) => [
  { kind: "conv", channels: first, kernel: 5, padding: 2, pool },
  { kind: "conv", channels: second, kernel: 5, pool },
  120,
  84,
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
  about: "",
  source: {
    citation:
      "LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document recognition, Proceedings of the IEEE 86",
    link: "https://doi.org/10.1109/5.726791",
  },
  differs: "",
  setting: {
    stream: { kind: "permuted", dataset: "fashion-mnist", tasks: 1, permuteFirst: false, epochs: PASSES, tests: true },
    network: { hidden: lenet(6, 16), activation: "relu" },
    batch: 32,
    // A pass a line of the log.
    window: 60_000,
  },
  methods: {
    adam: learner(),
    momentum: { learner: { rule: { kind: "momentum", lr: 0.01, momentum: 0.9 } } },
    "batch-norm": { ...learner(), network: { batchNorm: true } },
    dropout: { ...learner(), network: { dropout: { kind: "dropout", rate: 0.1 } } },
  },
  measures: ["average-accuracy", "parameters", "online-accuracy"],
  seeds: 5,
  published: [],
};
