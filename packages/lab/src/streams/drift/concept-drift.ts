/**
 * Concept drift: a stream whose items are of one concept, then of the next, in a cycle. A change is abrupt, or gradual (for a
 * while both concepts occur, the new one ever more often), or incremental (the concept itself moves from the old to the new).
 * A cycle that comes round is recurring drift.
 *
 * Item `n` of the stream is item `n` of the concept whose turn it is. Around a change at item `p` an item is of the new concept
 * with probability
 *
 *     1 / (1 + exp(-4 (n - p) / width)),
 *
 * so that at the change itself both are as likely, and of the old one 12 % are left `width / 2` items later (Bifet, Holmes,
 * Pfahringer, Kirkby and Gavaldà 2009, "New ensemble methods for evolving data streams", doi:10.1145/1557019.1557041; river's
 * ConceptDriftStream). The draw is held against the logistic function's inverse, `ln(u / (1 - u))`, which needs no `exp`.
 *
 * Where we differ from river: there a concept goes on where it left off; here its items are addressed by their number in the
 * whole stream. So concepts of one seed show the same inputs, and what drifts is what is right for them.
 */
import { type Key, key, ln, ShapeError, uniform, ValueError } from "plastica";
import { equalTasks, type Item, mustHave, type Stream } from "../stream.ts";

/** What is the same for ever: a stream without end or change. `at` takes any integer from 0. */
export type Concept = Pick<Stream, "inputs" | "outputs" | "target" | "at">;

export interface DriftOptions {
  /** Of the draws that say which concept an item around a change is of. */
  seed: number;
  /** Items from one change to the next: an integer from 1. */
  every: number;
  /** Items over which one concept fades into the next: an integer from 0 to `every`. Default: 0, abrupt. */
  width?: number;
  /** Items in all: an integer from 1. */
  length: number;
}

type Schedule = Pick<Required<DriftOptions>, "every" | "width" | "length">;

/** The nearest change to item `n`, from 1, or 0 where none is near; it happens at item `every * change`. */
function changeNear(n: number, { every, length }: Schedule): number {
  return Math.min(Math.floor(n / every + 0.5), Math.ceil(length / every) - 1);
}

/** How many concepts have begun before the one that item `n` is of. */
function turnOf(n: number, schedule: Schedule, draws: Key): number {
  const { every, width } = schedule;
  if (width === 0) return Math.floor(n / every);
  const change = changeNear(n, schedule);
  if (change === 0) return 0;
  const u = uniform(draws, n);
  return ln(u / (1 - u)) < (4 * (n - every * change)) / width ? change : change - 1;
}

/** What a thing is worth at item `n` that goes in straight lines from value to value, `width` items around each change. */
export function moving(values: readonly number[], options: Omit<DriftOptions, "seed">): (n: number) => number {
  const schedule = checked(options);
  mustBeSome(values.length);
  return (n) => {
    const { old, next, share } = placeOf(n, schedule, values.length);
    return values[old] + (values[next] - values[old]) * share;
  };
}

/** The two concepts that item `n` lies between, and how far it has come from the old one (0) to the next (1). */
function placeOf(n: number, schedule: Schedule, concepts: number): { old: number; next: number; share: number } {
  const { every, width } = schedule;
  const change = width === 0 ? Math.floor(n / every) : changeNear(n, schedule);
  const next = change % concepts;
  if (change === 0 || width === 0) return { old: next, next, share: 1 };
  const share = Math.max(0, Math.min(1, (n - every * change) / width + 0.5));
  return { old: (change - 1) % concepts, next, share };
}

/**
 * Abrupt, gradual and recurring drift over these concepts, in this order and then from the first again. `starts` are the changes.
 *
 * @throws ShapeError where concepts differ in inputs, outputs or target; ValueError for an option out of its range
 */
export function conceptDrift(concepts: readonly Concept[], options: DriftOptions): Stream {
  const schedule = checked(options);
  const draws = key(options.seed, "concept drift");
  return streamOf(concepts, schedule, (n) => concepts[turnOf(n, schedule, draws) % concepts.length].at(n));
}

/**
 * Incremental drift over concepts whose targets are values: around a change the target moves in a straight line from what the
 * old concept says of an input to what the next one says of it. The concepts must be of one seed, so that they show the same inputs.
 *
 * @throws ShapeError and ValueError as `conceptDrift`; ValueError for targets that are classes
 */
export function incrementalDrift(concepts: readonly Concept[], options: Omit<DriftOptions, "seed">): Stream {
  const schedule = checked(options);
  const classes = concepts.find(({ target }) => target === "class");
  if (classes)
    throw new ValueError('targets are of kind "class", must be "values": between two classes there is nothing');
  const y = new Float32Array(concepts[0]?.outputs ?? 0);
  return streamOf(concepts, schedule, (n) => {
    const { old, next, share } = placeOf(n, schedule, concepts.length);
    if (share === 0) return concepts[old].at(n);
    const { x, y: after } = concepts[next].at(n);
    if (share === 1) return { x, y: after };
    const before = concepts[old].at(n).y as Float32Array;
    for (let i = 0; i < y.length; i++) y[i] = before[i] + ((after as Float32Array)[i] - before[i]) * share;
    return { x, y };
  });
}

function streamOf(concepts: readonly Concept[], { every, length }: Schedule, at: (n: number) => Item): Stream {
  mustBeSome(concepts.length);
  const [{ inputs, outputs, target }] = concepts;
  for (const [i, other] of concepts.entries()) {
    if (other.inputs === inputs && other.outputs === outputs && other.target === target) continue;
    throw new ShapeError(
      `concept ${i} has ${other.inputs} inputs and ${other.outputs} outputs of kind "${other.target}", ` +
        `must have ${inputs} and ${outputs} of kind "${target}" as the first`,
    );
  }
  return {
    inputs,
    outputs,
    target,
    starts: equalTasks(Math.ceil(length / every), every),
    length,
    at(n) {
      mustHave(n, length);
      return at(n);
    },
  };
}

function mustBeSome(concepts: number): void {
  if (concepts === 0) throw new ValueError("a drift over no concepts, must have at least one");
}

function checked({ every, width = 0, length }: Omit<DriftOptions, "seed">): Schedule {
  mustBeWhole("length", length, 1);
  mustBeWhole("every", every, 1);
  mustBeWhole("width", width, 0, every);
  return { every, width, length };
}

function mustBeWhole(what: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}, which is every`;
  throw new ValueError(`${what} is ${value}, must be an integer ${range}`);
}
