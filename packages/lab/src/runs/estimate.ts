/**
 * What a life costs on this machine, measured on a piece of it: some of its first examples are learned from, a probe and a piece of a
 * test are made, and each is counted as often as the whole life has it. Nothing is written.
 *
 * It is an estimate: later a network may have more silent neurons, which cost nothing, and the time of snapshots is left out.
 */
import type { Learner } from "plastica";
import { learnerFromRecipe } from "../recipe/learner.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { streamFrom } from "../streams/choice.ts";
import type { Stream } from "../streams/stream.ts";
import { examine } from "./examine.ts";
import { beats } from "./heartbeat.ts";
import { PROBE, probe } from "./probe.ts";
import { newTally } from "./tally.ts";
import { windowStarts } from "./windows.ts";

export interface Estimate {
  /** Of the whole life. */
  readonly seconds: number;
  /** In the whole life. */
  readonly examples: number;
  /** Of one example, learned from. */
  readonly microseconds: number;
}

/** Updates before anything is timed, at least: kernels are compiled by then, and what a stream works out first is there. */
const WARM_UP = 20;
/** Items of a test set that are timed, at most. */
const TESTED = 500;

/**
 * Measures a learner of a recipe.
 *
 * @param milliseconds how long it may learn, about; opening the stream comes on top of that. Default 300
 * @throws DataError when the stream's files are missing
 */
export async function estimate(recipe: Recipe, name: string, milliseconds = 300): Promise<Estimate> {
  const { stream: choice, seed, batch } = recipe;
  const stream = await streamFrom(choice, { seed, batch });
  const learner = learnerFromRecipe(recipe, name, stream);
  try {
    const windows = windowStarts(stream, recipe);
    const example = await learning(learner, stream, batch, milliseconds);
    const window = windows.length > 1 ? windows[1] : stream.length;
    const looking = timed(() => probe(learner, stream, 0, Math.min(PROBE, window)));
    const seconds = example * stream.length + windows.length * (looking + testing(learner, stream));
    return { seconds, examples: stream.length, microseconds: example * 1e6 };
  } finally {
    learner.close();
  }
}

/** Seconds an example: the later two thirds of the time count, when the host has compiled what runs often. */
async function learning(learner: Learner, stream: Stream, batch: number, milliseconds: number): Promise<number> {
  const beat = beats(stream, batch);
  const tally = newTally();
  const size = Math.min(batch, stream.length);
  const most = Math.floor(stream.length / size);
  await stream.load?.(0, Math.min(stream.length, PROBE));
  const learn = async (from: number, goesOn: (updates: number) => boolean) => {
    let n = from;
    while (n < most && goesOn(n - from)) {
      await stream.load?.(n * size, (n + 1) * size);
      if (!beat(learner, n * size, size, tally)) break;
      n++;
    }
    return n;
  };
  const began = performance.now();
  const passed = () => performance.now() - began;
  const warm = await learn(0, (n) => n < most / 2 && (n < WARM_UP || passed() < milliseconds / 3));
  const since = performance.now();
  const end = await learn(warm, (n) => n === 0 || passed() < milliseconds);
  return (performance.now() - since) / 1000 / Math.max(1, (end - warm) * size);
}

/** Seconds that the tests at the end of a window take. */
function testing(learner: Learner, stream: Stream): number {
  const { tests } = stream;
  if (tests === undefined) return 0;
  const size = Math.min(TESTED, tests.size(0));
  const piece = { sets: 1, size: () => size, at: (_: number, i: number) => tests.at(0, i) };
  const all = Array.from({ length: tests.sets }, (_, set) => tests.size(set)).reduce((sum, one) => sum + one, 0);
  return (timed(() => examine(learner, stream, piece)) / Math.max(1, size)) * all;
}

/** Seconds that something takes. */
function timed(does: () => unknown): number {
  const began = performance.now();
  does();
  return (performance.now() - began) / 1000;
}
