/**
 * Plasticity injection: what was learned is frozen, and fresh plasticity is put beside it without changing what the network says,
 *
 *   Q(x) = h_theta(x) + h_1(x) - h_2(x),    h_1 = h_2 fresh; theta and h_2 stand still, h_1 learns.
 *
 * Here h is the last hidden population with its synapses: its neurons and their synapses stand still, and for each of them two are born with
 * the same incoming weights and outgoing ones of opposite sign, of which one learns and its twin does not. The output stays the same to
 * rounding (sums take the newborn in). If it then learns better, plasticity had been lost.
 *
 * E. Nikishin et al.: Deep reinforcement learning with plasticity injection, NeurIPS 2023 (arXiv 2305.15555).
 */
import { derive } from "../../compute/random.ts";
import { ShapeError, ValueError } from "../../errors.ts";
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Projection } from "../../network/projection.ts";
import { blockOf } from "../../network/weights.ts";
import { PLASTICITY } from "../../rules/plasticity.ts";
import type { LifeEvent } from "../events.ts";
import { mustBeWhole } from "../growth/ways/drawn.ts";
import { type Announce, hasCome, type Moment, type PolicyAtWork, type StructuralPolicy } from "../policy.ts";
import { birth, type Occasion } from "../structure.ts";
import { freeze } from "../synapses.ts";

export interface PlasticityInjectionOptions {
  /** The update after which it is done, from 1. Default 10,000. */
  at?: number;
}

const NAME = "plasticity-injection";

/**
 * As a policy: once. Throws ValueError for an option out of its range; in a life that it cannot be done in, what `injectPlasticity` throws, when it is
 * attached. Where layers have come or gone since, so that it cannot be done any more, it says so (`decided`, "refused").
 */
export function plasticityInjection({ at = 10_000 }: PlasticityInjectionOptions = {}): StructuralPolicy {
  if (!Number.isSafeInteger(at) || at < 1) throw new ValueError(`${NAME}: at is ${at}: an update, from 1`);
  return {
    name: NAME,
    options: { at },
    attach({ network }): PolicyAtWork {
      lastHidden(network);
      return {
        after(moment: Moment, announce: Announce) {
          if (!hasCome(at, moment)) return;
          const occasion = { step: moment.step, cause: NAME };
          try {
            lastHidden(network);
          } catch (error) {
            const why = (error as ShapeError).message;
            return announce({
              type: "decided",
              ...occasion,
              proposal: "injection",
              why,
              evidence: {},
              outcome: "refused",
            });
          }
          for (const event of injectPlasticity(network, occasion)) announce(event);
        },
        save: () => null,
        load: () => {},
      };
    },
  };
}

/**
 * Does it now, by hand. Throws ShapeError where there is no hidden population, where it is normalised (newborns would change its means), and
 * where it is between grouped convolutions (twins would come into different groups).
 */
export function injectPlasticity(network: Network, occasion: Occasion): LifeEvent[] {
  const population = lastHidden(network);
  const [into, out] = [network.incoming(population), network.outgoing(population)];
  const count = population.size;
  const events: LifeEvent[] = [];
  // Everything that is there stands still.
  for (const projection of [...into, ...out]) {
    const all = Array(projection.columns.planes * projection.columns.rows * projection.columns.lanes);
    events.push(freeze(network, projection, [...all.keys()], occasion));
  }
  for (const one of [population, network.outputs])
    for (const name of one.parameters) {
      one.columns.add(`${name}.${PLASTICITY}`, 1);
      one.columns.unpack(`${name}.${PLASTICITY}`, new Float32Array(one.size));
    }
  const key = network.keyOf(NAME, population.name, occasion.step);
  const incoming = into.map((projection): [Projection, Float32Array] => {
    const { initialiser, name } = projection;
    const shape = blockOf(projection, count);
    const drawn = initialiser.fill(shape, derive(key, name), population.model.gain);
    const both = new Float32Array(2 * drawn.length);
    for (let row = 0; row < shape.rows; row++)
      for (const side of [0, 1]) both.set(drawn.subarray(row * count, (row + 1) * count), (2 * row + side) * count);
    return [projection, both];
  });
  const outgoing = out.map((projection): [Projection, Float32Array] => {
    const { post, initialiser, name } = projection;
    const { planes } = projection.columns;
    const drawn = initialiser.fill(blockOf(projection, post.size), derive(key, name), post.model.gain);
    const both = new Float32Array(2 * drawn.length);
    const size = count * post.size;
    for (let plane = 0; plane < planes; plane++) {
      const rows = drawn.subarray(plane * size, (plane + 1) * size);
      both.set(rows, 2 * plane * size);
      both.set(
        rows.map((w) => -w),
        (2 * plane + 1) * size,
      );
    }
    return [projection, both];
  });
  const endowment = { incoming: new Map(incoming), outgoing: new Map(outgoing) };
  const { slots, event } = birth(network, population, 2 * count, occasion, endowment);
  events.push(event);
  // The twins of those that learn do not.
  const twins = slots.slice(count);
  for (const projection of into) {
    const { lanes, planes, rows } = projection.columns;
    const which = twins.flatMap((slot) => Array.from({ length: planes * rows }, (_, row) => row * lanes + slot));
    events.push(freeze(network, projection, which, occasion));
  }
  for (const projection of out) {
    const { rows, lanes, planes } = projection.columns;
    const row = (plane: number, slot: number) => (plane * rows + slot) * lanes;
    const which = twins.flatMap((slot) =>
      Array.from({ length: planes * lanes }, (_, i) => row(Math.floor(i / lanes), slot) + (i % lanes)),
    );
    events.push(freeze(network, projection, which, occasion));
  }
  if (population.columns.has("bias"))
    for (const slot of twins) population.columns.set(`bias.${PLASTICITY}`, 0, slot, 0);
  network.changed();
  return events;
}

/** Where it is done, if it can be. */
function lastHidden(network: Network): Population {
  const population = network.populations.at(-2)!;
  if (population === network.inputs) throw new ShapeError("plasticity injection needs a hidden population");
  if (population.norm)
    throw new ShapeError(`${population.name} is normalised: what is injected would change its means`);
  mustBeWhole(network, population, NAME);
  return population;
}
