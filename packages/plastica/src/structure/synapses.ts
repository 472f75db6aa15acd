/**
 * Synapses that come and go. An absent synapse is one whose weight and plasticity are 0: it passes nothing on and learns nothing. It keeps its
 * place in the columns, so what grows there later is born like any other: with initial values in every column.
 *
 * Synapses are named by their place in packed columns: row by row, plane after plane (`row * columns.lanes + lane`).
 */
import { ShapeError, ValueError } from "../errors.ts";
import { gaps } from "../network/absent.ts";
import type { Network } from "../network/network.ts";
import type { Projection } from "../network/projection.ts";
import { PLASTICITY } from "../rules/plasticity.ts";
import type { Frozen, Rewired } from "./events.ts";
import { setPlasticity } from "./stillness.ts";
import type { Occasion } from "./structure.ts";

/** How many synapses the projection has room for between living neurons: not between groups of a convolution. */
export function places(projection: Projection): number {
  const { columns, groups } = projection;
  const all = columns.planes * columns.rows * columns.lanes;
  if (!groups) return all;
  let n = 0;
  for (let place = 0; place < all; place++) if (groups.allows(place)) n++;
  return n;
}

/** The synapses that are there, in ascending order. */
export function present(projection: Projection): Uint32Array {
  return chosen(projection, 0);
}

/** The places where none is, and one may be. */
export function absent(projection: Projection): Uint32Array {
  const { groups } = projection;
  const all = chosen(projection, 1);
  return groups ? all.filter((place) => groups.allows(place)) : all;
}

/** Share of the places that have a synapse, from 0 to 1. */
export function density(projection: Projection): number {
  return present(projection).length / places(projection);
}

/** Removes synapses. Throws ShapeError for one that is not there, before anything is changed. */
export function prune(network: Network, projection: Projection, which: ArrayLike<number>, occasion: Occasion): Rewired {
  return rewire(network, projection, { pruned: which }, occasion);
}

/** Lets synapses grow where there are none, with these weights, or 0. Errors as `rewire`. */
export function regrow(
  network: Network,
  projection: Projection,
  which: ArrayLike<number>,
  occasion: Occasion,
  weights?: ArrayLike<number>,
): Rewired {
  return rewire(network, projection, { grown: which, weights }, occasion);
}

export interface Rewiring {
  readonly pruned?: ArrayLike<number>;
  readonly grown?: ArrayLike<number>;
  /** Of the grown ones, in their order. Left out: 0, from which their gradients take them. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Removes synapses and lets others grow. Throws ShapeError where one to go is not there, one to grow is, one is named twice, or weights
 * are not as many; ValueError for a weight that is not finite. Then nothing has changed.
 */
export function rewire(
  network: Network,
  projection: Projection,
  { pruned = [], grown = [], weights }: Rewiring,
  { step, cause }: Occasion,
): Rewired {
  const { columns } = projection;
  const gone = gaps(projection.columns);
  check(projection, gone, pruned, "goes", 0);
  check(projection, gone, grown, "grows", 1);
  const astray = projection.groups && Array.from(grown).find((place) => !projection.groups!.allows(place));
  if (astray !== undefined)
    throw new ShapeError(`synapse ${astray} of ${projection.name} grows: it would lead from one group to another`);
  if (weights !== undefined && weights.length !== grown.length)
    throw new ShapeError(`${weights.length} weights for ${grown.length} synapses that grow in ${projection.name}`);
  const bad = Array.from(weights ?? []).find((w) => !Number.isFinite(Math.fround(w)));
  if (bad !== undefined) throw new ValueError(`a weight that grows in ${projection.name} is ${bad}: a finite number`);
  columns.add(PLASTICITY, 1);
  for (let i = 0; i < pruned.length; i++) {
    columns.setPlace("w", pruned[i], 0);
    setPlasticity(columns, "w", pruned[i], 0);
  }
  for (let i = 0; i < grown.length; i++) {
    columns.setPlace("w", grown[i], weights?.[i] ?? 0);
    columns.initialiseSynapse(grown[i]);
  }
  network.changed();
  const counts = { pruned: pruned.length, grown: grown.length, density: density(projection) };
  return { type: "rewired", step, cause, projection: projection.name, ...counts };
}

/** Synapses that stand still from now on, weight and state, whatever the rule says. Throws ShapeError for a place that is none. */
export function freeze(network: Network, projection: Projection, which: ArrayLike<number>, occasion: Occasion): Frozen {
  return makePlastic(network, projection, which, 0, { type: "frozen", ...occasion });
}

/** Synapses that learn again. Errors as `freeze`. */
export function thaw(network: Network, projection: Projection, which: ArrayLike<number>, occasion: Occasion): Frozen {
  return makePlastic(network, projection, which, 1, { type: "thawed", ...occasion });
}

function makePlastic(
  network: Network,
  projection: Projection,
  which: ArrayLike<number>,
  plasticity: number,
  occasion: Pick<Frozen, "type" | "step" | "cause">,
): Frozen {
  const { columns } = projection;
  const all = columns.planes * columns.rows * columns.lanes;
  const bad = Array.from(which).find((place) => !Number.isInteger(place) || place < 0 || place >= all);
  if (bad !== undefined) throw new ShapeError(`synapse ${bad} of ${projection.name}: places are 0 to ${all - 1}`);
  columns.add(PLASTICITY, 1);
  for (let i = 0; i < which.length; i++) setPlasticity(columns, "w", which[i], plasticity);
  network.changed();
  return { ...occasion, of: projection.name, count: which.length };
}

/** The places that are gone (1), or those that are not (0). */
function chosen({ columns }: Projection, which: 0 | 1): Uint32Array {
  const gone = gaps(columns);
  let count = 0;
  for (let i = 0; i < gone.length; i++) if (gone[i] === which) count++;
  const found = new Uint32Array(count);
  for (let i = 0, at = 0; i < gone.length; i++) if (gone[i] === which) found[at++] = i;
  return found;
}

/** Marks what it has seen in `gone`, so that nothing is named twice. */
function check(projection: Projection, gone: Uint8Array, which: ArrayLike<number>, verb: string, right: 0 | 1): void {
  for (let i = 0; i < which.length; i++) {
    const place = which[i];
    if (gone[place] === right) {
      gone[place] = 2;
      continue;
    }
    const why =
      gone[place] === undefined
        ? `places are 0 to ${gone.length - 1}`
        : ["it is there", "it is absent", "it is named twice"][gone[place]];
    throw new ShapeError(`synapse ${place} of ${projection.name} ${verb}: ${why}`);
  }
}

/** Gives all projections what it takes to prune them. A policy that will do so says it when it is attached, so that snapshots fit. */
export function learnBySynapse(network: Network): void {
  const settle = () => {
    for (const { columns } of network.projections) columns.add(PLASTICITY, 1);
  };
  settle();
  network.changed();
  network.onRecomposed(settle);
}
