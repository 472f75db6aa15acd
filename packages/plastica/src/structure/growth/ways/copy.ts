/**
 * Copy: a newborn is a neuron that was there, and the two share its outgoing weights,
 *
 *   u_i = w_i / n + s_i,   sum_i s_i = 0,
 *
 * n being how many there are of it now. Incoming weights, bias, gain and shift are the parent's; what is absent in the parent is absent in the copy. All
 * else (moments, importance, statistics, age) is a newborn's, and the parent keeps its own. Parents are drawn, each once as long as there are enough.
 *
 * Equal neurons would stay equal for ever under a rule without state, so shares differ by normal draws s of `noise` times the root mean square of the
 * parent's outgoing weights; what the network says stays the same to rounding.
 *
 * T. Chen, I. Goodfellow and J. Shlens: Net2Net, accelerating learning via knowledge transfer, ICLR 2016 (arXiv 1511.05641). Their noise is on
 * incoming weights and changes the function; ours is on outgoing ones and cancels.
 */
import { derive, normal, shuffled } from "../../../compute/random.ts";
import { ValueError } from "../../../errors.ts";
import type { Projection } from "../../../network/projection.ts";
import { mustBeWhole, ofEach } from "./drawn.ts";
import type { Change, Way } from "./way.ts";

export interface CopyOptions {
  /** From 0. Default 0.1. */
  readonly noise?: number;
}

/** Throws ValueError for an option out of its range. */
export function copy({ noise = 0.1 }: CopyOptions = {}): Way {
  if (!(noise >= 0 && noise < Number.POSITIVE_INFINITY)) throw new ValueError(`copy: noise is ${noise}: from 0`);
  return {
    name: "copy",
    options: { noise },
    preserves: "nearly",
    looks: false,
    alters: true,
    mustSuit: (network, population) => mustBeWhole(network, population, "copy"),
    propose({ network }, { population, count, key }) {
      const { size, columns, neurons } = population;
      const order = shuffled(derive(key, "parents"), [...Array(size).keys()]);
      const parents = Array.from({ length: count }, (_, i) => order[i % size]);
      const [into, out] = [network.incoming(population), network.outgoing(population)];
      const shares = new Map(out.map((projection) => [projection, sharesOf(projection, parents, { noise, key })]));
      return {
        count,
        endowment: {
          incoming: ofEach(into, (projection) => lanesOf(projection, parents)),
          outgoing: ofEach(out, (projection) => shares.get(projection)!.newborns),
          ...(columns.has("bias") ? { bias: Float32Array.from(parents, (slot) => columns.get("bias", 0, slot)) } : {}),
          parents: parents.map((slot) => neurons[slot].id),
        },
        changes: [...new Set(parents)].map(
          (slot): Change => ({
            slot,
            outgoing: ofEach(out, (projection) => shares.get(projection)!.changes.get(slot)!),
          }),
        ),
        evidence: {},
      };
    },
  };
}

/** The incoming weights of these neurons, `[plane][pre][of them]`. */
export function lanesOf({ columns }: Projection, slots: readonly number[]): Float32Array {
  const w = columns.packed("w");
  const lanes = new Float32Array((w.length / columns.lanes) * slots.length);
  for (let i = 0; i < lanes.length; i++)
    lanes[i] = w[Math.floor(i / slots.length) * columns.lanes + slots[i % slots.length]];
  return lanes;
}

/** The outgoing weights of a neuron, `[plane][post]`. */
export function rowsOf({ columns }: Projection, slot: number): Float32Array {
  const { planes, rows, lanes } = columns;
  const w = columns.packed("w");
  const row = new Float32Array(planes * lanes);
  for (let plane = 0; plane < planes; plane++) {
    const from = (plane * rows + slot) * lanes;
    row.set(w.subarray(from, from + lanes), plane * lanes);
  }
  return row;
}

/** The outgoing weights of these neurons, `[plane][of them][post]`. */
export function sideBySide(projection: Projection, slots: readonly number[]): Float32Array {
  const { planes, lanes } = projection.columns;
  const packed = new Float32Array(planes * slots.length * lanes);
  slots.forEach((slot, i) => {
    const row = rowsOf(projection, slot);
    for (let plane = 0; plane < planes; plane++)
      packed.set(row.subarray(plane * lanes, (plane + 1) * lanes), (plane * slots.length + i) * lanes);
  });
  return packed;
}

/** What newborns get of their parents' outgoing weights, `[plane][newborn][post]`, and what that changes in these. */
function sharesOf(
  projection: Projection,
  parents: readonly number[],
  { noise, key }: { noise: number; key: Parameters<typeof normal>[0] },
): { newborns: Float32Array; changes: Map<number, Float32Array> } {
  const { planes, lanes } = projection.columns;
  const count = parents.length;
  const newborns = new Float32Array(planes * count * lanes);
  const changes = new Map<number, Float32Array>();
  const draws = derive(key, "shares", projection.name);
  for (const slot of new Set(parents)) {
    const whole = rowsOf(projection, slot);
    const size = Math.sqrt(whole.reduce((sum, w) => sum + w * w, 0) / whole.length);
    const copies = parents.flatMap((parent, i) => (parent === slot ? [i] : []));
    const change = new Float32Array(whole.length);
    for (let at = 0; at < whole.length; at++) {
      const [plane, lane] = [Math.floor(at / lanes), at % lanes];
      let given = 0;
      for (const i of copies) {
        const place = (plane * count + i) * lanes + lane;
        // What is 0 may be absent, and stays 0.
        const part = whole[at] / (copies.length + 1) + noise * size * normal(draws, place);
        newborns[place] = whole[at] === 0 ? 0 : part;
        given += newborns[place];
      }
      change[at] = -given;
    }
    changes.set(slot, change);
  }
  return { newborns, changes };
}
