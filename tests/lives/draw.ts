/**
 * A life drawn by lot: a network, how it learns, up to three policies with settings that let them act in a few dozen updates, and what is done to it.
 * The same for the same seed. What does not suit each other is drawn too: it is to be refused when the life begins, and never later.
 */
import {
  adagrad,
  adam,
  adamW,
  averagePool,
  backprop,
  binaryCrossEntropy,
  type Credit,
  conv,
  crelu,
  crossEntropy,
  type Dropout,
  dense,
  derive,
  dropouts,
  gelu,
  globalAverage,
  gradientClipping,
  hebb,
  integer,
  type Key,
  kaimingUniform,
  key,
  type LayerSpec,
  type Learner,
  l2,
  l2Init,
  leakyRelu,
  linear,
  live,
  maxPool,
  momentum,
  nesterov,
  oja,
  orthogonal,
  pytorchDefault,
  type Rule,
  relu,
  rmsprop,
  type SequentialOptions,
  type StructuralPolicy,
  sequential,
  settling,
  sgd,
  shrinkAndPerturb,
  sigmoid,
  softplus,
  squaredError,
  type Term,
  tanh,
  uniform,
  unsupervised,
  upgd,
  weightClipping,
} from "../../packages/plastica/src/index.ts";
import { policies } from "./policies.ts";

/** Draws one after the other. */
export class Lots {
  readonly #key: Key;
  #drawn = 0;

  constructor(seed: number) {
    this.#key = derive(key(seed, "a life by lot"));
  }

