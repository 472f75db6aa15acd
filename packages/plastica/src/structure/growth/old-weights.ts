/**
 * What becomes of the old weights when neurons are born, and how fast newborns learn: by the plasticity of synapses, and of biases, gains and shifts
 * (rules/plasticity.ts).
 *
 * - `free`: the old weights learn on.
 * - `masked`: for a warm-up all that is old stands still, synapses between old neurons and their parameters; only what newborns hear and say learns. Then the old
 *   learns on as it did before.
 * - `frozen`: old hidden neurons stand still for good, statistics of batch normalisation too, and hear no newborn: what they say will never change, but for
 *   input normalisation that runs on, nor what was built on it. Layer normalisation would let them hear newborns, and is refused. Outputs learn on; but those that take
 *   no part when newborns come, the heads of other tasks, do not hear them. Later tasks make use of earlier ones through the hidden layers.
 */
import { ValueError } from "../../errors.ts";
import type { Columns } from "../../network/columns.ts";
import type { Network } from "../../network/network.ts";
import type { Neuron } from "../../network/population.ts";
import { plasticityOf } from "../../rules/plasticity.ts";
import type { LifeEvent } from "../events.ts";
import { canStandStill, holdStatistics, maskOf, UNMASKED } from "../stillness.ts";
import type { Occasion } from "../structure.ts";
import { type TrainedColumn, trainedColumns } from "../trained-columns.ts";

export type OldWeights = "free" | "masked" | "frozen";

/** Of a neuron: newborn, young, ... */
export type Is = (neuron: Neuron) => boolean;

/** Makes room for masks, in all that a network learns and will learn. */
export function allowMasks(network: Network): void {
  const settle = () => {
    for (const { columns, masked } of trained(network)) columns.add(masked, UNMASKED);
  };
  settle();
  network.changed();
  network.onRecomposed(settle);
}

/** Makes room for what stands still for good. Throws ValueError where the old would hear newborns all the same. */
export function allowFreezing(network: Network): void {
  const hears = network.hidden.find(({ norm }) => norm?.kind === "layer");
  if (hears)
    throw new ValueError(
      `dropin: old is "frozen", and ${hears.name} is normalised by layer, where the old hears newborns: by batch, or not at all`,
    );
  canStandStill(network);
}

/** All that is old stands still. */
export function mask(network: Network, isNew: Is, { step, cause }: Occasion): LifeEvent[] {
  return trained(network).flatMap((one) => {
    const { owner, columns, plasticity, masked } = one;
    columns.add(plasticity, 1);
    const count = visit(columns, (row, lane) => {
      if (ends(one, row, lane).some(isNew)) return false;
      columns.set(masked, row, lane, columns.get(plasticity, row, lane));
      columns.set(plasticity, row, lane, 0);
      return true;
    });
    return count > 0 ? [{ type: "frozen", step, cause, of: owner.name, count } as const] : [];
  });
}

/** All that was masked learns as it did before. */
export function unmask(network: Network, { step, cause }: Occasion): LifeEvent[] {
  return trained(network).flatMap(({ owner, columns, plasticity, masked }) => {
    const count = visit(columns, (row, lane) => {
      const before = columns.get(masked, row, lane);
      if (before === UNMASKED) return false;
      columns.set(plasticity, row, lane, before);
      columns.set(masked, row, lane, UNMASKED);
      return true;
    });
    return count > 0 ? [{ type: "thawed", step, cause, of: owner.name, count } as const] : [];
  });
}

/** Old hidden neurons stand still and hear no newborn, nor do outputs other than these. */
export function freezeOld(
  network: Network,
  isNew: Is,
  { step, cause }: Occasion,
  outputs?: readonly number[],
): LifeEvent[] {
  const hidden = new Set(network.hidden.flatMap(({ neurons }) => neurons));
  for (const population of network.hidden) {
    const old = population.neurons.flatMap((neuron, slot) => (isNew(neuron) ? [] : [slot]));
    holdStatistics(population, old);
  }
  const deaf = new Set(network.outputs.neurons.filter((_, slot) => outputs && !outputs.includes(slot)));
  return trained(network).flatMap((one) => {
    const { owner, columns, plasticity } = one;
    columns.add(plasticity, 1);
    const count = visit(columns, (row, lane) => {
      const [post, pre] = ends(one, row, lane) as [Neuron, Neuron?];
      const stands = hidden.has(post) && !isNew(post);
      const unheard = pre !== undefined && isNew(pre) && (stands || deaf.has(post));
      if (unheard) columns.set("w", row, lane, 0);
      if (stands || unheard) columns.set(plasticity, row, lane, 0);
      return stands && !unheard;
    });
    return count > 0 ? [{ type: "frozen", step, cause, of: owner.name, count } as const] : [];
  });
}

/** What newborns hear and say learns `rate` times as fast, their parameters too; what is absent or stands still stays so. */
export function hasten(network: Network, isNew: Is, rate: number): void {
  if (rate === 1) return;
  for (const one of trained(network)) {
    const { columns, plasticity } = one;
    columns.add(plasticity, 1);
    visit(columns, (row, lane) => {
      if (!ends(one, row, lane).some(isNew) || columns.get(plasticity, row, lane) !== 1) return false;
      columns.set(plasticity, row, lane, rate);
      return true;
    });
  }
}

/** Whatever was hastened and has no young end any more learns at the usual rate, or will once it is not masked any more. */
export function calm(network: Network, isYoung: Is, rate: number): void {
  const hastened = Math.fround(rate);
  if (hastened === 1) return;
  for (const one of trained(network)) {
    const { columns, plasticity, masked } = one;
    for (const name of [plasticity, masked].filter((each) => columns.has(each)))
      visit(columns, (row, lane) => {
        if (columns.get(name, row, lane) !== hastened || ends(one, row, lane).some(isYoung)) return false;
        columns.set(name, row, lane, 1);
        return true;
      });
  }
}

interface Trained extends TrainedColumn {
  /** The columns that say how fast it learns. */
  readonly plasticity: string;
  readonly masked: string;
}

function trained(network: Network): Trained[] {
  return trainedColumns(network).map((column) => {
    const { name } = column;
    return { ...column, plasticity: plasticityOf(name), masked: maskOf(name) };
  });
}

/** The neurons that a value is of: the postsynaptic one, and of a synapse the presynaptic one too. */
function ends({ owner, columns }: Trained, row: number, lane: number): readonly Neuron[] {
  return "post" in owner ? [owner.post.neurons[lane], owner.pre.neurons[row % columns.rows]] : [owner.neurons[lane]];
}

/** Visits every value; returns for how many that was true. */
function visit({ planes, rows, lanes }: Columns, each: (row: number, lane: number) => boolean): number {
  let count = 0;
  for (let row = 0; row < planes * rows; row++) for (let lane = 0; lane < lanes; lane++) if (each(row, lane)) count++;
  return count;
}
