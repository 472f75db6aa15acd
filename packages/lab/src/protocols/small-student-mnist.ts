/** A small student of a large teacher on MNIST, beside a student without one. The experiment is well known; the settings here are our own. */
import type { Method, Protocol } from "./protocol.ts";

const rule = { kind: "adam", lr: 0.001 };
/** Five passes in batches of 60. */
const HALF = 5000;
const SMALL = 20;
/** The student begins after five passes and is there after ten. */
const beside = { kind: "succession", hidden: String(SMALL), at: HALF, window: 60 * HALF, margin: 1, temperature: 4 };

const large = (...structure: readonly Readonly<Record<string, unknown>>[]): Method => ({
  learner: { rule, ...(structure.length > 0 ? { structure } : {}) },
});

export const smallStudentMnist: Protocol = {
  name: "small-student-mnist",
  title: "A small student of a large teacher on MNIST",
  about:
    "Ten passes over MNIST in batches of 60, with Adam. The teacher has two hidden layers of 300. After five passes a student of twenty hidden neurons begins to learn beside it, and after five more it takes its place; it follows the teacher's soft targets (distilled), or the labels alone, with everything else the same (untaught). Alone is a network of the student's size from the beginning, for all ten passes. What is measured is the accuracy on the 10,000 test images after the last pass.",
  source: {
    citation:
      "Our own setting of a well-known experiment: Hinton, Vinyals and Dean (2015), Distilling the knowledge in a neural network",
    link: "https://arxiv.org/abs/1503.02531",
  },
  differs:
    "Hinton et al. let the student begin when the teacher is finished, and regularise the teacher strongly; here both see one stream.",
  setting: {
    stream: { kind: "permuted", dataset: "mnist", tasks: 1, permuteFirst: false, epochs: 10, tests: true },
    network: { hidden: [300, 300], activation: "relu", initialiser: "kaiming-uniform" },
    batch: 60,
    window: 60_000,
  },
  methods: {
    distilled: large({ ...beside, weight: 0.9 }),
    untaught: large({ ...beside, weight: 0 }),
    alone: { learner: { rule }, network: { hidden: [SMALL] } },
    teacher: large(),
  },
  measures: ["average-accuracy", "parameters", "online-accuracy"],
  seeds: 5,
  published: [],
};
