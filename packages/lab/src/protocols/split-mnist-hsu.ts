/** Split MNIST as Hsu et al. set it up: images padded and normalised, digits in order, four passes over each task. */
import type { Method, Protocol } from "./protocol.ts";

type Scenario = "task" | "domain" | "class";

const methods: Record<string, Method> = {
  adam: { learner: { rule: { kind: "adam", lr: 0.001 } } },
  sgd: { learner: { rule: { kind: "sgd", lr: 0.01 } } },
  adagrad: { learner: { rule: { kind: "adagrad", lr: 0.01 } } },
  offline: { learner: { rule: { kind: "adam", lr: 0.001 } }, stream: { joint: true } },
};

/** For those who are told the task. PackNet does not know when one will end, and retrains on what it remembers. */
const apart: Record<string, Method> = {
  packnet: {
    learner: {
      rule: { kind: "adam", lr: 0.001 },
      structure: [{ kind: "packnet", share: 0.75, remember: 5000, retrain: 20_000 }],
    },
  },
  progressive: {
    learner: { rule: { kind: "adam", lr: 0.001 }, structure: [{ kind: "progressive-columns", size: 0.25 }] },
  },
};

/** Percent, plus or minus one standard deviation: task, domain, class. */
const table: Record<
  string,
  readonly [task: number, sd: number, domain: number, sd: number, class_: number, sd: number]
> = {
  adam: [93.46, 2.01, 55.16, 1.38, 19.71, 0.08],
  sgd: [97.98, 0.09, 63.2, 0.35, 19.46, 0.04],
  adagrad: [98.06, 0.53, 58.08, 1.06, 19.82, 0.09],
  l2: [98.18, 0.96, 66.0, 3.73, 22.52, 1.08],
  "naive-rehearsal-1100": [99.4, 0.08, 95.16, 0.49, 90.78, 0.85],
  "naive-rehearsal-4400": [99.57, 0.07, 97.11, 0.34, 95.59, 0.49],
  ewc: [97.7, 0.81, 58.85, 2.59, 19.8, 0.05],
  "online-ewc": [98.04, 1.1, 57.33, 1.44, 19.77, 0.04],
  si: [98.56, 0.49, 64.76, 3.09, 19.67, 0.09],
  mas: [99.22, 0.21, 68.57, 6.85, 19.52, 0.29],
  lwf: [99.6, 0.03, 71.02, 1.26, 24.17, 0.33],
  gem: [98.42, 0.1, 96.16, 0.35, 92.2, 0.12],
  dgr: [99.47, 0.03, 95.74, 0.23, 91.24, 0.33],
  rtf: [99.66, 0.03, 97.31, 0.11, 92.56, 0.21],
  offline: [99.52, 0.16, 98.59, 0.15, 97.53, 0.3],
};

function hsu(scenario: Scenario): Protocol {
  const column = 2 * ["task", "domain", "class"].indexOf(scenario);
  return {
    name: `split-mnist-hsu-${scenario}`,
    title: `Split MNIST after Hsu et al., ${scenario}-incremental`,
    about:
      "The digits in order, in five tasks of two, four passes over each in batches of 128; images padded to 32 x 32 and normalised. What is measured is the mean accuracy on the test images of all five tasks after the last.",
    source: {
      citation:
        "Hsu, Liu, Ramasamy and Kira (2018), Re-evaluating continual learning scenarios, NeurIPS 2018 continual learning workshop",
      link: "https://arxiv.org/abs/1810.12488",
    },
    differs:
      "Passes follow each other without a gap, so that only a task's last batch is cut short. Whether the table's second rehearsal is that of 4,400 images is our reading.",
    setting: {
      stream: {
        ...{ kind: "split", dataset: "mnist", scenario, classesPerTask: 2, order: "natural", epochs: 4 },
        ...{ pad: 2, range: { mean: 0.1, sd: 0.2752 } },
        ...(scenario === "class" ? { active: "seen" } : {}),
      },
      network: { hidden: [400, 400], activation: "relu", initialiser: "pytorch-default" },
      batch: 128,
    },
    methods: scenario === "task" ? { ...methods, ...apart } : methods,
    measures: ["average-accuracy", "forgetting", "backward-transfer", "online-accuracy"],
    seeds: 10,
    published: Object.entries(table).map(([method, row]) => ({
      ...{ method, measure: "average-accuracy", standing: "first-hand" as const, seeds: 10 },
      ...{ value: row[column] / 100, error: row[column + 1] / 100, errorKind: "standard deviation" as const },
    })),
  };
}

export const splitMnistHsuTask = hsu("task");
export const splitMnistHsuDomain = hsu("domain");
export const splitMnistHsuClass = hsu("class");
