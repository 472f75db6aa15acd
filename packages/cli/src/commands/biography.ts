/** `plastica biography RUN [NEURON]`: one neuron's life, told from the run's log; without a neuron, what was decided in the run. */
import { type Biography, biographyOf, decisionsOf, type Run } from "@plastica/lab";
import type { Decided } from "plastica";
import { UsageError } from "../failure.ts";
import { runMeant } from "../meant.ts";
import { print, say } from "../output.ts";
import { aligned } from "../screen/lines.ts";

export interface BiographyOptions {
  out: string;
  json?: boolean;
  learner?: string;
}

export function biography(meant: string, neuron: number | undefined, options: BiographyOptions): number {
  const run = runMeant(options.out, meant, ({ complete }) => complete);
  if (neuron === undefined) return tellDecisions(run, options);
  const told = biographyOf(run, learnerMeant(run, options.learner), neuron);
  if (options.json) say(told);
  else print(...lines(told));
  return 0;
}

/** What was decided, learner by learner. */
export function tellDecisions(run: Run, { learner, json }: Pick<BiographyOptions, "learner" | "json">): number {
  const names = learner === undefined ? Object.keys(run.recipe.learners) : [learnerMeant(run, learner)];
  const decided = Object.fromEntries(names.map((name) => [name, decisionsOf(run, name)]));
  if (json) say(decided);
  for (const [name, decisions] of json ? [] : Object.entries(decided)) {
    print(`${name}: ${decisions.length === 0 ? "nothing was decided" : `${decisions.length} decisions`}`);
    print(
      ...decisions.flatMap((one) => [`  update ${one.step.toLocaleString("en")}: ${headOf(one)}`, `    ${one.why}`]),
    );
  }
  return 0;
}

/** "births in hidden1 (10), kept". */
function headOf({ proposal, population, count, outcome, cause }: Decided): string {
  const where = population === undefined ? "" : ` in ${population}`;
  return `${proposal}${where}${count === undefined ? "" : ` (${count})`} by ${cause}, ${outcome}`;
}

function learnerMeant({ id, recipe }: Run, named: string | undefined): string {
  const names = Object.keys(recipe.learners);
  const learner = named ?? (names.length === 1 ? names[0] : undefined);
  if (learner !== undefined && names.includes(learner)) return learner;
  throw new UsageError(`--learner${named === undefined ? "" : ` "${named}"`}: ${id} has ${names.join(", ")}`);
}

function lines({ learner, neuron, population, born, children, happened, died, age, utility }: Biography): string[] {
  const at = (step: number) => `update ${step.toLocaleString("en")}`;
  const rows: string[][] = [];
  const decided = (decision: Decided | undefined) => {
    if (decision === undefined) return;
    rows.push(["", `decided: ${decision.why}`]);
    if (Object.keys(decision.evidence).length > 0) rows.push(["", evidenceOf(decision)]);
  };
  if (born.cause === undefined) rows.push(["birth", "a founder: there when the network was built"]);
  else {
    const parent = born.parent === undefined ? "" : `, from neuron ${born.parent}`;
    rows.push([at(born.step), `born, by ${born.cause}${parent}`]);
  }
  decided(born.decided);
  for (const { step, cause, what } of happened) rows.push([at(step), `${what}, by ${cause}`]);
  if (died) {
    const held = died.utility === undefined ? "" : `, with a utility of ${died.utility.toPrecision(3)}`;
    const next = died.successor === undefined ? "" : `; neuron ${died.successor} took its place`;
    rows.push([at(died.step), `died, by ${died.cause}${held}, ${age.toLocaleString("en")} updates old${next}`]);
    decided(died.decided);
  } else {
    const worth = utility === undefined ? "" : `, with a utility of ${utility.toPrecision(3)}`;
    rows.push(["now", `lives, ${age.toLocaleString("en")} updates old${worth}`]);
  }
  if (children.length > 0) rows.push(["", `neurons ${children.join(", ")} were made from it`]);
  return [`Neuron ${neuron} of ${population}, ${learner}`, ...aligned(rows, 2).map((line) => `  ${line}`)];
}

function evidenceOf({ evidence }: Decided): string {
  return `by ${Object.entries(evidence)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(", ")}`;
}
