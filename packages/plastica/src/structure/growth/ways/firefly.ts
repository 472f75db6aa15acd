/**
 * Firefly: more candidates than are wanted are born on a branch, learn there for some steps while all else stands still, and those that make the loss least are born. Half of
 * the candidates are new (incoming weights drawn, outgoing ones 0), half are splits: a neuron and its newborn half at theta + delta and theta - delta, with half of the
 * outgoing weights each (delta drawn). With g the gradient of the mean loss of the examples, and in each of `steps` steps,
 *
 *   w <- P(w - (`reach` L / sqrt(steps)) g / ||g||),
 *
 * w being a new one's outgoing weights (L: their length on average; P: at most `reach` L), its incoming ones (L: as long as they were drawn; P: that long again), or delta
 * (L: the length of theta; P: at most `reach` L). What each is worth is by how much the loss rises without it; those worth nothing are not born. What the network says changes.
 *
 * L. Wu, B. Liu, P. Stone and Q. Liu: Firefly neural architecture descent, NeurIPS 2020 (arXiv 2102.08574). They take 100 steps of Adam and rank by the gradient
 * of each candidate's size; here steps are of a fixed length, and the loss itself ranks.
 */
import { derive, type Key, normal, shuffled } from "../../../compute/random.ts";
import { ValueError } from "../../../errors.ts";
import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import type { Projection } from "../../../network/projection.ts";
import { gradientOf } from "../../gradients.ts";
import type { Life } from "../../policy.ts";
import { birth, NOBODY } from "../../structure.ts";
import { lengthOf } from "../linear-algebra.ts";
import { needed } from "../surroundings.ts";
import { tried } from "../tried.ts";
import { lanesOf, sideBySide } from "./copy.ts";
import { drawnIncoming, mustBeWhole, ofEach } from "./drawn.ts";
import type { Change, Offspring, Wanted, Way } from "./way.ts";

export interface FireflyOptions {
  /** For each neuron that is wanted: a whole number from 1. Default 4. */
  readonly candidates?: number;
  /** From 1. Default 20. */
  readonly steps?: number;
  /** Above 0. Default 0.25. */
  readonly reach?: number;
}

/** Throws ValueError for an option out of its range; in use, ShapeError without examples. */
export function firefly({ candidates = 4, steps = 20, reach = 0.25 }: FireflyOptions = {}): Way {
  const must = (name: string, value: number, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`firefly: ${name} is ${value}: ${right}`);
  };
  must("candidates", candidates, Number.isSafeInteger(candidates) && candidates >= 1, "a whole number from 1");
  must("steps", steps, Number.isSafeInteger(steps) && steps >= 1, "a whole number from 1");
  must("reach", reach, reach > 0 && reach < Number.POSITIVE_INFINITY, "above 0");
  return {
    name: "firefly",
    options: { candidates, steps, reach },
    preserves: "no",
    looks: true,
    alters: true,
    mustSuit: (network, population) => mustBeWhole(network, population, "firefly"),
    propose: (life, wanted) => tried(life, () => chosen(life, wanted, { candidates, steps, reach })),
  };
}

/** On a branch. */
function chosen(
  life: Life,
  { population, count, examples, key }: Wanted,
  { candidates, steps, reach }: Required<FireflyOptions>,
): Offspring {
  const seen = needed(examples, "firefly");
  const { network, step } = life;
  const { columns, neurons } = population;
  const here = wiringOf(network, population);
  const old = [...neurons.keys()];
  const many = Math.max(2, count * candidates);
  const parents = shuffled(derive(key, "parents"), old).slice(0, Math.floor(many / 2));
  const usual = old.reduce((sum, slot) => sum + lengthOf(here.sent(slot)), 0) / old.length;
  const incoming = drawnIncoming(network, population, many, derive(key, "in"));
  const { slots } = birth(network, population, many, { step, cause: "firefly" }, { incoming });
  const all = slots.map((slot, i) =>
    i < parents.length
      ? half(here, population, slot, parents[i], reach, derive(key, "delta", i))
      : fresh(here, slot, reach, usual),
  );
  for (let i = 0; i < steps; i++) {
    const slopes = new Map<Projection, Float32Array>();
    life.examine(seen, {
      projection: (one) => void (here.has(one) && slopes.set(one, gradientOf(network, one, seen.count))),
    });
    for (const one of all) one.move(slopes, 1 / Math.sqrt(steps));
  }
  const { loss } = life.evaluate(seen);
  const worth = all.map((one) => one.without(() => life.evaluate(seen).loss - loss));
  const best = [...all.keys()]
    .filter((i) => worth[i] > 0)
    .sort((x, y) => worth[y] - worth[x] || x - y)
    .slice(0, count)
    .map((i) => all[i]);
  const kept = best.map(({ slot }) => slot);
  return {
    count: kept.length,
    endowment: {
      incoming: ofEach(network.incoming(population), (one) => lanesOf(one, kept)),
      outgoing: ofEach(network.outgoing(population), (one) => sideBySide(one, kept)),
      ...(columns.has("bias") ? { bias: Float32Array.from(kept, (slot) => columns.get("bias", 0, slot)) } : {}),
      parents: best.map(({ parent }) => (parent === undefined ? NOBODY : neurons[parent].id)),
    },
    changes: best.flatMap(({ change }) => change?.() ?? []),
    evidence: {
      candidates: many,
      splits: best.filter(({ parent }) => parent !== undefined).length,
      "largest decrease": Math.max(0, ...worth),
    },
  };
}