  share(): number {
    return uniform(this.#key, this.#drawn++);
  }

  chance(share: number): boolean {
    return this.share() < share;
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return from + integer(this.#key, this.#drawn++, to - from + 1);
  }

  one<T>(of: readonly T[]): T {
    return of[this.whole(0, of.length - 1)];
  }
}

const actions = [
  ...[
    "observe",
    "observe",
    "observe",
    "observe batch",
    "observe batch",
    "observe batch",
    "predict",
    "predict uncertain",
  ],
  ...["grow", "remove", "replace", "add layer", "insert layer", "remove layer", "rewire", "set", "end task", "succeed"],
  ...["snapshot", "branch"],
] as const;

/** What is done, and the lots of how. */
export interface Action {
  readonly kind: (typeof actions)[number];
  readonly lots: readonly [number, number];
  readonly examples: number;
  readonly times: number;
}

export interface DrawnLife {
  /** What it is, for those who are told of it. */
  told(): string;
  readonly actions: readonly Action[];
  readonly outputs: number;
  readonly target: Target;
  /** Whether tasks take turns, with outputs of their own. */
  readonly heads: boolean;
  /** The same newborn each time. */
  born(): Learner;
}

export type Target = "class" | "values" | "none";

const credits: Record<string, { credit: () => Credit; target: Target }> = {
  classes: { credit: () => backprop({ loss: crossEntropy() }), target: "class" },
  values: { credit: () => backprop({ loss: squaredError() }), target: "values" },
  probabilities: { credit: () => backprop({ loss: binaryCrossEntropy() }), target: "values" },
  unsupervised: { credit: unsupervised, target: "none" },
};

const rules: readonly (() => Rule)[] = [
  () => sgd({ lr: 0.05 }),
  () => momentum({ lr: 0.02 }),
  () => nesterov({ lr: 0.02 }),
  () => adam({ lr: 0.01 }),
  () => adamW({ lr: 0.01 }),
  () => rmsprop({ lr: 0.005 }),
  () => adagrad({ lr: 0.02 }),
  () => upgd({ lr: 0.02, sigma: 0.001 }),
];

const terms: readonly (() => Term)[] = [
  () => l2({ strength: 1e-3 }),
  () => l2Init({ strength: 1e-3 }),
  () => settling({ steps: 60, to: 0.3 }),
  () => shrinkAndPerturb(),
  () => weightClipping(),
  () => gradientClipping({ norm: 1 }),
];

export function drawLife(seed: number): DrawnLife {
  const lots = new Lots(seed);
  const outputs = lots.whole(2, 4);
  const { inputs, layers } = lots.chance(0.5) ? drawMaps(lots, outputs) : drawLayers(lots, outputs);
  const lossName = lots.one(["classes", "classes", "classes", "values", "probabilities", "unsupervised"]);
  const { credit, target } = credits[lossName];
  const rule = target === "none" ? lots.one([() => hebb({ lr: 1e-3 }), () => oja({ lr: 1e-3 })]) : lots.one(rules);
  const chosenTerms = terms.filter(() => lots.chance(0.15));
  const structure = drawPolicies(lots);
  const options: SequentialOptions = {
    ...{ inputs, seed: 3, arithmetic: lots.chance(0.2) ? "fused" : "plain", threads: lots.chance(0.1) ? 2 : 1 },
    ...(typeof inputs === "number" && lots.chance(0.3) ? { normaliseInputs: { decay: 0.95 } } : {}),
  };
  const drawn = Array.from({ length: 26 }, () => drawAction(lots));
  const heads = lots.chance(0.3);
  return {
    ...{ actions: drawn, outputs, target, heads },
    told() {
      const told = [
        ...[JSON.stringify(options), ...layers.map((make) => toldLayer(make())), lossName, rule().name],
        ...[...chosenTerms, ...structure].map((make) => {
          const { name, ...rest } = make();
          return "options" in rest ? `${name} ${JSON.stringify(rest.options)}` : name;
        }),
        heads ? "outputs of each task" : "all outputs",
      ];
      return told.join("\n  ");
    },
    born() {
      const made = <T>(all: readonly (() => T)[]) => all.map((make) => make());
      const network = sequential(options, made(layers));
      return live(network, { credit: credit(), rule: rule(), terms: made(chosenTerms), structure: made(structure) });
    },
  };
}

function toldLayer({ model, dropout, initialiser, ...layer }: LayerSpec): string {
  return JSON.stringify({ ...layer, model: model.name, dropout: dropout?.name, initialiser: initialiser.name });
}

function drawPolicies(lots: Lots): (() => StructuralPolicy)[] {
  const all = Object.values(policies);
  const some = all.filter(() => lots.chance(0.1)).slice(0, 3);
  return (some.length > 0 ? some : [lots.one(all)]).map((draw) => draw(lots));
}

function drawAction(lots: Lots): Action {
  return {
    kind: lots.one(actions),
    lots: [lots.share(), lots.share()],
    examples: lots.chance(0.1) ? lots.whole(30, 70) : lots.whole(2, 5),
    times: lots.whole(1, 4),
  };
}

type Drawn = Pick<SequentialOptions, "inputs"> & { layers: (() => LayerSpec)[] };

const models = [relu, relu, crelu, tanh, leakyRelu, gelu, sigmoid, linear, softplus];

function drawLayers(lots: Lots, outputs: number): Drawn {
  const layers = Array.from({ length: lots.whole(1, 3) }, () => {
    const [size, model, options] = [lots.whole(4, 12), lots.one(models), drawOptions(lots)];
    return () => dense(size, model(), options());
  });
  return { inputs: lots.whole(3, 9), layers: [...layers, () => dense(outputs)] };
}

function drawMaps(lots: Lots, outputs: number): Drawn {
  const inputs = { height: lots.whole(6, 7), width: lots.whole(6, 7), channels: 2 * lots.whole(1, 2) };
  const layers: (() => LayerSpec)[] = [];
  for (let depth = lots.whole(1, 2), i = 0; i < depth; i++) {
    const [channels, model, options] = [2 * lots.whole(2, 3), lots.one(models), drawOptions(lots)];
    const kernel = {
      kernel: lots.one([2, 3, [3, 2]] as const),
      padding: lots.whole(0, 1),
      stride: lots.one([1, 1, 2]),
    };
    const groups = lots.chance(0.25) ? 2 : 1;
    const pool = lots.one(i === 0 ? [undefined, maxPool(2), averagePool(2)] : [undefined, undefined, globalAverage()]);
    layers.push(() => conv(channels, model(), { ...kernel, groups, pool, ...options() }));
  }
  if (lots.chance(0.7)) {
    const [size, model, options] = [lots.whole(4, 8), lots.one(models), drawOptions(lots)];
    layers.push(() => dense(size, model(), options()));
  }
  return { inputs, layers: [...layers, () => dense(outputs)] };
}

function drawOptions(lots: Lots) {
  const norm = lots.one([{}, {}, { layerNorm: true }, { batchNorm: true }]);
  const initialiser = lots.one([kaimingUniform, kaimingUniform, orthogonal, pytorchDefault]);
  const [bias, silence] = [lots.chance(0.85), lots.chance(0.15) ? drawDropout(lots) : undefined];
  return () => ({ ...norm, bias, initialiser: initialiser(), dropout: silence?.() });
}

function drawDropout(lots: Lots): () => Dropout {
  const rate = lots.one([0.1, 0.3, 0.5]);
  const kind = lots.one(Object.keys(dropouts) as (keyof typeof dropouts)[]);
  const options: Record<string, object> = {
    ...{ variational: {}, concrete: {}, standout: {} },
    ...{ scheduled: { rate, steps: 10 }, "drop-block": { rate: 0.2, size: 2 } },
  };
  return () => (dropouts[kind] as (options: object) => Dropout)(options[kind] ?? { rate });
}
