/** Pruning of LeNet-300-100 on MNIST, and its lottery tickets. The experiments are well known; the settings here are our own. */
import type { Method, Protocol } from "./protocol.ts";

/** Twenty passes in batches of 60: 20,000 updates. */
const PASSES = 20;
const rule = { kind: "adam", lr: 0.0012 };
const network = { hidden: [300, 100], activation: "relu", initialiser: "xavier-normal" };

function passes(epochs: number): Protocol["setting"] {
  return {
    stream: { kind: "permuted", dataset: "mnist", tasks: 1, permuteFirst: false, epochs, tests: true },
    network,
    batch: 60,
    // Two passes a line of the log.
    window: 120_000,
  };
}

const learner = (...structure: readonly Readonly<Record<string, unknown>>[]): Method => ({
  learner: { rule, ...(structure.length > 0 ? { structure } : {}) },
});

/** 3 % of the synapses are left after nine tenths of the updates. */
const to3Percent = { kind: "pruning", target: 0.97, start: 1000, end: 18_000, every: 100 };

export const prunedMnist: Protocol = {
  name: "pruned-mnist",
  title: "LeNet-300-100 on MNIST, without 97 % of its synapses,",
  about:
    "Twenty passes over MNIST in batches of 60, with Adam. The dense network learns as it is; of the others 97 % of the synapses are gone in the end, by one score or another, at once or gradually; or 90 % of the blocks of 16, or half of the hidden neurons. What is measured is the accuracy on the 10,000 test images after the last pass; the budget of examples is the same for all.",
  source: {
    citation:
      "Our own setting of a well-known experiment: Han, Pool, Tran and Dally (2015), Learning both weights and connections for efficient neural networks, NIPS 2015",
    link: "https://arxiv.org/abs/1506.02626",
  },
  differs:
    "Han et al. learn LeNet-300-100 with SGD, prune it by 12 times and learn again; here pruning and learning are one life, on the schedule of Zhu and Gupta (arXiv 1710.01878) unless it is at once.",
  setting: passes(PASSES),
  methods: {
    dense: learner(),
    gradual: learner(to3Percent),
    dynamic: learner({ ...to3Percent, schedule: "dynamic" }),
    taylor: learner({ ...to3Percent, score: "taylor", from: "running" }),
    "blocks-90": learner({ ...to3Percent, granularity: "block", target: 0.9 }),
    "neurons-50": learner({ ...to3Percent, granularity: "neuron", target: 0.5, score: "taylor", from: "running" }),
    snip: learner({ kind: "pruning", target: 0.97, score: "snip", schedule: "one-shot", start: 1, examples: 60 }),
    "synaptic-flow": learner({
      ...{ kind: "pruning", target: 0.97, score: "synaptic-flow", schedule: "one-shot", start: 1, rounds: 100 },
    }),
  },
  measures: ["average-accuracy", "parameters", "online-accuracy"],
  seeds: 5,
  published: [],
};

/** Nine times 28 % of what is left, two passes each, and four more passes for what is drawn. */
const rounds = { kind: "lottery-tickets", target: 0.95, rounds: 9, updates: 2000 };

export const lotteryTicketsMnist: Protocol = {
  name: "lottery-tickets-mnist",
  title: "Lottery tickets of LeNet-300-100 on MNIST",
  about:
    "Nine rounds of two passes over MNIST in batches of 60, with Adam; after each the smallest weights go, 95 % in the end, and the others are put back to their first values. Then what is left learns for four passes: the winning ticket as it is, its synapses with other first weights, or as many synapses of each layer by lot. What is measured is the accuracy on the 10,000 test images in the end.",
  source: {
    citation:
      "Frankle and Carbin (2019), The lottery ticket hypothesis: finding sparse, trainable neural networks, ICLR 2019",
    link: "https://arxiv.org/abs/1803.03635",
  },
  differs:
    "Rounds are shorter than the authors' 50,000 updates, weights are compared over the whole network and not layer by layer, and each round sees new orders of the images. They draw curves; no number of theirs stands here.",
  setting: passes(22),
  methods: {
    winning: learner(rounds),
    reinitialised: learner({ ...rounds, ticket: "reinitialised" }),
    random: learner({ ...rounds, ticket: "random" }),
  },
  measures: ["average-accuracy", "parameters"],
  seeds: 5,
  published: [],
};
