/** The section of a run's page that tells what was proposed, and what became of it. */
import type { Decided } from "plastica";
import type { RunState } from "../runs/run.ts";
import { details, section, table } from "./html.ts";
import { count } from "./numbers.ts";

/** Decisions that the table behind the counts has, at most: the last ones. */
const MOST = 200;
const OUTCOMES = ["kept", "undone", "would try", "refused"] as const;

/** How often each kind of change was proposed and what came of it; behind it, each decision with its reason. Nothing where nothing was decided. */
export function decisions({ learners }: RunState): string {
  const lives = Object.entries(learners).filter(([, { decisions }]) => decisions.length > 0);
  const outcomes = OUTCOMES.filter((outcome) => lives.some(([, { decisions }]) => counted(decisions, outcome) > 0));
  const rows = lives.flatMap(([name, { decisions }]) =>
    [...new Set(decisions.map(({ proposal }) => proposal))].map((proposal) => {
      const these = decisions.filter((one) => one.proposal === proposal);
      return [`${name}: ${proposal}`, ...outcomes.map((outcome) => count(counted(these, outcome)))];
    }),
  );
  if (rows.length === 0) return "";
  const all = lives.map(([name, { decisions }]) => {
    const last = decisions.slice(-MOST);
    const said = last.length < decisions.length ? `The last ${MOST} decisions` : "Every decision";
    const told = last.map((one) => [count(one.step), one.proposal, one.outcome, one.why]);
    return details(`${said} of ${name}`, table({ head: ["update", "proposed", "outcome", "why"], rows: told }));
  });
  return section(
    "What was decided",
    "Changes that were proposed while the network lived. A change that was tried and undone left no trace.",
    table({ head: ["", ...outcomes], rows }),
    ...all,
  );
}

function counted(decisions: readonly Decided[], outcome: Decided["outcome"]): number {
  return decisions.filter((one) => one.outcome === outcome).length;
}
