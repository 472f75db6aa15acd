/**
 * TINY: newborns do what the population cannot. With b what comes in, a what the population puts out (and a 1, for the biases) and v which way the inputs of the next layer should
 * move, what is left of v when the best that the present outputs can do is taken away is
 *
 *   v* = v - a (a'a)^+ a'v,    S = E[b b'],   N = E[b v*'],   S^(-1/2) N = U diag(s) V',
 *   in:  sqrt(s_k) S^(-1/2) u_k      out:  sqrt(s_k) v_k      for s_k of at least `threshold`,
 *
 * times sqrt(amplitude) each; the amplitude, a power of 2, is that of least loss on the examples. A ReLU passes on only one side, so there each direction
 * is two newborns, one turned round. Fewer may be born than were wanted, none where nothing is left to do. What the network says changes, for the better.
 *
 * M. Verbockhaven, T. Rudkiewicz, S. Chevallier and G. Charpiat: Growing tiny networks, TMLR 2024 (arXiv 2405.19816; github.com/growingnet/gromo). They first take
 * a step of the present weights towards what these can do; here that is left to the rule. Directions of S below 1e-6 of its largest eigenvalue are left out.
 */
import { ValueError } from "../../../errors.ts";
import type { Columns } from "../../../network/columns.ts";
import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import type { Life } from "../../policy.ts";
import { birth } from "../../structure.ts";
import { type Matrix, product, svd, transposed } from "../linear-algebra.ts";
import { asIncoming, asOutgoing, mustBeDense, needed, surroundings } from "../surroundings.ts";
import { tried } from "../tried.ts";
import { columnOf } from "./gradmax.ts";
import type { Offspring, Wanted, Way } from "./way.ts";
import { mustBeSilent } from "./zero-in.ts";

export interface TinyOptions {
  /** Of singular values, from 0. Default 0.001. */
  readonly threshold?: number;
}

/** Amplitudes that are tried, as powers of 2. */
const [LEAST, MOST] = [-10, 6];

/** Throws ValueError for an option out of its range; in use, as zero-in, and ShapeError without examples or where projections are not dense. */
export function tiny({ threshold = 1e-3 }: TinyOptions = {}): Way {
  if (!(threshold >= 0 && threshold < Number.POSITIVE_INFINITY))
    throw new ValueError(`tiny: threshold is ${threshold}: from 0`);
  return {
    name: "tiny",
    options: { threshold },
    preserves: "no",
    looks: true,
    mustSuit(network, population) {
      mustBeSilent(population);
      mustBeDense(network, population, "tiny");
    },
    propose(life, wanted) {
      const { population } = wanted;
      const around = surroundings(life, population, wanted.examples, "tiny");
      const { b, v, loss } = around;
      const root = Math.sqrt(b.rows);
      const present = svd(around.a, 1e-6).left;
      const left = minus(v, product(present, product(transposed(present), v)));
      // S^(-1/2) N = Q P' v* / sqrt(n), where P diag(r) Q' is b / sqrt(n): neither S nor its root need be made.
      const { left: p, values: r, right: q } = svd(b, 1e-3);
      const { left: u, values: s, right } = svd(product(transposed(p), left), 1e-9);
      const useful = [...s].filter((value) => value / root >= threshold).length;
      const sides = population.model.gated ? [1, -1] : [1];
      const kept = Math.min(useful, Math.ceil(wanted.count / sides.length));
      const count = Math.min(wanted.count, kept * sides.length);
      const evidence = { "largest singular value": (s[0] ?? 0) / root, directions: useful, "loss before": loss };
      if (count === 0) return { count, endowment: {}, evidence };
      const [ins, outs]: [Float64Array[], Float64Array[]] = [[], []];
      for (let i = 0; i < count; i++) {
        const k = Math.floor(i / sides.length);
        const weight = Math.sqrt(s[k] / root) * sides[i % sides.length];
        const along = columnOf(u, k).map((value, j) => (value * root) / r[j]);
        ins.push(product(q, { rows: along.length, columns: 1, data: along }).data.map((value) => value * weight));
        outs.push(columnOf(right, k).map((value) => value * weight));
      }
      const at = (amplitude: number): Offspring["endowment"] => {
        const times = (rows: Float64Array[]) => rows.map((row) => row.map((value) => value * Math.sqrt(amplitude)));
        return { ...asIncoming(around, times(ins)), outgoing: asOutgoing(around, times(outs)) };
      };
      const best = lineSearch(life, { ...wanted, count }, at(2 ** LEAST));
      return {
        count,
        endowment: at(best.amplitude),
        evidence: { ...evidence, amplitude: best.amplitude, "loss after": best.loss },
      };
    },
  };
}

/** The amplitude of least loss: newborns on a branch, whose weights grow by steps of the root of 2. */
function lineSearch(
  life: Life,
  { population, count, examples }: Wanted,
  endowment: Offspring["endowment"],
): { amplitude: number; loss: number } {
  const { network, step } = life;
  return tried(life, () => {
    const { slots } = birth(network, population, count, { step, cause: "tiny" }, endowment);
    let best = { amplitude: 0, loss: Number.POSITIVE_INFINITY };
    for (let power = LEAST; power <= MOST; power++) {
      const { loss } = life.evaluate(needed(examples, "tiny"));
      if (loss < best.loss) best = { amplitude: 2 ** power, loss };
      for (const slot of slots) lengthen(network, population, slot, Math.SQRT2);
    }
    return best;
  });
}

/** Multiplies all that a neuron hears, and all that it says. */
function lengthen(network: Network, population: Population, slot: number, times: number): void {
  const multiply = (columns: Columns, name: string, row: number, lane: number) =>
    columns.set(name, row, lane, columns.get(name, row, lane) * times);
  if (population.columns.has("bias")) multiply(population.columns, "bias", 0, slot);
  for (const { columns } of network.incoming(population))
    for (let row = 0; row < columns.planes * columns.rows; row++) multiply(columns, "w", row, slot);
  for (const { columns } of network.outgoing(population))
    for (let plane = 0; plane < columns.planes; plane++)
      for (let lane = 0; lane < columns.lanes; lane++) multiply(columns, "w", plane * columns.rows + slot, lane);
}

function minus(a: Matrix, b: Matrix): Matrix {
  return { ...a, data: a.data.map((value, i) => value - b.data[i]) };
}
