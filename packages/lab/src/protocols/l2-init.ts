/** The two MNIST experiments of L2 Init, small enough for a grid of methods and strengths. */
import type { Method, Protocol } from "./protocol.ts";

const source = {
  citation:
    "Kumar, Marklund and Van Roy (2024), Maintaining plasticity in continual learning via regenerative regularization, CoLLAs 2024",
  link: "https://arxiv.org/abs/2308.11958",
};

const shown = { range: "symmetric", permuteFirst: false };
const network = { hidden: [100, 100], activation: "relu", initialiser: "pytorch-default" };

/** Each of the two rules with each step size of the authors' grid, and what they add, at the middle of its grid. */
const methods: Record<string, Method> = {};
for (const [kind, steps] of [
  ["sgd", [0.01, 0.001]],
  ["adam", [0.001, 0.0001]],
] as const) {
  for (const lr of steps) {
    const rule = { kind, lr };
    const name = (method: string) => `${method}-${kind}-${lr}`;
    methods[name("backprop")] = { learner: { rule } };
    // Their penalties are half a strength times the square, ours are gradients: the same number.
    methods[name("l2-init")] = { learner: { rule, terms: [{ kind: "l2-init", strength: 1e-3 }] } };
    methods[name("l2")] = { learner: { rule, terms: [{ kind: "l2", strength: 1e-3 }] } };
    methods[name("continual-backprop")] = {
      learner: {
        rule,
        structure: [
          { kind: "continual-backprop", replacementRate: 0.01, maturity: 100, decay: 0.99, accumulate: false },
        ],
      },
    };
    methods[name("layer-norm")] = { learner: { rule }, network: { layerNorm: true } };
    methods[name("concat-relu")] = { learner: { rule }, network: { activation: "crelu" } };
  }
}

const differs =
  "The authors search a grid of strengths for each method and report the best; here each has the middle of its grid. CReLU layers have as many neurons as the others, so that their network has more weights; the authors take neurons away. Their shrink and perturb, which adds fresh networks' weights, and ReDo are not here yet. Continual backprop measures each neuron's mean weight once in 40 steps. The authors' last batches differ: of permuted tasks one comes from a second pass, and of random labels one in 75 is left out.";

export const l2InitPermutedMnist: Protocol = {
  name: "l2-init-permuted-mnist",
  title: "Permuted MNIST of L2 Init",
  about:
    "10,000 images in each of 500 tasks, once, in batches of 16, with the pixels in a new order from the second task on. What is measured is the accuracy before learning, averaged over each task. The paper prints curves and no table.",
  source,
  differs,
  setting: {
    stream: { kind: "permuted", dataset: "mnist", tasks: 500, examplesPerTask: 10_000, ...shown },
    network,
    batch: 16,
  },
  methods,
  measures: ["online-accuracy", "end-accuracy", "first-accuracy", "dormant"],
  seeds: 3,
  published: [],
};

export const l2InitRandomLabelMnist: Protocol = {
  name: "l2-init-random-label-mnist",
  title: "Random-label MNIST of L2 Init",
  about:
    "The same 1,200 images in each of 50 tasks, 400 times over in batches of 16; in each task they have new labels, drawn at random, to be learned by heart. What is measured is the accuracy before learning, averaged over each task. The paper prints curves and no table.",
  source,
  differs,
  setting: {
    stream: { kind: "random-label", dataset: "mnist", tasks: 50, images: 1200, epochs: 400, range: "symmetric" },
    network,
    batch: 16,
  },
  methods,
  measures: ["online-accuracy", "end-accuracy", "first-accuracy", "dormant"],
  seeds: 3,
  published: [],
};
