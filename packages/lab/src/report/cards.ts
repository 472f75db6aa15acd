/** A card for each learner: how it ended in large, the rest in a list. */
import { measures } from "../metrics/measure.ts";
import { formatted } from "../metrics/unit.ts";
import type { LearnerState, RunState } from "../runs/run.ts";
import { lookOf } from "./charts/axes.ts";
import { escaped } from "./html.ts";
import { count, duration, percent } from "./numbers.ts";
import { reading, summaryOf } from "./summary.ts";

export function cards({ learners }: RunState): string {
  const made = Object.entries(learners).map(([name, learner], look) => card(name, learner, look));
  return made.some((one) => one !== "") ? `<div class="cards">${made.join("")}</div>` : "";
}

function card(name: string, learner: LearnerState, look: number): string {
  const s = summaryOf(learner);
  if (s === undefined) return "";
  const { step, quantity } = s.course;
  const numberOf = (name: string) => {
    const value = measures[name].of(learner);
    return value === undefined ? undefined : formatted(measures[name], value);
  };
  const where = s.endWindows === 1 ? `the last ${step}` : `the last ${s.endWindows} ${step}s`;
  const online = {
    value: reading(s.course, s.end),
    of: quantity === "accuracy" ? `right in ${where}` : `loss in ${where}`,
  };
  const tested = numberOf("average-accuracy");
  const large = tested === undefined ? online : { value: tested, of: "right on held-out examples, at the end" };
  const forgetting = numberOf("forgetting");
  const facts = [
    ...(forgetting === undefined ? [] : [["forgetting", forgetting]]),
    ...(tested === undefined ? [] : [[online.of, online.value]]),
    [`first ${step}`, reading(s.course, s.first)],
    ["best", `${reading(s.course, s.best)}, ${step} ${count(s.bestWindow + 1)}`],
    ...(s.dormant === undefined ? [] : [["dormant neurons", percent(s.dormant)]]),
    ["births, deaths", `${count(s.births)}, ${count(s.deaths)}`],
    ["time", duration(s.seconds)],
    ...(s.diverged === undefined ? [] : [["diverged", `at step ${count(s.diverged)}`]]),
  ];
  const list = facts.map(([what, value]) => `<dt>${escaped(what)}</dt><dd>${escaped(value)}</dd>`).join("");
  return `<div class="card ${lookOf(look)}"><h3>${escaped(name)}</h3><p class="figure">${escaped(large.value)}</p><p class="of">${escaped(large.of)}</p><dl>${list}</dl></div>`;
}
