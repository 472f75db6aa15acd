/** Slowly-changing regression: the cheapest experiment in which plasticity is lost. */
import type { Method, Protocol } from "./protocol.ts";

const activations = ["relu", "tanh"] as const;
const steps = [0.01, 0.003, 0.001] as const;
const rates = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2] as const;

const plain: [string, Method][] = activations.flatMap((activation) =>
  steps.map((lr): [string, Method] => [
    `${activation}-${lr}`,
    { learner: { rule: { kind: "sgd", lr } }, network: { activation } },
  ]),
);

const continual: [string, Method][] = rates.map((replacementRate) => [
  `continual-backprop-${replacementRate.toExponential(0)}`,
  {
    learner: {
      rule: { kind: "sgd", lr: 0.01 },
      structure: [
        { kind: "continual-backprop", replacementRate, maturity: 10, decay: 0.99, accumulate: false, refresh: 1 },
      ],
    },
  },
]);

export const slowlyChangingRegression: Protocol = {
  name: "slowly-changing-regression",
  title: "Slowly-changing regression",
  about:
    "A network of five hidden neurons follows a fixed one of 100 threshold units that it cannot match. Fifteen of the twenty binary inputs are redrawn every 10,000 examples, five with each example. What is measured is the squared error of each prediction, made before learning from it, over 20,000 examples at a time.",
  source: {
    citation: "Dohare et al. (2024), Loss of plasticity in deep continual learning, Nature 632, 768–774",
    link: "https://doi.org/10.1038/s41586-024-07711-7",
  },
  setting: {
    stream: { kind: "slowly-changing-regression", tasks: 100 },
    network: { hidden: [5], activation: "relu" },
    window: 20_000,
  },
  methods: {
    ...Object.fromEntries(plain),
    "linear-0.01": { learner: { rule: { kind: "sgd", lr: 0.01 } }, network: { hidden: [] } },
    "linear-0.003": { learner: { rule: { kind: "sgd", lr: 0.003 } }, network: { hidden: [] } },
    "linear-0.001": { learner: { rule: { kind: "sgd", lr: 0.001 } }, network: { hidden: [] } },
    ...Object.fromEntries(continual),
  },
  measures: ["end-loss", "first-loss", "online-loss", "dormant"],
  seeds: 100,
  published: [
    ...curve("relu-0.01", { first: 0.62, end: [1.2, 1.37] }),
    ...curve("relu-0.003", { first: 0.71, end: [1.07, 1.07] }),
    ...curve("relu-0.001", { first: 0.84, end: [0.87, 0.87] }),
    ...curve("tanh-0.01", { first: 0.44, end: [0.89, 0.89] }),
    ...curve("tanh-0.003", { first: 0.6, end: [0.92, 0.92] }),
    ...curve("tanh-0.001", { first: 0.8, end: [0.83, 0.83] }),
    ...curve("linear-0.01", { first: 0.87, end: [0.87, 0.87] }),
  ],
};

/** Of a curve of mean squared errors: its first point and where it ends. */
function curve(
  method: string,
  { first, end: [low, high] }: { first: number; end: readonly [number, number] },
): Protocol["published"] {
  const standing = "read off a figure" as const;
  const read = { method, standing, errorKind: "reading" as const, seeds: 100 };
  return [
    { ...read, measure: "first-loss", value: first, error: 0.02 },
    { ...read, measure: "end-loss", value: (low + high) / 2, error: (high - low) / 2 + 0.02 },
  ];
}