interface Candidate {
  readonly slot: number;
  /** Of a half: the slot of the other one. */
  readonly parent?: number;
  /** A step of that share of its reach down these slopes. */
  move(slopes: Slopes, share: number): void;
  /** What is measured while it is as if it had not been born. */
  without(measure: () => number): number;
  /** What its parent has lost to it, and how it has moved. */
  change?(): Change;
}

type Slopes = ReadonlyMap<Projection, Float32Array>;

function fresh(here: Wiring, slot: number, reach: number, usual: number): Candidate {
  const most = reach * usual;
  const length = lengthOf(here.heard(slot));
  return {
    slot,
    move(slopes, share) {
      here.say(slot, within(stepped(here.sent(slot), here.sent(slot, slopes), most * share), most));
      const heard = stepped(here.heard(slot), here.heard(slot, slopes), reach * length * share);
      const now = lengthOf(heard);
      here.hear(slot, now > 0 ? heard.map((w) => (w * length) / now) : heard);
    },
    without(measure) {
      const said = here.sent(slot);
      here.say(slot, new Float64Array(said.length));
      const measured = measure();
      here.say(slot, said);
      return measured;
    },
  };
}

function half(here: Wiring, { columns }: Population, slot: number, parent: number, reach: number, key: Key): Candidate {
  const theta = here.heard(parent);
  const most = reach * lengthOf(theta);
  const whole = here.sent(parent);
  for (const one of [slot, parent])
    here.say(
      one,
      whole.map((w) => w / 2),
    );
  if (columns.has("bias")) columns.set("bias", 0, slot, columns.get("bias", 0, parent));
  let delta = within(
    theta.map((_, i) => normal(key, i) * most),
    most / 4,
  );
  const part = (by: Float64Array) => {
    here.hear(
      parent,
      theta.map((w, i) => w + by[i]),
    );
    here.hear(
      slot,
      theta.map((w, i) => w - by[i]),
    );
  };
  part(delta);
  return {
    slot,
    parent,
    move(slopes, share) {
      const [mine, its] = [here.heard(parent, slopes), here.heard(slot, slopes)];
      delta = within(
        stepped(
          delta,
          mine.map((slope, i) => slope - its[i]),
          most * share,
        ),
        most,
      );
      part(delta);
    },
    without(measure) {
      part(new Float64Array(delta.length));
      const measured = measure();
      part(delta);
      return measured;
    },
    change: () => ({
      slot: parent,
      incoming: here.asHeard(delta),
      outgoing: here.asSent(whole.map((w) => -w / 2)),
    }),
  };
}

/** All that a neuron hears, and all that it says, as one vector each: of its weights, or of their slopes. */
interface Wiring {
  has(projection: Projection): boolean;
  heard(slot: number, slopes?: Slopes): Float64Array;
  sent(slot: number, slopes?: Slopes): Float64Array;
  hear(slot: number, weights: Float64Array): void;
  say(slot: number, weights: Float64Array): void;
  asHeard(weights: Float64Array): Map<Projection, Float32Array>;
  asSent(weights: Float64Array): Map<Projection, Float32Array>;
}

function wiringOf(network: Network, population: Population): Wiring {
  const [into, out] = [network.incoming(population), network.outgoing(population)];
  const inPlaces = (slot: number) =>
    into.flatMap((one) =>
      Array.from({ length: one.columns.planes * one.columns.rows }, (_, row) => [one, row, slot] as const),
    );
  const outPlaces = (slot: number) =>
    out.flatMap((one) => {
      const { planes, rows, lanes } = one.columns;
      return Array.from(
        { length: planes * lanes },
        (_, i) => [one, Math.floor(i / lanes) * rows + slot, i % lanes] as const,
      );
    });
  type Places = ReturnType<typeof inPlaces>;
  const read = (places: Places, slopes?: Slopes) =>
    Float64Array.from(places, ([one, row, lane]) =>
      slopes ? slopes.get(one)![row * one.columns.lanes + lane] : one.columns.get("w", row, lane),
    );
  const write = (places: Places, weights: Float64Array) => {
    for (const [i, [one, row, lane]] of places.entries()) one.columns.set("w", row, lane, weights[i]);
  };
  const parts = (projections: readonly Projection[], places: Places, weights: Float64Array) =>
    new Map(projections.map((one) => [one, Float32Array.from(weights.filter((_, i) => places[i][0] === one))]));
  return {
    has: (projection) => into.includes(projection) || out.includes(projection),
    heard: (slot, slopes) => read(inPlaces(slot), slopes),
    sent: (slot, slopes) => read(outPlaces(slot), slopes),
    hear: (slot, weights) => write(inPlaces(slot), weights),
    say: (slot, weights) => write(outPlaces(slot), weights),
    asHeard: (weights) => parts(into, inPlaces(0), weights),
    asSent: (weights) => parts(out, outPlaces(0), weights),
  };
}

/** A step of that length down a slope. */
function stepped(from: Float64Array, slope: Float64Array, length: number): Float64Array {
  const steep = lengthOf(slope);
  return steep > 0 ? from.map((value, i) => value - (length * slope[i]) / steep) : from;
}

/** Shortened, where it is longer than that. */
function within(vector: Float64Array, most: number): Float64Array {
  const length = lengthOf(vector);
  return length > most ? vector.map((value) => (value * most) / length) : vector;
}
