/** What is not judged is simply done, within the budget; in a dry run, done and undone. */
import type { LifeEvent } from "../events.ts";
import { costOf } from "./budget.ts";
import type { Plan } from "./proposals/proposal.ts";
import { differences, type Result, type TrialOptions, tooMuch } from "./trial.ts";

export function carryOut<T extends { readonly plan: Plan }>(
  proposed: T,
  { life, budget, dryRun }: TrialOptions,
): Result<T> {
  const undo = life.branch();
  const before = costOf(life.network);
  const events: LifeEvent[] = [];
  proposed.plan.apply((event) => void events.push(event));
  const cost = costOf(life.network);
  const over = budget.exceeded(before, cost);
  if (over || dryRun) undo();
  const evidence = differences(before, cost);
  if (over) return { proposed, outcome: "refused", evidence, verdict: tooMuch(budget, over, cost), events: [] };
  const outcome = dryRun ? "would try" : "kept";
  return { proposed, outcome, evidence, verdict: "", events: dryRun ? [] : events };
}
