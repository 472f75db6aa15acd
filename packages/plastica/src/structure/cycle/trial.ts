/**
 * A trial: what would become of the network with a change, and what without? Each possibility is a branch of the life: the change is made (or
 * none), the branch practises what was last learned, and then it is measured on examples that nobody has learned from:
 *
 *   worth = loss + price parameters / parameters at birth
 *   gain  = worth of the unchanged twin - worth
 *
 * The largest gain wins if it is more than `margin` of the twin's loss, and more than `certainty` standard errors of the difference, example by
 * example, between the two (which of the two has to prove it is the plan's to say); then its branch becomes the life; else everything is again what it was:
 * network, optimiser, statistics, the next id, fingerprint. After C. Li et al.'s structural junctures: see the guide.
 */
import { DivergenceError } from "../../errors.ts";
import type { LifeEvent } from "../events.ts";
import type { Examples, Life } from "../policy.ts";
import { type Budget, type Cost, costOf } from "./budget.ts";
import { errorOfDifference, lossOf, type Measured } from "./probe.ts";
import type { Plan } from "./proposals/proposal.ts";

export interface TrialOptions {
  readonly life: Life;
  readonly budget: Budget;
  /** Parameters at birth, and what as many are worth in loss. */
  readonly parameters: number;
  readonly price: number;
  readonly margin: number;
  readonly certainty: number;
  /** What each branch practises, piece by piece; may be empty. */
  readonly practice: readonly Examples[];
  /** The losses on what was held out. */
  measure(): Measured;
  /** Whether all is undone in any case. */
  readonly dryRun: boolean;
}

/** What came of a change on its branch. */
export interface Result<T> {
  readonly proposed: T;
  readonly outcome: "kept" | "undone" | "would try" | "refused";
  readonly evidence: Readonly<Record<string, number>>;
  /** In words. */
  readonly verdict: string;
  /** What was done, if it was kept. */
  readonly events: readonly LifeEvent[];
}

interface Branch {
  /** Undefined where it has diverged: then its loss is infinite. */
  readonly measured: Measured | undefined;
  readonly loss: number;
  readonly worth: number;
  readonly cost: Cost;
  readonly events: readonly LifeEvent[];
}

/** Tries changes, each on a branch, and keeps the best or none. */
export function trial<T extends { readonly plan: Plan }>(proposed: readonly T[], options: TrialOptions): Result<T>[] {
  const { life, budget, margin, certainty, dryRun } = options;
  const undo = life.branch();
  try {
    const before = costOf(life.network);
    const twin = follow(undefined, options);
    const branches = proposed.map(({ plan }) => {
      undo();
      return follow(plan, options);
    });
    const weighed = branches.map((branch, i) => {
      const { burden = 1 } = proposed[i].plan;
      const over = budget.exceeded(before, branch.cost);
      const gain = over ? Number.NEGATIVE_INFINITY : twin.worth - branch.worth;
      const error = branch.measured && twin.measured ? errorOfDifference(branch.measured, twin.measured) : 0;
      return {
        ...branch,
        over,
        gain,
        error,
        enough: gain > burden * Math.max(margin * twin.loss, certainty * error),
      };
    });
    const most = weighed.reduce(
      (best, { gain, enough }) => (enough ? Math.max(best, gain) : best),
      Number.NEGATIVE_INFINITY,
    );
    const winner = weighed.findIndex(({ gain, enough }) => enough && gain === most);
    // The last branch is what the life is now: it need not be followed again.
    if (dryRun || winner !== proposed.length - 1) {
      undo();
      if (!dryRun && winner >= 0) follow(proposed[winner].plan, options);
    }
    return weighed.map(({ over, gain, enough, loss, error, cost, events }, i): Result<T> => {
      const one = { proposed: proposed[i], evidence: evidenceOf(twin.loss, loss, error, differences(before, cost)) };
      if (over) return { ...one, outcome: "refused", verdict: tooMuch(budget, over, cost), events: [] };
      const wins = i === winner;
      const words = `the loss on what was held out is ${loss.toFixed(4)} with it, ${twin.loss.toFixed(4)} without`;
      const end = wins ? (gain > 0 ? "" : ", no sure loss") : enough ? ", another gains more" : ", too little";
      const verdict = `${words}${end}`;
      if (dryRun) {
        const outcome = "would try";
        return { ...one, outcome, verdict: `${verdict}: it would be ${wins ? "kept" : "undone"}`, events: [] };
      }
      return { ...one, outcome: wins ? "kept" : "undone", verdict, events: wins ? events : [] };
    });
  } catch (error) {
    undo();
    throw error;
  }
}

/** From where the life stands: makes the change, practises, measures. */
function follow(plan: Plan | undefined, options: TrialOptions): Branch {
  const { life, parameters, price, practice } = options;
  const events: LifeEvent[] = [];
  plan?.apply((event) => void events.push(event));
  const cost = costOf(life.network);
  const measured = measure(options, practice);
  const loss = measured ? lossOf(measured) : Number.POSITIVE_INFINITY;
  return { measured, loss, worth: loss + (price * cost.parameters) / parameters, cost, events };
}

function measure({ life, measure }: TrialOptions, practice: readonly Examples[]): Measured | undefined {
  try {
    for (const examples of practice) life.practise(examples);
    return measure();
  } catch (error) {
    if (error instanceof DivergenceError) return undefined;
    throw error;
  }
}

export function tooMuch({ limit }: Budget, what: keyof Cost, cost: Cost): string {
  return `${cost[what]} ${what} are more than the budget's ${limit[what]}`;
}

/** Infinite losses are no evidence: JSON has no such number. */
function evidenceOf(lossWithout: number, lossWith: number, error: number, rest: Record<string, number>) {
  const all = { lossWithout, lossWith, error, ...rest };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => Number.isFinite(value)));
}

export function differences(before: Cost, { neurons, parameters, operations }: Cost): Record<string, number> {
  return {
    ...{ neurons, parameters, operations },
    neuronsMore: neurons - before.neurons,
    parametersMore: parameters - before.parameters,
    operationsMore: operations - before.operations,
  };
}
