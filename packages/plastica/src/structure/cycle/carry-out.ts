/** What is not judged is simply done, within the budget; in a dry run, done and undone. */
import type { LifeEvent } from "../events.ts";
import { costOf } from "./budget.ts";
import type { Plan } from "./proposals/proposal.ts";
import { differences, type Result, type TrialOptions, tooMuch } from "./trial.ts";

export function carryOut<T extends { readonly plan: Plan }>(
  proposed: readonly T[],
  { life, budget, dryRun }: TrialOptions,
): Result<T>[] {
  return proposed.map((one) => {
    const undo = life.branch();
    const before = costOf(life.network);
    const events: LifeEvent[] = [];
    one.plan.apply((event) => void events.push(event));
    const cost = costOf(life.network);
    const over = budget.exceeded(before, cost);
    if (over || dryRun) undo();
    const evidence = differences(before, cost);
    if (over) {
      return { proposed: one, outcome: "refused", evidence, verdict: tooMuch(budget, over, cost), events: [] };
    }
    return {
      proposed: one,
      outcome: dryRun ? "would try" : "kept",
      evidence,
      verdict: "",
      events: dryRun ? [] : events,
    };
  });
}
