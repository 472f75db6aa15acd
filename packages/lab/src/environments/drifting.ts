/**
 * How a constant of nature changes from one episode to the next. Each way is a closed form of the episode's number and of addressed
 * draws, so that any episode can be asked for.
 *
 *     constant   always `value`, by default as usual
 *     abrupt     each of `values` for `every` episodes, cycled
 *     redrawn    every `every` episodes a new number between `low` and `high`, uniformly drawn
 *     linear     from `from` (by default as usual) to `to` over `over` episodes, then it stays
 *     sine       up and down between `low` and `high`, `period` episodes a time; begins in the middle, upwards
 *     triangle   as sine, but in straight lines
 *     walk       a random walk of normal steps of standard deviation `step` an episode, from the usual value (or `from`), thrown
 *                back at `low` and `high`
 */
import { type Key, sinTurns, uniform, ValueError } from "plastica";
import { randomWalk, reflected } from "../streams/drift/motion.ts";

export type Drift =
  | { readonly kind: "constant"; readonly value?: number }
  | { readonly kind: "abrupt"; readonly values: readonly number[]; readonly every: number }
  | { readonly kind: "redrawn"; readonly low: number; readonly high: number; readonly every: number }
  | { readonly kind: "linear"; readonly from?: number; readonly to: number; readonly over: number }
  | { readonly kind: "sine" | "triangle"; readonly low: number; readonly high: number; readonly period: number }
  | {
      readonly kind: "walk";
      readonly from?: number;
      readonly step: number;
      readonly low: number;
      readonly high: number;
    };

export interface Constant {
  /** What it usually is. */
  readonly usual: number;
  /** Whether it must stay above 0; else it may be 0. */
  readonly solid: boolean;
  /** Of its draws. */
  readonly from: Key;
}

/**
 * What a constant is in each episode.
 *
 * @param what how errors call it
 * @throws ValueError for a value below what the constant may be, a range that is none, a time that is not a whole number from 1
 */
export function driftOf(what: string, drift: Drift, { usual, solid, from }: Constant): (episode: number) => number {
  const value = (name: string, given: number) => {
    if (Number.isFinite(given) && (solid ? given > 0 : given >= 0)) return given;
    throw new ValueError(`${what}.${name} is ${given}, must be a number ${solid ? "above 0" : "from 0"}`);
  };
  const range = ({ low, high }: { low: number; high: number }) => {
    if (value("high", high) >= value("low", low)) return [low, high];
    throw new ValueError(`${what}.high is ${high}, must be at least ${what}.low, which is ${low}`);
  };
  const episodes = (name: string, given: number) => {
    if (Number.isSafeInteger(given) && given >= 1) return given;
    throw new ValueError(`${what}.${name} is ${given}, must be an integer from 1`);
  };
  switch (drift.kind) {
    case "constant": {
      const always = value("value", drift.value ?? usual);
      return () => always;
    }
    case "abrupt": {
      const values = drift.values.map((given, i) => value(`values[${i}]`, given));
      if (values.length === 0) throw new ValueError(`${what}.values is [], must have at least one value`);
      const every = episodes("every", drift.every);
      return (n) => values[Math.floor(n / every) % values.length];
    }
    case "redrawn": {
      const [low, high] = range(drift);
      const every = episodes("every", drift.every);
      return (n) => low + (high - low) * uniform(from, Math.floor(n / every));
    }
    case "linear": {
      const begin = value("from", drift.from ?? usual);
      const end = value("to", drift.to);
      const over = episodes("over", drift.over);
      return (n) => (n >= over ? end : begin + (end - begin) * (n / over));
    }
    case "sine":
    case "triangle": {
      const [low, high] = range(drift);
      const period = episodes("period", drift.period);
      const wave = drift.kind === "sine" ? sinTurns : triangle;
      return (n) => Math.max(low, Math.min(high, (low + high) / 2 + ((high - low) / 2) * wave((n % period) / period)));
    }
    case "walk": {
      const [low, high] = range(drift);
      const begin = value("from", drift.from ?? usual);
      if (begin < low || begin > high)
        throw new ValueError(`${what} walks from ${begin}, must be from ${low} to ${high}, where it is thrown back`);
      const { step } = drift;
      if (!(Number.isFinite(step) && step >= 0))
        throw new ValueError(`${what}.step is ${step}, must be a number from 0`);
      return (n) => reflected(begin + step * randomWalk(from, n), low, high);
    }
    default:
      throw new ValueError(
        `${what}.kind is ${JSON.stringify((drift as Drift).kind)}, must be one of ` +
          "constant, abrupt, redrawn, linear, sine, triangle, walk",
      );
  }
}

/** As `sin(2 pi turns)`, in straight lines. */
function triangle(turns: number): number {
  return reflected(4 * turns, -1, 1);
}
