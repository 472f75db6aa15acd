/** Split MNIST in three scenarios: the table against which methods that prevent forgetting are held. */
import type { Method, Protocol } from "./protocol.ts";

type Scenario = "task" | "domain" | "class";

const learner = { rule: { kind: "adam", lr: 0.001 } };

/** A task is 2,000 batches of 128; PackNet retrains in its last quarter. Later strands are a quarter as wide as the first. */
const apart: Record<string, Method> = {
  packnet: { learner: { ...learner, structure: [{ kind: "packnet", share: 0.75, every: 256_000, retrain: 64_000 }] } },
  progressive: { learner: { ...learner, structure: [{ kind: "progressive-columns", size: 0.25 }] } },
};

/** Joint learning of the tasks' own outputs takes 26 images of each task at a time, as the authors do. */
const methods = (scenario: Scenario): Record<string, Method> => ({
  none: { learner },
  joint: { learner, stream: { joint: true }, ...(scenario === "task" ? { batch: 130 } : {}) },
  ...(scenario === "task" ? apart : {}),
});

const told: Record<Scenario, Record<string, readonly [value: number, error?: number]>> = {
  task: {
    none: [0.8432, 0.0099],
    joint: [0.9967, 0.0003],
    "separate-networks": [0.9957, 0.0003],
    ewc: [0.9906, 0.0015],
    lwf: [0.996, 0.0003],
    "a-gem": [0.9854, 0.001],
  },
  domain: {
    none: [0.6013, 0.0166],
    joint: [0.9859, 0.0005],
    ewc: [0.6303, 0.0158],
    lwf: [0.7118, 0.0142],
    "a-gem": [0.8767, 0.0133],
    dgr: [0.9557],
    "bi-r": [0.9726],
    er: [0.9375],
  },
  class: {
    none: [0.1989, 0.0002],
    joint: [0.9817, 0.0004],
    ewc: [0.2064, 0.0052],
    lwf: [0.2189, 0.0032],
    "a-gem": [0.651, 0.0364],
    dgr: [0.9035],
    "bi-r": [0.9441],
    er: [0.8879],
    "generative-classifier": [0.9382, 0.0006],
  },
};

const scenarios: Record<Scenario, { title: string; about: string }> = {
  task: {
    title: "task-incremental",
    about: "Each task has two outputs of its own, and it is told which task an image is of.",
  },
  domain: {
    title: "domain-incremental",
    about: "All tasks share two outputs: is it the first or the second of its pair?",
  },
  class: { title: "class-incremental", about: "Ten outputs, all of them open all the time: which digit is it?" },
};

function splitMnist(scenario: Scenario): Protocol {
  const { title, about } = scenarios[scenario];
  return {
    name: `split-mnist-${scenario}`,
    title: `Split MNIST, ${title}`,
    about: `The ten digits come in five tasks of two, drawn anew for each seed, 2,000 batches of 128 each. ${about} What is measured is the mean accuracy on the test images of all five tasks after the last.`,
    source: {
      citation:
        "van de Ven, Tuytelaars and Tolias (2022), Three types of incremental learning, Nature Machine Intelligence 4, 1185–1197",
      link: "https://doi.org/10.1038/s42256-022-00568-3",
    },
    setting: {
      stream: { kind: "split", dataset: "mnist", scenario, classesPerTask: 2, order: "random", iterations: 2000 },
      network: { hidden: [400, 400], activation: "relu", initialiser: "pytorch-default" },
      batch: 128,
    },
    methods: methods(scenario),
    measures: ["average-accuracy", "forgetting", "backward-transfer", "online-accuracy"],
    seeds: 20,
    published: Object.entries(told[scenario]).map(([method, [value, error]]) => ({
      ...{ method, measure: "average-accuracy", value, standing: "second-hand" as const, seeds: 20 },
      ...(error === undefined ? {} : { error, errorKind: "standard error" as const }),
      note: "the paper's table as others quote it",
    })),
  };
}

export const splitMnistTask = splitMnist("task");
export const splitMnistDomain = splitMnist("domain");
export const splitMnistClass = splitMnist("class");
