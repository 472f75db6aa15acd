/** Every policy, with settings by which it acts early and often in a small life. */
import {
  continualBackprop,
  distillation,
  dropin,
  fire,
  granet,
  groupLasso,
  growthWays,
  hareAndTortoise,
  lotteryTickets,
  neuroplasticExpansion,
  neuroplasticity,
  packnet,
  periodicShrinkAndPerturb,
  plasticityInjection,
  progressiveColumns,
  pruning,
  pruningScores,
  redo,
  rigl,
  type ScoreName,
  type StructuralPolicy,
  selfNormalisedResets,
  sparseEvolutionaryTraining,
  staticMask,
  succession,
  type WayName,
} from "../../packages/plastica/src/index.ts";
import type { Lots } from "./draw.ts";

const ways = Object.keys(growthWays) as WayName[];
const scores = Object.keys(pruningScores) as ScoreName[];
const places = ["highest", "all", "familiarity"];

/** Draws the settings, and makes the policy anew each time. */
type Draw = (lots: Lots) => () => StructuralPolicy;

function drawn<O>(make: (options: O) => StructuralPolicy, options: (lots: Lots) => O): Draw {
  return (lots) => {
    const chosen = options(lots);
    return () => make(chosen);
  };
}

const sparse = (lots: Lots) => ({
  ...{ density: lots.one([0.3, 0.6]), every: lots.whole(3, 8), end: lots.whole(15, 60), examples: 8 },
  distribution: lots.one(["uniform", "erdos-renyi"] as const),
});

export const policies: Readonly<Record<string, Draw>> = {
  "continual backprop": drawn(continualBackprop, (lots) => ({
    ...{ replacementRate: 0.05, maturity: lots.whole(1, 5), refresh: lots.whole(1, 50) },
    utility: lots.one(["contribution", "adaptable-contribution", "random"] as const),
  })),
  redo: drawn(redo, (lots) => ({ threshold: lots.one([0.1, 0.9]), every: lots.whole(3, 9) })),
  "self-normalised resets": drawn(selfNormalisedResets, (lots) => ({ cap: lots.whole(1, 5) })),
  fire: drawn(fire, (lots) => ({ every: lots.whole(5, 11) })),
  "hare and tortoise": drawn(hareAndTortoise, (lots) => ({ every: lots.whole(4, 9) })),
  "shrink and perturb": drawn(periodicShrinkAndPerturb, (lots) => ({ every: lots.whole(4, 9) })),
  "plasticity injection": drawn(plasticityInjection, (lots) => ({ at: lots.whole(3, 12) })),
  set: drawn(sparseEvolutionaryTraining, (lots) => {
    const { examples: _, ...options } = sparse(lots);
    return options;
  }),
  rigl: drawn(rigl, sparse),
  "neuroplastic expansion": drawn(neuroplasticExpansion, (lots) => ({
    ...sparse(lots),
    ...{ density: 0.3, finalDensity: 0.6 },
  })),
  granet: drawn(granet, () => ({ target: 0.6, start: 3, end: 25, every: 3, examples: 8 })),
  "static mask": drawn(staticMask, () => ({ density: 0.4 })),
  "group lasso": drawn(groupLasso, (lots) => ({
    ...{ strength: lots.one([0.001, 0.05]), every: lots.whole(1, 4), maturity: lots.whole(0, 3) },
  })),
  "lottery tickets": drawn(lotteryTickets, (lots) => ({
    ...{ target: 0.6, rounds: lots.whole(1, 3), updates: lots.whole(5, 12) },
    ticket: lots.one(["winning", "reinitialised", "random"] as const),
    scope: lots.one(["global", "layer"] as const),
  })),
  pruning: drawn(pruning, (lots) => {
    const granularity = lots.one(["synapse", "block", "neuron", "layer"] as const);
    const schedule = lots.one(["gradual", "one-shot", "iterative", "dynamic"] as const);
    return {
      ...{ granularity, lanes: 4, schedule: granularity === "synapse" ? schedule : "gradual" },
      ...{ start: lots.whole(1, 6), end: lots.whole(12, 40), every: lots.whole(3, 8), examples: 8 },
      ...{ target: lots.one([0.3, 0.5, 0.8]), score: lots.one(scores), from: lots.one(["batch", "running"] as const) },
      ...{ scope: lots.one(["global", "layer"] as const), orphans: lots.chance(0.7), rounds: lots.one([1, 3]) },
      ...(schedule === "iterative" && granularity === "synapse" ? { rewindTo: lots.one([-1, 0]) } : {}),
    };
  }),
  dropin: drawn(dropin, (lots) => {
    const form = lots.one(["neurons", "neurons", "beside", "between"] as const);
    const old = lots.one(["free", "masked", "frozen"] as const);
    const criteria = ["effective-dimension", "plateau", "saturation", "reset-probe", "schedule", "new-class"];
    return {
      ...{ when: lots.one(criteria), form, old, where: lots.one(places), every: lots.whole(2, 6), examples: 12 },
      ...(form === "between" ? {} : { how: lots.one(ways), count: lots.whole(0, 3) }),
      ...{ warmUp: 6, cooldown: lots.whole(6, 10), maturity: lots.whole(1, 12), rate: lots.one([1, 3]) },
      ...{ neurons: lots.one([0, 30]), parameters: lots.one([0, 600]), dryRun: lots.chance(0.1) },
    };
  }),
  packnet: drawn(packnet, (lots) => ({
    ...{ every: lots.one([0, 12]), retrain: 4, remember: 10, share: lots.one([0.3, 0.7]), heads: lots.chance(0.7) },
  })),
  "progressive columns": drawn(progressiveColumns, (lots) => ({
    ...{ size: lots.whole(1, 2), lateral: lots.chance(0.7), adapters: lots.one([0, 2]) },
    ...{ every: lots.one([0, 12]), heads: lots.chance(0.7) },
  })),
  succession: drawn(succession, (lots) => ({
    ...{ shrink: 0.5, at: lots.whole(3, 9), window: lots.whole(4, 9), margin: 1 },
  })),
  distillation: drawn(distillation, (lots) => ({ every: lots.one([0, 10]) })),
  neuroplasticity: drawn(neuroplasticity, (lots) => ({
    ...{ shortest: lots.whole(4, 8), longest: 20, cooldown: lots.whole(0, 6), heldOut: 0.25, probe: 6, recent: 6 },
    ...{ growth: lots.one([1, 2]), maturity: lots.whole(0, 3), judged: lots.chance(0.7), where: lots.one(places) },
    proposals: lots.one([
      "renewal awakening births deaths",
      "renewal awakening births deaths rewiring consolidation",
      "consolidation births",
    ]),
    when: lots.one(["schedule", "effective-dimension", "plateau", "saturation"] as const),
    ...{ way: lots.one(ways), score: lots.one([...scores, "position"] as const), price: lots.one([0, 0.5]) },
    ...{
      turnover: lots.one([0, 0.05]),
      settling: lots.one([0, 50]),
      period: lots.one([0, 9]),
      patience: lots.one([0, 4]),
    },
    ...{ certainty: lots.one([0, 2]), remembering: lots.one([0, 0.5]), resetOptimiser: lots.chance(0.3) },
  })),
};
