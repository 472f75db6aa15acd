/**
 * Lives a drawn life out, and says what of it is not as it should be: an error after the life has begun; a network that says something else than its
 * weights; memory that somebody wrote over; a refusal by hand that changed something; what should leave no trace (questions, snapshots, branches
 * taken back) and does, told by a twin that goes without.
 */
import {
  absent,
  crelu,
  DivergenceError,
  freeze,
  type Learner,
  present,
  prune,
  regrow,
  ShapeError,
  thaw,
  ValueError,
} from "../../packages/plastica/src/index.ts";
import { untidy } from "../../packages/plastica/src/life/testing.ts";
import { forwardMaps, valuesOf } from "../../packages/plastica/src/network/maps.twin.ts";
import type { Action, DrawnLife } from "./draw.ts";

export type Outcome = "lived" | "refused" | "diverged" | { readonly wrong: string };

type Kind = Action["kind"];

/** What a twin goes without. */
const traceless: readonly Kind[] = ["predict", "predict uncertain", "snapshot", "branch"];

export function liveOut(life: DrawnLife): Outcome {
  let at = "birth";
  try {
    let [one, twin] = [life.born(), life.born()];
    const tables = tablesOf(one);
    for (const [step, action] of life.actions.entries()) {
      at = `${step}, ${action.kind}`;
      one = act({ learner: one, life, action, step });
      if (!traceless.includes(action.kind)) twin = act({ learner: twin, life, action, step });
      if (one.fingerprint() !== twin.fingerprint()) throw new Error("a twin that went without is another");
      if (tablesOf(one) !== tables) throw new Error("the kernels' tables were written over");
      checkWeights(one);
    }
    for (const learner of [one, twin]) learner.close();
    return "lived";
  } catch (error) {
    if (error instanceof DivergenceError) return "diverged";
    // Options that do not suit each other, the network or the credit.
    if (at === "birth" && !(error instanceof TypeError)) return "refused";
    return { wrong: `at ${at}: ${(error as Error).stack}` };
  }
}

/** The first kilobyte of the memory: nobody lives there, and tables of kernels do. */
function tablesOf({ network }: Learner): string {
  return network.compute.arena.u32.slice(0, 256).join();
}

function checkWeights(learner: Learner): void {
  const { network } = learner;
  const left = untidy(network);
  if (left.length > 0) throw new Error(`something is where nobody lives: ${left.slice(0, 3).join(", ")}`);
  // Neither of these is what the twin of the formulas knows.
  if (network.inputNorm || network.populations.some(({ silencing }) => silencing?.kind.name === "standout")) return;
  const xs = [901, 902].map((i) => example(i, network.inputs.values));
  const right = forwardMaps(network, valuesOf(network), xs, false).get(network.outputs)!.flat();
  const largest = Math.max(1, ...right.map(Math.abs));
  learner.predictBatch(xs.flat(), 2).forEach((value, i) => {
    if (!(Math.abs(value - right[i]) < 1e-4 * largest))
      throw new Error(`it says ${value}, its weights say ${right[i]}`);
  });
}

interface Act {
  readonly learner: Learner;
  readonly life: DrawnLife;
  readonly action: Action;
  readonly step: number;
}

/** Returns the learner that goes on: another one after a snapshot. */
function act(asked: Act): Learner {
  const { learner, life, action, step } = asked;
  if (action.kind === "snapshot") {
    const heir = life.born();
    heir.restore(learner.snapshot());
    learner.close();
    return heir;
  }
  if (action.kind === "branch") {
    const before = learner.fingerprint();
    const undo = learner.branch();
    for (const inner of life.actions.slice(step + 1, step + 6))
      if (inner.kind !== "branch" && inner.kind !== "snapshot") act({ learner, life, action: inner, step: step + 100 });
    undo();
    if (learner.fingerprint() !== before) throw new Error("what was taken back is not as before");
    return learner;
  }
  const before = traceless.includes(action.kind) ? learner.fingerprint() : undefined;
  (kinds[action.kind] ?? byHand)(asked);
  if (before !== undefined && learner.fingerprint() !== before) throw new Error("a question left a trace");
  return learner;
}

const kinds: Partial<Record<Kind, (asked: Act) => void>> = {
  observe(asked) {
    for (let i = 0; i <= asked.action.times; i++) learn(asked, i, 1);
  },
  "observe batch"(asked) {
    for (let i = 0; i < asked.action.times; i++) learn(asked, i, asked.action.examples);
  },
  predict({ learner, action, step, ...rest }) {
    const { examples } = action;
    learner.predictBatch(inputs(learner, step, 0, examples), examples, { outputs: headOf(rest.life, step) });
  },
  "end task"({ learner }) {
    learner.endTask();
  },
};

