/**
 * Everything of the engine that a recipe can name. Names, options and defaults are asked of the engine's own values, so
 * that a recipe and the library can never say different things; only the lists of what there is stand here.
 */
import {
  adagrad,
  adam,
  adamW,
  continualBackprop,
  type Dropout,
  distillation,
  dropin,
  dropouts as dropoutsByName,
  fire,
  gradientClipping,
  granet,
  groupLasso,
  hareAndTortoise,
  hebb,
  type Initialiser,
  initialisers as initialisersByName,
  type Loss,
  l2,
  l2Init,
  losses as lossesByName,
  lotteryTickets,
  momentum,
  type NeuronModel,
  nesterov,
  neuronModels,
  neuroplasticExpansion,
  neuroplasticity,
  oja,
  packnet,
  periodicShrinkAndPerturb,
  plasticityInjection,
  progressiveColumns,
  pruning,
  type Rule,
  redo,
  rigl,
  rmsprop,
  type StructuralPolicy,
  selfNormalisedResets,
  settling,
  sgd,
  shrinkAndPerturb,
  sparseEvolutionaryTraining,
  staticMask,
  succession,
  type Term,
  upgd,
  upgdNonProtecting,
  weightClipping,
} from "plastica";

/** A thing by its name, with its options beside: `{ kind: "sgd", lr: 0.003 }`. */
export interface Choice {
  kind: string;
  [option: string]: Option;
}

export type Option = number | string | boolean;

/** One thing that can be named. */
export interface Kind<T> {
  /** The options it has. */
  readonly options: readonly string[];
  /** Of those that may be left out. A default says of which type the option is. */
  readonly defaults: Readonly<Record<string, Option>>;
  /** The defaults beside what was chosen: a preset has others. */
  defaultsOf(choice: Readonly<Record<string, Option>>): Readonly<Record<string, Option>>;
  make(choice: Readonly<Record<string, Option>>): T;
}

export type Kinds<T> = Readonly<Record<string, Kind<T>>>;

type Options = Readonly<Record<string, Option>>;
/** The factories' options differ; by the time that one is called, the recipe's schema has checked what it gets. */
type Factory<T> = (options: never) => T;

/** Numbers that any initialiser takes; those without defaults are made once with these, to see which options they have. */
const SAMPLE = { bound: 0.1, sd: 0.1, value: 0 };

export const rules: Kinds<Rule> = kinds(
  {
    sgd,
    momentum,
    nesterov,
    rmsprop,
    adagrad,
    adam,
    adamw: adamW,
    upgd,
    "upgd-non-protecting": upgdNonProtecting,
    oja,
    hebb,
  },
  ({ hyper }) => hyper,
);

export const terms: Kinds<Term> = kinds(
  {
    l2,
    "l2-init": l2Init,
    settling,
    "shrink-and-perturb": shrinkAndPerturb,
    "weight-clipping": weightClipping,
    // The engine has one function for both; in a recipe, what is left out must have one default.
    "gradient-clipping": ({ norm = 1 }: { norm?: number }) => gradientClipping({ norm }),
    "gradient-value-clipping": ({ value = 1 }: { value?: number }) => gradientClipping({ value }),
  },
  ({ hyper }) => hyper,
);

export const structures: Kinds<StructuralPolicy> = kinds(
  {
    "continual-backprop": continualBackprop,
    dropin,
    distillation,
    "group-lasso": groupLasso,
    "lottery-tickets": lotteryTickets,
    fire,
    granet,
    "hare-and-tortoise": hareAndTortoise,
    "neuroplastic-expansion": neuroplasticExpansion,
    neuroplasticity,
    "periodic-shrink-and-perturb": periodicShrinkAndPerturb,
    "plasticity-injection": plasticityInjection,
    packnet,
    "progressive-columns": progressiveColumns,
    pruning,
    redo,
    rigl,
    "self-normalised-resets": selfNormalisedResets,
    set: sparseEvolutionaryTraining,
    "static-mask": staticMask,
    succession,
  },
  ({ options }) => options,
);

export const dropouts: Kinds<Dropout> = kinds(dropoutsByName, ({ options }) => options);

export const losses: Kinds<Loss> = kinds(lossesByName, () => ({}));

export const activations: Kinds<NeuronModel> = kinds(neuronModels, ({ options }) => options);

export const initialisers: Kinds<Initialiser> = kinds(initialisersByName, ({ options }) => options);

function kinds<T>(factories: Readonly<Record<string, Factory<T>>>, optionsOf: (made: T) => Options): Kinds<T> {
  return Object.fromEntries(Object.entries(factories).map(([name, factory]) => [name, kindOf(factory, optionsOf)]));
}

function kindOf<T>(factory: Factory<T>, optionsOf: (made: T) => Options): Kind<T> {
  const make = (choice: Options) => {
    const options = Object.entries(choice).filter(([name]) => name !== "kind");
    return factory(Object.fromEntries(options) as never);
  };
  try {
    const defaults = { ...optionsOf(factory({} as never)) };
    const defaultsOf = ({ preset }: Options) =>
      preset === undefined || preset === defaults.preset ? defaults : { ...optionsOf(factory({ preset } as never)) };
    return { options: Object.keys(defaults), defaults, defaultsOf, make };
  } catch {
    return { options: Object.keys(optionsOf(factory(SAMPLE as never))), defaults: {}, defaultsOf: () => ({}), make };
  }
}
