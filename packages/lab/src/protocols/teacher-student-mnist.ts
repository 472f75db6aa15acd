/**
 * Teacher and student on MNIST: a small student of a large teacher, and a student that takes over in a live stream. The experiments are well known; the settings
 * here are our own.
 */
import type { Protocol } from "./protocol.ts";

const source = {
  citation:
    "Our own setting of a well-known experiment: Hinton, Vinyals and Dean (2015), Distilling the knowledge in a neural network",
  link: "https://arxiv.org/abs/1503.02531",
};
const adam = { kind: "adam", lr: 0.001 };
const stream = { kind: "permuted", dataset: "mnist", tasks: 1, permuteFirst: false, tests: true };

/** Of 5,000 images in batches of 50. */
const PASS = 100;
const small = { hidden: [100], dropout: undefined };
/** The student begins after 15 passes and is there after the last, the sixtieth. */
const beside = {
  ...{ kind: "succession", hidden: "100", at: 15 * PASS, window: 45 * PASS * 50, margin: 1 },
  ...{ temperature: 4, weight: 0.9 },
};

export const smallStudentMnist: Protocol = {
  name: "small-student-mnist",
  title: "A small student of a large teacher, with 5,000 images of MNIST,",
  about:
    "Sixty passes over 5,000 images in batches of 50, with Adam. The teacher has two hidden layers of 300, and dropout. After 15 passes a student of one hidden layer of 100 begins to learn beside it, and in the end it takes its place; it follows the teacher's soft targets (distilled), or the labels alone, with everything else the same (untaught). Alone is a network of the student's size from the beginning, for all sixty passes. What is measured is the accuracy on the 10,000 test images after the last pass.",
  source,
  differs:
    "Hinton et al. let the student begin when the teacher is finished, with all images, of which their teacher saw shifted ones too; here both learn from one stream.",
  setting: {
    stream: { ...stream, epochs: 60, examplesPerTask: 5000 },
    network: {
      hidden: [300, 300],
      activation: "relu",
      initialiser: "kaiming-uniform",
      dropout: { kind: "dropout", rate: 0.5 },
    },
    batch: 50,
    window: 30_000,
  },
  methods: {
    distilled: { learner: { rule: adam, structure: [beside] } },
    untaught: { learner: { rule: adam, structure: [{ ...beside, weight: 0 }] } },
    alone: { learner: { rule: adam }, network: small },
    teacher: { learner: { rule: adam } },
  },
  measures: ["average-accuracy", "parameters"],
  seeds: 5,
  published: [],
};

const soon = {
  kind: "succession",
  hidden: "100,100",
  at: 1000,
  window: 6000,
  margin: 0.01,
  temperature: 2,
  weight: 0.5,
};

export const takeoverMnist: Protocol = {
  name: "takeover-mnist",
  title: "A student takes over in a live stream of MNIST",
  about:
    "Two passes over MNIST in batches of 20, with Adam. A network of two hidden layers of 200 lives; after 20,000 images a student half as wide begins to learn beside it, and when of 6,000 images it has predicted as many right, but for 1 %, it takes its place (takeover); without a student (network), and a network of the student's size from the beginning (alone). What is measured is whether there was a gap: by how much the accuracy on the test images fell, at most, from one window of 6,000 images to the next.",
  source,
  setting: {
    stream: { ...stream, epochs: 2 },
    network: { hidden: [200, 200], activation: "relu", initialiser: "kaiming-uniform" },
    batch: 20,
    window: 6000,
  },
  methods: {
    takeover: { learner: { rule: adam, structure: [soon] } },
    network: { learner: { rule: adam } },
    alone: { learner: { rule: adam }, network: { hidden: [100, 100] } },
  },
  measures: ["largest-fall", "average-accuracy", "online-accuracy", "parameters"],
  seeds: 5,
  published: [],
};
