/** The options of the cycle, their defaults, which are our own setting, and the other presets, which are the same policy with other data. */
import { ValueError } from "../../errors.ts";
import { type CriterionName, criteria } from "../growth/criteria/index.ts";
import { type WayName, ways } from "../growth/ways/index.ts";
import { type ScoreName, scores } from "../pruning/scores/index.ts";
import { proposalKinds } from "./proposals/index.ts";

export interface CycleOptions {
  /** What is proposed, by name, in words: some of "renewal", "awakening", "births", "deaths", "rewiring", "consolidation". Default: the first four. */
  readonly proposals?: string;
  /** Whether a proposal is tried on a branch and measured (true, default), or simply carried out. */
  readonly judged?: boolean;
  /** Only says what it would do, and what came of it on the branch. Default false. */
  readonly dryRun?: boolean;

  /** Share of the examples that is kept from learning, to judge with: from 0 to a half. Default 1/64. */
  readonly heldOut?: number;
  /** Examples with which is judged, from 1: the last ones held out. Default 64. */
  readonly probe?: number;
  /** Weight of remembered examples (a fair sample of all held out in this life, as many again) in the judgement, 0 to 1. Default 0: the present alone. */
  readonly remembering?: number;
  /** Examples last learned, at which proposals look and with which each branch is practised before it is measured, from 1. Default 64. */
  readonly recent?: number;
  /** By what share of the loss a change must be better than none: from 0. Default 0.01. */
  readonly margin?: number;
  /** By how many of its standard errors a change must be better, from 0. Default 2. */
  readonly certainty?: number;
  /** What as many parameters as at birth are worth in loss, from 0 (default). Above it a smaller network may be a little worse, and layers may become smaller than at birth. */
  readonly price?: number;

  /** Examples from one juncture to the next: at first, and at most, once nothing has been kept again and again; whole numbers from 1. Defaults 5,000 and 80,000. */
  readonly shortest?: number;
  readonly longest?: number;
  /** Examples for which a kind of proposal rests once it has been kept or undone, from 0. Default 5,000. Renewal and awakening rest only once a surge has passed without a new season. */
  readonly cooldown?: number;
  /** Examples of a whole round of phases, by which births and deaths come at a third and two thirds instead of at junctures; 0 (default): no phases. */
  readonly period?: number;

  /** Most parameters, as a multiple of those at birth, above 0. Default 1: it may not outgrow its birth. */
  readonly growth?: number;
  /** Most hidden neurons, and most multiply-adds of a step with every neuron active: 0 (default) is no limit. */
  readonly maxNeurons?: number;
  readonly maxOperations?: number;
  /** Most milliseconds of a step, at the declared rate; 0 (default) is no limit. */
  readonly maxMilliseconds?: number;
  /** Nanoseconds that a multiply-add takes on the machine in mind, above 0: no clock is read. Default 0.1. */
  readonly nanosecondsPerOperation?: number;

  /** Renewal: examples from a surge of the loss to the trial, from 0; half of them are held out. Default 48. */
  readonly patience?: number;
  /** Examples in which the step size falls to a quarter of its peak, the rule's own; 0: it stays. Default 30,000. */
  readonly settling?: number;
  /** Renewal: length of the first layer's weights as a season begins, as a share of that at birth, above 0. Default 0.5. */
  readonly youth?: number;
  /** Renewal: inputs whose familiarity is below this, and not by chance, are new, 0 to 1. Default 0.5. */
  readonly familiar?: number;
  /** Renewal: whether the readout returns to its birth. Default true. */
  readonly readout?: boolean;
  /** A surge: how far the loss must come back towards that of birth, above 0. Default 0.25. */
  readonly surge?: number;

  /** Births: how many, as a share of the layer, where the criterion does not say, above 0. Default 0.1. */
  readonly births?: number;
  /** Births: what asks for them, one of growth's criteria. Default "schedule": at any juncture, and the trial decides. */
  readonly when?: CriterionName;
  /** Births: where, as in dropin: "highest" (default), "all", "familiarity", or a layer's name. */
  readonly where?: string;
  /** Births: in which way, one of growth's. Default "zero-out". */
  readonly way?: WayName;
  /** Deaths: how many, as a share of the hidden neurons, from 0 to 1. Default 0.05. */
  readonly deaths?: number;
  /** Deaths: by which of pruning's scores; or "position": who came last goes first, until the layer is as large as at birth. Default "taylor". */
  readonly score?: ScoreName | "position";
  /** Deaths: updates before which a newborn is safe, from 0. Default 2,000. */
  readonly maturity?: number;
  /** Rewiring: share of a projection's synapses that is exchanged, 0 to 1. Default 0.1. */
  readonly rewired?: number;
  /** Consolidation: share of the synapses, those that matter most, whose plasticity is lowered, 0 to 1. Default 0.2. */
  readonly consolidated?: number;
  /** Consolidation: by what factor, 0 to 1. Default 0.3. */
  readonly firmness?: number;
  /** Share of the mature neurons that continual backprop replaces in each step beside all this, unasked, but not in a dry run; 0 (default): none. */
  readonly turnover?: number;
  /** Whether what the rule keeps of all synapses begins anew after a birth or a death. Default false. */
  readonly resetOptimiser?: boolean;
}

export type AllCycleOptions = Required<CycleOptions>;