/** What may be refused; then nothing has changed. */
function byHand(asked: Act): void {
  const { learner } = asked;
  const before = learner.fingerprint();
  try {
    hands[asked.action.kind]!(asked);
  } catch (error) {
    if (!(error instanceof ValueError || error instanceof ShapeError)) throw error;
    if (learner.fingerprint() !== before) throw new Error("it was refused, and something changed", { cause: error });
  }
}

const hands: Partial<Record<Kind, (asked: Act) => void>> = {
  "predict uncertain": ({ learner, step }) =>
    void learner.predictUncertain(inputs(learner, step, 0, 1), { samples: 3 }),
  grow: (asked) => void asked.learner.grow(hiddenOf(asked), asked.action.times),
  remove: (asked) => asked.learner.remove(hiddenOf(asked), [neuronOf(asked)]),
  replace: (asked) => void asked.learner.replace(hiddenOf(asked), [neuronOf(asked)]),
  "add layer"(asked) {
    const { learner, action } = asked;
    const names = learner.network.populations.map(({ name }) => name);
    const from = Math.floor(action.lots[0] * (names.length - 1));
    const to = from + 1 + Math.floor(action.lots[1] * (names.length - 1 - from));
    const like = action.examples > 3 ? hiddenOf(asked) : undefined;
    learner.addLayer({ from: names[from], to: names[to], size: action.times, like });
  },
  "insert layer"(asked) {
    const model = asked.action.examples > 3 ? { model: crelu() } : {};
    asked.learner.insertLayer(chosen(asked.learner.network.projections, asked.action.lots[0]).name, model);
  },
  "remove layer": (asked) => asked.learner.removeLayer(hiddenOf(asked)),
  rewire({ learner, action }) {
    const { network, step } = learner;
    const projection = chosen(network.projections, action.lots[0]);
    const occasion = { step, cause: "by hand" };
    const [there, free] = [present(projection), absent(projection)];
    const every = (places: Uint32Array, n: number) => places.filter((_, i) => i % n === 0);
    if (action.times === 1) prune(network, projection, every(there, 3), occasion);
    if (action.times === 2) regrow(network, projection, every(free, 2), occasion);
    if (action.times === 3) freeze(network, projection, every(there, 4), occasion);
    if (action.times === 4) thaw(network, projection, every(there, 2), occasion);
  },
  set: ({ learner }) => learner.set("lr", 0.01),
  succeed: ({ learner }) => learner.succeed({ network: learner.copy() }),
};

function learn({ learner, life, step }: Act, round: number, examples: number): void {
  const outputs = headOf(life, step);
  const labels = Array.from({ length: examples }, (_, i) => {
    const among = outputs ?? [...Array(life.outputs).keys()];
    return among[(3 * step + round + i) % among.length];
  });
  const values = labels.flatMap((label) => Array.from({ length: life.outputs }, (_, i) => (i === label ? 1 : 0)));
  const targets = { class: labels, values, none: undefined }[life.target];
  const xs = inputs(learner, step, round, examples);
  if (examples > 1) learner.observeBatch(xs, targets, { outputs });
  else learner.observe(xs, life.target === "class" ? labels[0] : targets, { outputs });
}

/** Two tasks in turns: the first two outputs, and those after them, if there are. */
function headOf({ heads, outputs }: DrawnLife, step: number): number[] | undefined {
  if (!heads) return undefined;
  const all = [...Array(outputs).keys()];
  return step % 12 < 6 ? all.slice(0, 2) : all.slice(outputs > 3 ? 2 : 0);
}

function inputs({ network }: Learner, step: number, round: number, examples: number): number[] {
  return Array.from({ length: examples }, (_, i) => example(41 * step + 10 * round + i, network.inputs.values)).flat();
}

function example(i: number, values: number): number[] {
  return Array.from({ length: values }, (_, j) => Math.sin(i * 12.9898 + j * 4.1414 + (i % 7)) * 1.5);
}

function chosen<T>(of: readonly T[], lot: number): T {
  return of[Math.floor(lot * of.length)];
}

/** Throws ValueError where there is no hidden layer any more. */
function hiddenOf({ learner, action }: Act): string {
  const { hidden } = learner.network;
  if (hidden.length === 0) throw new ValueError("no hidden layer is left");
  return chosen(hidden, action.lots[0]).name;
}

function neuronOf(asked: Act): number {
  return chosen(asked.learner.network.population(hiddenOf(asked)).neurons, asked.action.lots[1]).id;
}
