/**
 * Split: splitting steepest descent. A neuron at a saddle, which no gradient moves, still makes the loss less if it becomes two: its incoming weights theta become
 * theta + eps x and theta - eps x, and each of the two has half of its outgoing ones. To second order that changes the loss by eps^2 / 2 x'S x, S being its splitting
 * matrix,
 *
 *   S = E[dLoss / dh * f''(theta'b) b b'],
 *
 * so x is the eigenvector of S's lowest eigenvalue, and those neurons split whose eigenvalue is lowest, as long as it is below 0. eps is `distance` times the length of
 * theta. The newborn is the half at theta - eps x; all else of it is a newborn's. What the network says changes, by about eps^2.
 *
 * A ReLU has no second derivative but at its kink, so f'' is taken as (f'(z + d) - f'(z - d)) / 2d, d being a quarter of the root mean square of the neuron's input:
 * for smooth models nearly the same.
 *
 * Q. Liu, L. Wu and D. Wang: Splitting steepest descent for growing neural architectures, NeurIPS 2019 (arXiv 1910.02366); eigenvectors without the matrix as in
 * D. Wang et al., arXiv 1910.03103, here by Lanczos.
 */
import { derive, normal } from "../../../compute/random.ts";
import { ShapeError, ValueError } from "../../../errors.ts";
import type { NeuronModel } from "../../../network/neuron.ts";
import { slopesOf } from "../../../network/response.ts";
import { lengthOf, lowestEigen, type Matrix } from "../linear-algebra.ts";
import { asIncoming, incomingWeights, mustBeDense, type Surroundings, surroundings } from "../surroundings.ts";
import { lanesOf, rowsOf, sideBySide } from "./copy.ts";
import { ofEach } from "./drawn.ts";
import type { Change, Way } from "./way.ts";

export interface SplitOptions {
  /** Above 0. Default 0.05. */
  readonly distance?: number;
}

/** Steps of Lanczos. */
const STEPS = 20;

/** Throws ValueError for an option out of its range; in use ShapeError without examples, where projections are not dense, or the population is normalised. */
export function split({ distance = 0.05 }: SplitOptions = {}): Way {
  if (!(distance > 0 && distance < Number.POSITIVE_INFINITY))
    throw new ValueError(`split: distance is ${distance}: above 0`);
  return {
    name: "split",
    options: { distance },
    preserves: "no",
    looks: true,
    alters: true,
    mustSuit(network, population) {
      if (population.norm)
        throw new ShapeError(`split in ${population.name}: it is normalised, and its neurons are not alone`);
      mustBeDense(network, population, "split");
    },
    propose(life, { population, count, examples, key }) {
      const around = surroundings(life, population, examples, "split");
      const { columns, model, neurons, size } = population;
      const found = curvatures(around, model, size).map((curvature, slot) => {
        const start = Float64Array.from({ length: around.b.columns }, (_, i) =>
          normal(derive(key, neurons[slot].id), i),
        );
        return { slot, ...lowestEigen((x) => timesS(around.b, curvature, x), start, STEPS) };
      });
      const chosen = found
        .filter(({ value }) => value < 0)
        .sort((x, y) => x.value - y.value || x.slot - y.slot)
        .slice(0, count);
      const parents = chosen.map(({ slot }) => slot);
      const moves = chosen.map(({ slot, vector }) => {
        const theta = incomingWeights(around, population, slot);
        const times = distance * lengthOf(theta);
        return vector.map((value) => value * times);
      });
      const { incoming: apart, bias: shift } = asIncoming(around, moves);
      return {
        count: chosen.length,
        endowment: {
          incoming: ofEach(around.into, (one) => {
            const moved = apart.get(one)!;
            return lanesOf(one, parents).map((w, i) => w - moved[i]);
          }),
          bias: shift.map((move, i) => (columns.has("bias") ? columns.get("bias", 0, parents[i]) - move : 0)),
          outgoing: ofEach(around.out, (one) => sideBySide(one, parents).map((w) => w / 2)),
          parents: parents.map((slot) => neurons[slot].id),
        },
        changes: parents.map(
          (slot, i): Change => ({
            slot,
            incoming: ofEach(around.into, (one) => {
              const moved = apart.get(one)!;
              return Float32Array.from({ length: one.fanIn }, (_, row) => moved[row * parents.length + i]);
            }),
            bias: shift[i],
            outgoing: ofEach(around.out, (one) => rowsOf(one, slot).map((w) => -w / 2)),
          }),
        ),
        evidence: { "lowest eigenvalue": Math.min(0, ...found.map(({ value }) => value)), splittable: chosen.length },
      };
    },
  };
}

/** dLoss / dh * f'' for each neuron and example. Signals go back by hand: where a neuron is silent, a network carries none. */
function curvatures({ input, out, v }: Surroundings, model: NeuronModel, size: number): Float64Array[] {
  return Array.from({ length: size }, (_, slot) => {
    const z = Float32Array.from({ length: input.rows }, (_, e) => input.data[e * size + slot]);
    const d = Math.max(1e-3, 0.25 * Math.sqrt(z.reduce((sum, one) => sum + one * one, 0) / z.length));
    const [above, below] = [d, -d].map((step) =>
      slopesOf(
        model,
        z.map((one) => one + step),
      ),
    );
    const rows = out.map((projection) => rowsOf(projection, slot));
    return Float64Array.from(z, (_, e) => {
      let sum = 0;
      for (let plane = 0; plane < model.planes; plane++) {
        let back = 0;
        let at = e * v.columns;
        out.forEach(({ columns: { lanes } }, j) => {
          for (let lane = 0; lane < lanes; lane++) back -= rows[j][plane * lanes + lane] * v.data[at++];
        });
        sum += (back * (above[plane][e] - below[plane][e])) / (2 * d);
      }
      return sum;
    });
  });
}

/** S x, without making S. */
function timesS(b: Matrix, curvature: Float64Array, x: Float64Array): Float64Array {
  const { columns: n, data } = b;
  const out = new Float64Array(n);
  for (let e = 0; e < b.rows; e++) {
    if (curvature[e] === 0) continue;
    let along = 0;
    for (let i = 0; i < n; i++) along += data[e * n + i] * x[i];
    along *= curvature[e] / b.rows;
    for (let i = 0; i < n; i++) out[i] += along * data[e * n + i];
  }
  return out;
}
