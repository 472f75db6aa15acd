/** The MNIST part of Avalanche's reproductions: what their continuous integration holds its strategies to. */
import type { Method, Protocol, Published } from "./protocol.ts";

const source = {
  citation: "ContinualAI, Continual Learning Baselines: reproductions with Avalanche (2021–2024)",
  link: "https://github.com/ContinualAI/continual-learning-baselines",
};

const differs =
  "Only learning without any protection is run here; the strategies whose numbers stand beside it each come with a network and settings of their own, which a method's name does not tell.";

const naive = (rule: Record<string, unknown>, more: Partial<Method> = {}): Method => ({ learner: { rule }, ...more });

function reached(method: string, value: number, note?: string): Published {
  return {
    method,
    measure: "average-accuracy",
    value,
    standing: "first-hand",
    ...(note === undefined ? {} : { note }),
  };
}

/** As torchvision's examples normalise MNIST. */
const range = { mean: 0.1307, sd: 0.3081 };

/** One of the reproductions: its stream, its network and batch, and what was reached in it. */
interface Reproduction {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly stream: Protocol["setting"]["stream"];
  readonly hidden: readonly number[];
  readonly batch: number;
  readonly methods: Protocol["methods"];
  readonly published: readonly Published[];
}

function reproduction({ name, title, about, stream, hidden, batch, methods, published }: Reproduction): Protocol {
  const network = { hidden, activation: "relu", initialiser: "pytorch-default" };
  return {
    name: `avalanche-${name}`,
    title: `${title} of Avalanche's baselines`,
    about: `${about} What is measured is the mean accuracy on the test images of all tasks after the last.`,
    source,
    differs,
    setting: { stream: { ...stream, dataset: "mnist", range }, network, batch },
    methods,
    measures: ["average-accuracy", "forgetting", "backward-transfer", "online-accuracy"],
    seeds: 1,
    published,
  };
}

const permuted = (tasks: number, more: object = {}) => ({ kind: "permuted", tasks, tests: true, ...more });
const split = (scenario: "task" | "class", epochs: number) => ({
  ...{ kind: "split", scenario, classesPerTask: 2, order: "random", epochs },
});

export const avalanchePermutedMnist = reproduction({
  name: "permuted-mnist",
  title: "Permuted MNIST",
  about: "Ten permutations, ten passes over each in batches of 256, one set of ten outputs.",
  stream: permuted(10, { epochs: 10 }),
  hidden: [512],
  batch: 256,
  methods: {
    "naive-sgd": naive({ kind: "sgd", lr: 0.001 }),
    "naive-adam": naive({ kind: "adam", lr: 0.001 }, { network: { hidden: [1000] } }),
  },
  published: [
    reached("ewc", 0.83, "1 x 512, SGD 0.001, lambda 1; the paper's own 0.94 was not reached"),
    reached("si", 0.83, "1 x 1000, Adam 0.001, lambda 10; the paper's own 0.95 was not reached"),
  ],
});

export const avalanchePermutedMnistLfl = reproduction({
  name: "permuted-mnist-lfl",
  title: "Permuted MNIST for less-forgetful learning",
  about: "Four permutations, three passes over each in batches of 128, one set of ten outputs.",
  stream: permuted(4, { epochs: 3 }),
  hidden: [256],
  batch: 128,
  methods: { naive: naive({ kind: "sgd", lr: 0.01 }) },
  published: [reached("lfl", 0.88, "lambda 0.0001")],
});

export const avalanchePermutedMnistGem = reproduction({
  name: "permuted-mnist-gem",
  title: "Online permuted MNIST for GEM",
  about: "Seventeen permutations of the same 1,000 images, once each, in batches of ten.",
  stream: permuted(17, { examplesPerTask: 1000, sameImages: true }),
  hidden: [100, 100],
  batch: 10,
  methods: { naive: naive({ kind: "sgd", lr: 0.1 }) },
  published: [reached("gem", 0.8, "a memory of 1,000 patterns a task; 0.93 in their table of targets")],
});

export const avalanchePermutedMnistAGem = reproduction({
  name: "permuted-mnist-a-gem",
  title: "Online permuted MNIST for A-GEM",
  about: "Seventeen permutations of all training images, once each, in batches of ten.",
  stream: permuted(17),
  hidden: [256, 256],
  batch: 10,
  methods: { naive: naive({ kind: "sgd", lr: 0.1 }) },
  published: [reached("a-gem", 0.81, "a memory of 250 patterns a task")],
});

export const avalancheSplitMnistTask = reproduction({
  name: "split-mnist-task",
  title: "Split MNIST, task-incremental,",
  about: "Five tasks of two digits, two outputs for each, ten passes over each in batches of 64.",
  stream: split("task", 10),
  hidden: [256, 256],
  batch: 64,
  methods: { naive: naive({ kind: "adam", lr: 0.001 }) },
  published: [reached("si", 0.97, "2 x 256, Adam 0.001, lambda 1"), reached("rwalk", 0.99)],
});

export const avalancheSplitMnistClass = reproduction({
  name: "split-mnist-class",
  title: "Split MNIST, class-incremental,",
  about: "Five tasks of two digits, ten outputs, one pass over each in batches of ten.",
  stream: split("class", 1),
  hidden: [400, 400],
  batch: 10,
  methods: {
    naive: naive({ kind: "sgd", lr: 0.1 }),
    joint: naive({ kind: "sgd", lr: 0.1 }, { stream: { joint: true } }),
  },
  published: [
    reached("lwf", 0.23, "1 x 200, SGD 0.001, batches of 128, 21 passes"),
    reached("gdumb", 0.97, "2 x 400, SGD 0.1, 4,400 images kept"),
    reached("generative-replay", 0.75, "2 x 400, Adam 0.001, batches of 16, 10 passes"),
    reached("gss", 0.82, "2 x 100, SGD 0.05, 1,000 images a task; 0.78 in their table of targets"),
    reached("cope", 0.93, "2 x 400 to 32, SGD 0.01, 2,000 images kept"),
    reached("online-replay", 0.92, "SGD 0.1, 1,000 images kept"),
    reached("mir", 0.87, "1 x 400, SGD 0.05, 1,000 images a task; from their table of targets"),
  ],
});
