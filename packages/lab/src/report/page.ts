/** The report of a run as one HTML page that needs nothing beside itself. */
import { recipeText } from "../recipe/recipe.ts";
import type { Run, RunState } from "../runs/run.ts";
import { streamKinds } from "../streams/kinds.ts";
import { besidePublished, ringsOf } from "./beside.ts";
import { cards } from "./cards.ts";
import { decisions } from "./decisions.ts";
import type { Fit } from "./fit.ts";
import { commands, details, escaped, table, wholePage } from "./html.ts";
import { capital } from "./numbers.ts";
import { calibrations, confusions } from "./predictions.ts";
import { accuracyMatrices, remembering } from "./remembering.ts";
import { sentences } from "./sentences.ts";
import { cost, dormancy, learning, livesOf, turnover } from "./vitals.ts";

/**
 * The page. What it says is a function of what is given; nothing else is looked at.
 *
 * @param fit the protocol that the run follows, if it follows one: its published numbers stand beside the run's
 */
export function reportPage(run: Run, state: RunState, fit?: Fit): string {
  const title = titleOf(run.recipe.name);
  const lives = livesOf(state);
  return wholePage(
    `${title} · ${run.id}`,
    [
      header(run, title),
      state.complete ? "" : unfinished,
      `<section class="told">${sentences(run.recipe, state)
        .map((line) => `<p>${escaped(line)}</p>`)
        .join("\n")}</section>`,
      cards(state),
      learning(lives, ringsOf(lives, fit)),
      besidePublished(state, fit),
      accuracyMatrices(lives),
      remembering(lives),
      confusions(state),
      calibrations(state),
      dormancy(lives),
      turnover(lives),
      decisions(state),
      cost(lives),
      repeat(run, state),
      `<footer>Made by Plastica from <code>${escaped(run.id)}</code>. Every number here can be made again with the commands above.</footer>`,
    ]
      .filter((part) => part !== "")
      .join("\n"),
  );
}

const unfinished = '<p class="unfinished">This run is not finished. What follows is as far as it has come.</p>';

/** "first-life" is "First life". */
function titleOf(name: string): string {
  return capital(name.replace(/-/g, " "));
}

function header({ id, recipe: { stream, batch, seed } }: Run, title: string): string {
  const { kind, ...options } = stream;
  const about = Object.hasOwn(streamKinds, kind) ? streamKinds[kind].about : "";
  // What is off or 0 is not told: the whole recipe stands at the end.
  const said = Object.entries({ ...options, batch, seed }).flatMap(([name, value]) => {
    return value ? [`${name} ${typeof value === "string" ? value : JSON.stringify(value)}`] : [];
  });
  return `<header>
<p class="eyebrow">Plastica · ${escaped(id)}</p>
<h1>${escaped(title)}</h1>
<p class="sub">${escaped(about)}</p>
<p class="options">${escaped([`stream ${kind}`, ...said].join(" · "))}</p>
</header>`;
}

/** How to make it again, with what it was made, and by which numbers one sees that it came out the same. */
function repeat(run: Run, state: RunState): string {
  const learners = Object.entries(state.learners);
  const { timing, begun } = Object.values(state.learners).find((learner) => learner.begun !== undefined) ?? {};
  const machine = timing?.machine;
  const engine = begun?.engine ?? machine?.engine;
  const facts = [
    ...learners.map(([name, { end }]) => [`fingerprint, ${name}`, end?.fingerprint ?? "not finished"]),
    ["recipe", run.id],
    ["arithmetic", run.recipe.arithmetic],
    ...(engine === undefined ? [] : [["engine", `plastica ${engine}`]]),
    ...(machine === undefined
      ? []
      : [
          ["Node", machine.node],
          ["machine", `${machine.cpu}, ${machine.cores} cores, ${machine.system}`],
        ]),
  ];
  return `<section><h2>Make it again</h2><p>Save the recipe below as <code>recipe.json</code>. The fingerprints must come out the same, on any machine; <code>verify</code> lives the run again and compares them.</p>
${commands("npx plastica live recipe.json", `npx plastica verify ${run.id}`)}
<div class="facts">${table({ head: ["", ""], rows: facts })}</div>
${details("The recipe", commands(recipeText(run.recipe).trimEnd()))}</section>`;
}
