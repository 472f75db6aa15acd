/** Networks that are sparse from birth, on Fashion-MNIST: who exchanges synapses, and where new ones grow. The settings are our own. */
import type { Method, Protocol } from "./protocol.ts";

/** Ten passes in batches of 100: 6,000 updates. */
const PASSES = 10;
const rule = { kind: "adam", lr: 0.001 };
/** Steps fall to a fiftieth by the last update. */
const terms = [{ kind: "settling", steps: 6000, to: 0.02 }];

const learner = (...structure: readonly Readonly<Record<string, unknown>>[]): Method => ({
  learner: { rule, terms, ...(structure.length > 0 ? { structure } : {}) },
});

/** A tenth of the synapses, shared out by Erdős and Rényi; exchanged for three quarters of the life. */
const tenth = { density: 0.1 };
const exchanged = { ...tenth, fraction: 0.3, every: 100, end: 4500 };

const rigl = learner({ kind: "rigl", ...exchanged });

export const sparseFashionMnist: Protocol = {
  name: "sparse-fashion-mnist",
  title: "A tenth of the synapses, on Fashion-MNIST",
  about:
    "Ten passes over Fashion-MNIST in batches of 100, with Adam whose steps fall on a straight line to a fiftieth; hidden layers of 800 and 300, running normalisation of the inputs. The dense network has all its synapses. The others have a tenth of them from birth: for ever the same (static mask), or the smallest are exchanged every 100 updates for others drawn by lot (SET) or where the loss is steepest (RigL); GraNet begins with all and prunes to a tenth, letting some grow again, neuroplastic expansion begins with a twentieth and grows to a tenth. What is measured is the accuracy on the 10,000 test images after the last pass.",
  source: {
    citation: "Evci, Gale, Menick, Castro and Elsen (2020), Rigging the lottery: making all tickets winners, ICML 2020",
    link: "https://arxiv.org/abs/1911.11134",
  },
  differs: "The authors have ResNet-50 on ImageNet and other networks; no number of theirs belongs to this setting.",
  setting: {
    stream: { kind: "permuted", dataset: "fashion-mnist", tasks: 1, permuteFirst: false, epochs: PASSES, tests: true },
    network: { hidden: [800, 300], activation: "relu", inputNormalisation: 0.9999 },
    batch: 100,
    // A pass a line of the log.
    window: 60_000,
  },
  methods: {
    dense: learner(),
    static: learner({ kind: "static-mask", ...tenth }),
    set: learner({ kind: "set", ...exchanged }),
    rigl,
    // What might bring the sparse network nearer to the dense one.
    "rigl-dropout": { ...rigl, network: { dropout: { kind: "dropout", rate: 0.3 } } },
    "rigl-decayed": { learner: { ...rigl.learner, rule: { ...rule, kind: "adamw", weightDecay: 0.5 } } },
    "rigl-batch-norm": { ...rigl, network: { batchNorm: true } },
    "dense-batch-norm": { ...learner(), network: { batchNorm: true } },
    granet: learner({ kind: "granet", target: 0.9, start: 100, every: 100, end: 4500 }),
    "neuroplastic-expansion": learner({
      ...{ kind: "neuroplastic-expansion", ...exchanged, density: 0.05, finalDensity: 0.1 },
    }),
  },
  measures: ["average-accuracy", "parameters", "online-accuracy"],
  seeds: 5,
  published: [],
};
