/** A run as Markdown, for a README or an issue, and its windows as CSV, for any other program. */
import { recipeText } from "../recipe/recipe.ts";
import { meanDormant } from "../runs/record.ts";
import type { Run, RunState } from "../runs/run.ts";
import { csv, markdownTable, markdownText, type Value } from "./delimited.ts";
import { count, percent } from "./numbers.ts";
import { sentences } from "./sentences.ts";
import { reading, summaryOf } from "./summary.ts";

/** Sentences, a table of the learners, and the recipe. */
export function runMarkdown(run: Run, state: RunState): string {
  const rows = Object.entries(state.learners).flatMap(([name, learner]) => {
    const s = summaryOf(learner);
    if (s === undefined) return [];
    const best = `${reading(s.course, s.best)} (${s.course.step} ${count(s.bestWindow + 1)})`;
    const dormant = s.dormant === undefined ? "–" : percent(s.dormant);
    return [
      [
        ...[name, reading(s.course, s.first), best, reading(s.course, s.end), dormant],
        ...[count(s.births), count(s.deaths), s.fingerprint ?? "not finished"],
      ],
    ];
  });
  const head = ["", "first", "best", "end", "dormant", "born", "died", "fingerprint"];
  return `${[
    `## ${markdownText(run.id)}`,
    ...sentences(run.recipe, state).map(markdownText),
    ...(rows.length === 0 ? [] : [markdownTable(head, rows)]),
    `\`recipe.json\`, for \`npx plastica live recipe.json\`:`,
    `\`\`\`json\n${recipeText(run.recipe).trimEnd()}\n\`\`\``,
  ].join("\n\n")}\n`;
}

/**
 * One row a learner and window: learner, window, task, examples, accuracy, loss, dormant (all layers together), dormant_1, ...,
 * births, deaths, parameters, operations, bytes, test_1, ... What a window does not have is empty.
 */
export function runCsv({ learners }: RunState): string {
  const windows = Object.values(learners).flatMap((learner) => learner.windows);
  const layers = Math.max(0, ...windows.map(({ dormant }) => dormant.length));
  const sets = Math.max(0, ...windows.map(({ tests }) => tests?.length ?? 0));
  const numbered = (name: string, n: number) => Array.from({ length: n }, (_, i) => `${name}_${i + 1}`);
  const head = [
    ...["learner", "window", "task", "examples", "accuracy", "loss", "dormant", ...numbered("dormant", layers)],
    ...["births", "deaths", "parameters", "operations", "bytes", ...numbered("test", sets)],
  ];
  const rows = Object.entries(learners).flatMap(([name, learner]) =>
    learner.windows.map((w): Value[] => [
      ...[name, w.window, w.task, w.examples, w.accuracy, w.loss, meanDormant(w)],
      ...Array.from({ length: layers }, (_, layer) => w.dormant[layer]),
      ...[w.births, w.deaths, w.parameters, w.operations, w.bytes],
      ...Array.from({ length: sets }, (_, set) => w.tests?.[set]),
    ]),
  );
  return csv(head, rows);
}
