/** Growing beats guessing the size: networks that begin small and grow with their tasks, beside networks of every size that one might have guessed. */
import type { Method, Protocol } from "./protocol.ts";

const sizes = [16, 32, 64, 128, 256, 512];

/** All methods learn with the same rule; its step was tuned for either kind on seeds that are not reported. */
interface Tuned {
  readonly fixed: number;
  readonly grown: number;
  /** Neurons that are born in each of the two layers when a task brings labels that were never seen. */
  readonly count: number;
  /** How, and how fast they learn at first. */
  readonly growth: Readonly<Record<string, string | number>>;
}

function methods({ fixed, grown, count, growth }: Tuned): Record<string, Method> {
  const guessed = sizes.map((size): [string, Method] => [
    `fixed-${size}`,
    { learner: { rule: { kind: "sgd", lr: fixed } }, network: { hidden: [size, size] } },
  ]);
  const policy = { kind: "dropin", when: "new-class", where: "all", old: "frozen", count, every: 5, cooldown: 500 };
  return {
    ...Object.fromEntries(guessed),
    grown: { learner: { rule: { kind: "sgd", lr: grown }, structure: [{ ...policy, ...growth }] } },
  };
}

const source = {
  citation:
    "Our own setting. The claim is that of NORACL (2026), that a network which grows from a small one does at least as well as one of the best fixed size, with fewer parameters",
  link: "https://arxiv.org/abs/2604.27031",
};

const about =
  "Fixed networks have two hidden layers of 16 to 512 neurons; the one that grows begins with 16 and 16, and when labels arrive that were never seen, neurons are born in both layers; what was there before stands still. Each task has outputs of its own, and it is told which task an image is of. What is measured is the mean accuracy on the test images of all tasks after the last, and the parameters that it takes.";

export const growingPermutedMnist: Protocol = {
  name: "growing-permuted-mnist",
  title: "Growing from 16 neurons on permuted MNIST",
  about: `Ten tasks of 20,000 images of MNIST in batches of 10, each under a permutation of the pixels of its own. ${about}`,
  source,
  setting: {
    stream: { kind: "permuted", dataset: "mnist", tasks: 10, examplesPerTask: 20_000, scenario: "task", tests: true },
    network: { hidden: [16, 16], activation: "relu" },
    batch: 10,
    // One line of the log, at the end: test sets are large.
    window: 200_000,
  },
  methods: methods({
    ...{ fixed: 0.1, grown: 0.04, count: 44 },
    growth: { how: "random", rate: 5, maturity: 1500 },
  }),
  measures: ["average-accuracy", "parameters", "online-accuracy", "operations"],
  seeds: 5,
  published: [],
};

export const growingSplitMnist: Protocol = {
  name: "growing-split-mnist",
  title: "Growing from 16 neurons on split MNIST",
  about: `The ten digits come in five tasks of two, drawn anew for each seed, each digit's images once, in batches of 10. ${about}`,
  source,
  setting: {
    stream: { kind: "split", dataset: "mnist", scenario: "task", classesPerTask: 2, order: "random" },
    network: { hidden: [16, 16], activation: "relu" },
    batch: 10,
  },
  methods: methods({ fixed: 0.02, grown: 0.1, count: 8, growth: { how: "paired" } }),
  measures: ["average-accuracy", "parameters", "forgetting", "online-accuracy", "operations"],
  seeds: 5,
  published: [],
};
