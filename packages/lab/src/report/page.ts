/** The report of a run as one HTML page that needs nothing beside itself. */
import { recipeText } from "../recipe/recipe.ts";
import { PROBE } from "../runs/dormant.ts";
import { meanDormant } from "../runs/record.ts";
import type { Run, RunState } from "../runs/run.ts";
import { chart, MANY, type Mark, type Series, WINDOW } from "./chart.ts";
import { details, escaped, table } from "./html.ts";
import { count, duration, percent, tasksOf } from "./numbers.ts";
import { publishedFor } from "./published.ts";
import { sentences } from "./sentences.ts";
import { style } from "./style.ts";
import { summaryOf } from "./summary.ts";

/** The page. What it says is a function of the run and its state; nothing else is looked at. */
export function reportPage(run: Run, state: RunState): string {
  const title = titleOf(run.recipe.name);
  const { stream } = run.recipe;
  const set = stream.dataset === "mnist" ? "MNIST" : "Fashion-MNIST";
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · ${escaped(run.id)}</title>
<style>${style}</style>
<main>
<header>
<p class="eyebrow">Plastica · ${escaped(run.id)}</p>
<h1>${escaped(title)}</h1>
<p class="sub">Online permuted ${set}: ${tasksOf(stream.tasks)} of ${count(stream.examplesPerTask)} images, one at a time.</p>
</header>
${state.complete ? "" : '<p class="unfinished">This run is not finished. What follows is as far as it has come.</p>'}
<section class="told">${sentences(run.recipe, state)
    .map((line) => `<p>${escaped(line)}</p>`)
    .join("\n")}</section>
${cards(state)}
${accuracy(run, state)}
${dormant(run, state)}
${turnover(run, state)}
${beside(run, state)}
${repeat(run, state)}
<footer>Made by Plastica from <code>${escaped(run.id)}</code>. Every number here can be made again with the command above.</footer>
</main>
</html>
`;
}

/** "first-life" is "First life". */
function titleOf(name: string): string {
  const words = name.replace(/-/g, " ");
  return words[0].toUpperCase() + words.slice(1);
}

function cards(state: RunState): string {
  const made = Object.entries(state.learners).map(([name, learner], i) => {
    const s = summaryOf(learner);
    if (s === undefined) return "";
    const facts = [
      ["first task", percent(s.first)],
      ["best", `${percent(s.peak)}, task ${s.peakTask + 1}`],
      ["dormant neurons", percent(s.dormant)],
      ["births, deaths", `${count(s.births)}, ${count(s.deaths)}`],
      ["time", duration(s.seconds)],
      ...(s.diverged === undefined ? [] : [["diverged", `at step ${count(s.diverged)}`]]),
    ];
    const list = facts.map(([what, value]) => `<dt>${what}</dt><dd>${escaped(value)}</dd>`).join("");
    const of = s.endTasks === 1 ? "right in the last task" : `right in the last ${s.endTasks} tasks`;
    return `<div class="card s${i % 6}"><h3>${escaped(name)}</h3><p class="figure">${percent(s.end)}</p><p class="of">${of}</p><dl>${list}</dl></div>`;
  });
  return `<div class="cards">${made.join("")}</div>`;
}

function seriesOf(state: RunState, value: (record: RunState["learners"][string]["tasks"][number]) => number): Series[] {
  return Object.entries(state.learners).map(([name, { tasks }], i) => ({
    name,
    values: tasks.map(value),
    colour: i % 6,
  }));
}

/** A chart with its heading and, behind it, its numbers. */
function section(
  run: Run,
  heading: string,
  text: string,
  series: readonly Series[],
  format: (value: number) => string,
  options: {
    fromZero?: boolean;
    most?: number;
    span?: number;
    marks?: Mark[];
    smooth?: boolean;
    tick?: (value: number) => string;
  },
): string {
  const { tasks } = run.recipe.stream;
  if (series.every(({ values }) => values.length === 0)) return "";
  const { tick = format, ...rest } = options;
  const drawn = chart({ label: `${heading}. ${text}`, series, tasks, format: tick, ...rest });
  const longest = Math.max(...series.map(({ values }) => values.length));
  const notes = [
    ...(longest >= MANY && options.smooth !== false
      ? [`Thin: each task. Thick: the mean of the ${WINDOW} around it.`]
      : []),
    ...(options.marks?.some(({ task }) => task < tasks) ? ["○ Published for backprop; see below."] : []),
  ];
  const legend = notes.length > 0 ? `<p class="legend">${notes.join(" ")}</p>` : "";
  const rows = Array.from({ length: longest }, (_, t) => [
    String(t + 1),
    ...series.map(({ values }) => (t < values.length ? format(values[t]) : "")),
  ]);
  const numbers = details("Numbers", table(["task", ...series.map(({ name }) => name)], rows));
  return `<section><h2>${escaped(heading)}</h2><p>${escaped(text)}</p>${drawn}${legend}${numbers}</section>`;
}

const round = (value: number) => percent(value, Math.abs(value * 100 - Math.round(value * 100)) < 1e-6 ? 0 : 1);

function accuracy(run: Run, state: RunState): string {
  const found = publishedFor(run.recipe);
  const marks = found && [
    { task: 0, value: found.published.first, label: `published backprop, ${percent(found.published.first)}` },
    {
      task: found.published.lastTask - 1,
      value: found.published.last,
      label: `published backprop, about ${percent(found.published.last, 0)}`,
    },
  ];
  return section(
    run,
    "Accuracy, task by task",
    "Share of images recognised before learning from them. A new task makes everything known about the pixels worthless; what the curve shows is how well a network can still learn.",
    seriesOf(state, ({ accuracy: right }) => right),
    (value) => percent(value, 2),
    { most: 1, span: 0.01, marks, tick: round },
  );
}

function dormant(run: Run, state: RunState): string {
  return section(
    run,
    "Dormant neurons",
    `Share of hidden neurons that are silent on every one of the first ${count(Math.min(PROBE, run.recipe.stream.examplesPerTask))} images of a task. They have no gradient, and seldom come back.`,
    seriesOf(state, meanDormant),
    (value) => percent(value, 1),
    { fromZero: true, most: 1, span: 0.02, tick: round },
  );
}

function turnover(run: Run, state: RunState): string {
  const series = seriesOf(state, ({ births }) => births).filter(({ values }) => values.some((n) => n > 0));
  if (series.length === 0) return "";
  const equal = Object.values(state.learners).every(({ tasks }) =>
    tasks.every(({ births, deaths }) => births === deaths),
  );
  const text = equal
    ? "Neurons born since the beginning. Each took the place of one that died in the same step, so deaths are as many."
    : "Neurons born since the beginning.";
  return section(run, "Births and deaths", text, series, count, { fromZero: true, smooth: false });
}

function beside(run: Run, state: RunState): string {
  const found = publishedFor(run.recipe);
  if (found === undefined) return "";
  const { published, learner } = found;
  const ours = summaryOf(state.learners[learner]);
  if (ours === undefined) return "";
  const at = `task ${published.lastTask}`;
  const there = state.learners[learner].tasks[published.lastTask - 1];
  const rows = [
    ["first task", percent(published.first), percent(ours.first)],
    ["best task", percent(published.peak), `${percent(ours.peak)} (task ${ours.peakTask + 1})`],
    [at, `about ${percent(published.last, 0)}`, there === undefined ? "not reached" : percent(there.accuracy)],
  ];
  if (there === undefined) rows.push([`end, task ${ours.tasks}`, "–", percent(ours.end)]);
  return `<section><h2>Beside what was published</h2><p>${escaped(published.setting)}.</p>
${table(["", "published", `here, ${learner}`], rows)}
<p class="note"><a href="${published.link}">${escaped(published.source)}</a>. Standing of these numbers: ${escaped(published.standing)}. For the plastic network the paper prints a curve but no numbers.</p></section>`;
}

function repeat(run: Run, state: RunState): string {
  const learners = Object.entries(state.learners);
  const fingerprints = learners.map(([name, { fingerprint }]) => [
    `fingerprint, ${name}`,
    fingerprint ?? "not finished",
  ]);
  const machine = learners[0]?.[1].timing?.machine;
  const engine = learners[0]?.[1].engine ?? machine?.engine;
  const facts = [
    ...fingerprints,
    ["arithmetic", run.recipe.arithmetic],
    ...(machine === undefined
      ? []
      : [
          ["engine", `plastica ${engine}`],
          ["Node", machine.node],
          ["machine", `${machine.cpu}, ${machine.cores} cores, ${machine.system}`],
        ]),
  ];
  return `<section><h2>Make it again</h2><p>Save the recipe below as <code>recipe.json</code>. The fingerprints must come out the same, on any machine.</p>
<pre>npx plastica live recipe.json</pre>
<div class="facts">${table(["", ""], facts)}</div>
<details><summary>The recipe</summary><pre>${escaped(recipeText(run.recipe))}</pre></details></section>`;
}
