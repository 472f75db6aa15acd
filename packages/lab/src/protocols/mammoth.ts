/** Mammoth's MNIST benchmarks with the best arguments it ships. It ships no table of results for them. */
import type { Protocol } from "./protocol.ts";

const source = {
  citation:
    "Buzzega, Boschini, Porrello, Abati and Calderara (2020), Dark experience for general continual learning, NeurIPS 2020; Mammoth",
  link: "https://github.com/aimagelab/mammoth",
};

/** One of its benchmarks. */
function benchmark(
  name: string,
  title: string,
  about: string,
  stream: Protocol["setting"]["stream"],
  batch: number,
  methods: Protocol["methods"],
): Protocol {
  return {
    name: `mammoth-${name}`,
    title: `${title} of Mammoth`,
    about: `${about} What is measured is the mean accuracy on the test images of all tasks after the last.`,
    source,
    differs: "Learning without protection alone: the replay methods of the paper are not here yet.",
    setting: {
      stream: { ...stream, dataset: "mnist" },
      network: { hidden: [100, 100], activation: "relu", initialiser: "xavier-uniform" },
      batch,
    },
    methods,
    measures: ["average-accuracy", "forgetting", "backward-transfer", "online-accuracy"],
    seeds: 10,
    published: [],
  };
}

const sgd = (lr: number) => ({ rule: { kind: "sgd", lr } });

export const mammothSequentialMnist = benchmark(
  "sequential-mnist",
  "Sequential MNIST",
  "The digits in order, in five tasks of two, once, in batches of ten, with ten outputs.",
  { kind: "split", scenario: "class", classesPerTask: 2, order: "natural", epochs: 1 },
  10,
  { sgd: { learner: sgd(0.03) }, joint: { learner: sgd(0.03), stream: { joint: true } } },
);

export const mammothPermutedMnist = benchmark(
  "permuted-mnist",
  "Permuted MNIST",
  "Twenty permutations, one pass over each in batches of 128, one set of ten outputs.",
  { kind: "permuted", tasks: 20, tests: true },
  128,
  { sgd: { learner: sgd(0.2) } },
);

export const mammothRotatedMnist = benchmark(
  "rotated-mnist",
  "Rotated MNIST",
  "Twenty angles drawn from 0 to 180 degrees, one pass over each in batches of 128, one set of ten outputs.",
  { kind: "rotated", tasks: 20, interpolation: "nearest", tests: true },
  128,
  { sgd: { learner: sgd(0.2) } },
);
