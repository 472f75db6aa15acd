/** Runs and their states for the tests: what lives of known numbers would have left behind. */
import { integer, key, uniform } from "plastica";
import { windowsOf } from "../metrics/windows.fixture.ts";
import { protocols } from "../protocols/index.ts";
import { builtInRecipe } from "../recipe/first-life.ts";
import { type Recipe, runId } from "../recipe/recipe.ts";
import type { BegunRecord, EndRecord, WindowRecord } from "../runs/record.ts";
import type { LearnerState, Run, RunState } from "../runs/run.ts";
import type { Comparison } from "./comparison.ts";

const { learners, ...setting } = builtInRecipe("first-life");

/** The first life, of two of its learners. */
export const firstLife = runOf({
  ...setting,
  learners: { backprop: learners.backprop, plastic: learners["continual-backprop"] },
});

export function runOf(recipe: Recipe): Run {
  return { id: runId(recipe), folder: `/runs/${recipe.name}`, recipe };
}

/** Tasks of 60,000 with these accuracies; `replaced` neurons are born, and die, in each. */
export function tasksWith(accuracies: readonly number[], replaced = 0, dormant = 0): WindowRecord[] {
  return windowsOf(
    accuracies.map((accuracy, task) => ({
      ...{ accuracy, examples: 60_000, loss: 0.2, dormant: [dormant, 0, dormant / 2] },
      ...{ births: replaced * (task + 1), deaths: replaced * (task + 1) },
      ...{ parameters: 99_710, operations: 99_400 * (1 - dormant), bytes: 1_200_000 },
    })),
  );
}

/** Windows of 20,000 with these losses, all of one task. */
export function windowsWith(losses: readonly number[], examples = 20_000): WindowRecord[] {
  return windowsOf(losses.map((loss) => ({ loss, examples, task: 0, dormant: [0.2] })));
}

/** A split of `tasks` tasks in five windows each: a task is learned quickly and forgotten at once, or slowly where `kept` is near 1. */
export function splitWith(tasks: number, kept: number): WindowRecord[] {
  const parts = Array.from({ length: tasks * 5 }, (_, w) => {
    const task = Math.floor(w / 5);
    const tests = Array.from({ length: tasks }, (_, test) => {
      if (test > task) return 0;
      if (test === task) return 0.95 + 0.01 * (w % 5);
      return 0.99 * kept ** (w - 5 * test - 4);
    });
    return { task, tests, examples: 2400, accuracy: 0.7 + 0.05 * (w % 5), loss: 0.3, dormant: [0.01, 0.02] };
  });
  return windowsOf(parts);
}

/** Counts of ten classes, most of them right, and ten bins of a network that is too sure of itself. */
export function predictionsOf(seed: number): Pick<EndRecord, "confusion" | "calibration"> {
  const draws = key(seed, "confusion");
  const confusion = Array.from({ length: 10 }, (_, c) =>
    Array.from({ length: 10 }, (_, p) => (c === p ? 900 : integer(draws, 10 * c + p, 25))),
  );
  const calibration = Array.from({ length: 10 }, (_, b) => ({
    ...{ examples: b < 2 ? 0 : b ** 3, confidence: b < 2 ? 0 : (b + 0.5) / 10, accuracy: b < 2 ? 0 : (b / 10) ** 1.3 },
  }));
  return { confusion, calibration };
}

export function stateWith(
  learners: Record<string, readonly WindowRecord[]>,
  { complete = true, all, ends = {}, begun = {} }: StateOptions = {},
): RunState {
  const machine = { engine: "0.1.0", node: "v24.0.0", cpu: "A <fast> one", cores: 2, system: "linux x64" };
  const most = all ?? Math.max(0, ...Object.values(learners).map(({ length }) => length));
  const examples = Math.max(...Object.values(learners).map((windows) => windows[0]?.examples ?? 60_000)) * most;
  const target = Object.values(learners).flat()[0]?.accuracy === undefined ? "values" : "class";
  const states = Object.entries(learners).map(([name, windows], i): [string, LearnerState] => {
    const { births = 0, deaths = 0 } = windows.at(-1) ?? {};
    const end = { examples: 0, fingerprint: `${i}`.repeat(16), births, deaths, ...ends[name] };
    return [
      name,
      {
        windows: [...windows],
        position: 0,
        end: complete || ends[name] !== undefined ? end : undefined,
        begun: {
          run: "first-life-00000000",
          engine: "0.1.0",
          inputs: 784,
          outputs: 10,
          target,
          examples,
          windows: most,
          ...begun,
        },
        timing: { seconds: [60, 61.4], machine },
        decisions: [],
      },
    ];
  });
  return { learners: Object.fromEntries(states), examples, complete, running: false };
}

interface StateOptions {
  complete?: boolean;
  /** Windows of a whole life. Default: as many as the longest has. */
  all?: number;
  ends?: Record<string, Partial<EndRecord>>;
  begun?: Partial<BegunRecord>;
}

/** A comparison of all methods of a protocol: as many lives of each as there are seeds, whose values scatter around `level(method)`. */
export function comparisonWith(
  name: string,
  seeds: number,
  windows: (method: string, look: number, noise: (window: number) => number) => WindowRecord[],
): Comparison {
  const protocol = protocols[name];
  const methods = Object.keys(protocol.methods).map((method, look) => ({
    name: method,
    lives: Array.from({ length: seeds }, (_, i) => {
      const draws = key(i + 1, "noise", look);
      const lived = windows(method, look, (window) => uniform(draws, window) - 0.5);
      const { births, deaths } = lived[lived.length - 1];
      const fingerprint = `${look.toString(16).padStart(8, "0")}${i.toString(16).padStart(8, "0")}`;
      const examples = lived.reduce((sum, one) => sum + one.examples, 0);
      return {
        ...{ seed: i + 1, run: `${name}-${fingerprint.slice(4, 12)}`, fingerprint, seconds: 40 + i },
        ...{ windows: lived, end: { examples, fingerprint, births, deaths } },
      };
    }),
  }));
  const command = `npx plastica run ${name} --seeds ${seeds}`;
  return { title: protocol.title, protocol, measures: [...protocol.measures], methods, command };
}