const ours: AllCycleOptions = {
  proposals: "renewal awakening births deaths",
  judged: true,
  dryRun: false,
  heldOut: 1 / 64,
  probe: 64,
  remembering: 0,
  recent: 64,
  margin: 0.01,
  certainty: 2,
  price: 0,
  shortest: 5000,
  longest: 80_000,
  cooldown: 5000,
  period: 0,
  growth: 1,
  maxNeurons: 0,
  maxOperations: 0,
  maxMilliseconds: 0,
  nanosecondsPerOperation: 0.1,
  patience: 48,
  settling: 30_000,
  youth: 0.5,
  familiar: 0.5,
  readout: true,
  surge: 0.25,
  births: 0.1,
  when: "schedule",
  where: "highest",
  way: "zero-out",
  deaths: 0.05,
  score: "taylor",
  maturity: 2000,
  rewired: 0.1,
  consolidated: 0.2,
  firmness: 0.3,
  turnover: 0,
  resetOptimiser: false,
};

/** What is carried out without a trial needs no examples to judge with, and no step size of its own. */
const unasked = { judged: false, heldOut: 0, settling: 0 } as const;

export const cyclePresets = {
  /** Our own. */
  ours: {},
  /** Renewal alone, without a trial: plasticity comes back with every surge at once. */
  seasons: { ...unasked, proposals: "renewal", patience: 0, settling: 20_000 },
  /** Li, Shao, Milling, Schuller (arXiv 2603.24343): small, wide, small again, a third each; by position; a new optimiser at each switch. */
  dropin: {
    ...unasked,
    proposals: "births deaths",
    period: 60_000,
    births: 1,
    where: "all",
    way: "random",
    score: "position",
    maturity: 0,
    growth: 1000,
    resetOptimiser: true,
  },
  /** Maile et al. (arXiv 2202.08539), NORTH*: a layer grows while its effective dimension says that it is full. */
  north: {
    ...unasked,
    proposals: "births",
    when: "effective-dimension",
    where: "all",
    way: "north",
    growth: 4,
    recent: 512,
    shortest: 2000,
    longest: 2000,
    cooldown: 0,
  },
  /** Dohare et al. (Nature 632, 2024). */
  "continual-backprop": { ...unasked, proposals: "", turnover: 1e-4 },
} as const satisfies Readonly<Record<string, CycleOptions>>;

export type CyclePreset = keyof typeof cyclePresets;

/** All options: the preset's, and what is given beside. Throws ValueError for one that is out of range. */
export function completeOptions(preset: CyclePreset, given: CycleOptions): AllCycleOptions {
  if (!Object.hasOwn(cyclePresets, preset))
    throw new ValueError(
      `neuroplasticity: preset is ${JSON.stringify(preset)}: one of ${Object.keys(cyclePresets).join(", ")}`,
    );
  const all: AllCycleOptions = { ...ours, ...cyclePresets[preset], ...given };
  const must = (names: readonly (keyof CycleOptions)[], fits: (value: number) => boolean, right: string) => {
    for (const name of names)
      if (!fits(all[name] as number))
        throw new ValueError(`neuroplasticity: ${name} is ${JSON.stringify(all[name])}: ${right}`);
  };
  const share = (value: number) => value >= 0 && value <= 1;
  const whole = (least: number) => (value: number) => Number.isSafeInteger(value) && value >= least;
  const flag = (value: unknown) => typeof value === "boolean";
  must(["judged", "dryRun", "readout", "resetOptimiser"], flag, "true or false");
  const strange = wordsOf(all.proposals).find((name) => !Object.hasOwn(proposalKinds, name));
  must(["proposals"], () => strange === undefined, `some of ${Object.keys(proposalKinds).join(", ")}`);
  must(
    ["score"],
    () => all.score === "position" || Object.hasOwn(scores, all.score),
    "a score of pruning, or position",
  );
  must(["when"], () => Object.hasOwn(criteria, all.when), `one of ${Object.keys(criteria).join(", ")}`);
  must(["way"], () => Object.hasOwn(ways, all.way), `one of ${Object.keys(ways).join(", ")}`);
  must(["score"], () => all.score !== "movement", "movement is summed over the stream, and judged here is a moment");
  must(["heldOut"], (value) => value >= 0 && value <= 0.5, "a share from 0 to a half");
  must(["remembering", "familiar", "deaths", "rewired", "consolidated", "firmness", "turnover"], share, "from 0 to 1");
  must(["margin", "certainty", "price"], (value) => value >= 0 && Number.isFinite(value), "a number from 0");
  const positive = (value: number) => value > 0 && Number.isFinite(value);
  must(["growth", "nanosecondsPerOperation", "youth", "surge", "births"], positive, "a number above 0");
  must(["maxMilliseconds", "settling"], (value) => value >= 0 && Number.isFinite(value), "a number from 0");
  must(["probe", "recent", "shortest"], whole(1), "a whole number from 1");
  must(["longest"], whole(all.shortest), `a whole number from ${all.shortest}, the shortest`);
  must(["cooldown", "period", "patience", "maturity"], whole(0), "a whole number from 0");
  must(["maxNeurons", "maxOperations"], whole(0), "a whole number from 0, which is no limit");
  must(["period"], (value) => value === 0 || value >= 3, "0, or as many examples as there are phases");
  must(["judged"], () => !all.judged || all.heldOut > 0 || all.proposals === "", "judged, and nothing is held out");
  return all;
}

/** The words of a list such as "births deaths". */
export function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
