/**
 * Targeted dropout: only those are silenced that matter least, so that a network learns to do without what pruning will take.
 *
 *   magnitude_j = sum_i |w_ij|;   of the `share` of neurons with the smallest: mask ~ Bernoulli(1 - rate);   of all others: mask = 1
 *
 * Gomez, Zhang, Kamalakara, Madaan, Swersky, Gal and Hinton, "Learning sparse networks using targeted dropout", arXiv 1905.13678 (unit
 * dropout; there by the L2 norm, here by the L1 norm, which the engine has a kernel for). As there, nobody speaks louder. Who is a target is
 * found again every `refresh` updates and is a column, `dropout.target`; a newborn is none until then.
 */
import type { Dropout, Silencing } from "../../network/silencing.ts";
import { must } from "./ranges.ts";

export interface TargetedDropoutOptions {
  /** Share of neurons that are targets: from 0 to 1. Default 0.5. */
  share?: number;
  /** Probability that a target is silent: from 0 to 1. Default 0.5. */
  rate?: number;
  /** Updates from one look at the weights to the next: a whole number from 1. Default 100. */
  refresh?: number;
}

const TARGET = "dropout.target";

/** Throws ValueError for options out of their range. */
export function targetedDropout({ share = 0.5, rate = 0.5, refresh = 100 }: TargetedDropoutOptions = {}): Dropout {
  must("targetedDropout", "share", share, share >= 0 && share <= 1, "from 0 to 1");
  must("targetedDropout", "rate", rate, rate >= 0 && rate <= 1, "from 0 to 1");
  must("targetedDropout", "refresh", refresh, Number.isSafeInteger(refresh) && refresh >= 1, "a whole number from 1");
  return {
    name: "targeted",
    options: { share, rate, refresh },
    attach(population) {
      population.columns.add(TARGET, 0);
      return {
        draw(layer) {
          if (layer.purpose === "learning" && (layer.step - 1) % refresh === 0) aim(layer, share);
          const targets = population.columns.view(TARGET);
          layer.fill((row, slot) => (targets[slot] === 1 && layer.uniform(row, slot) < rate ? 0 : 1));
        },
      };
    },
  };
}

/** Marks the neurons of least magnitude; of equals, those in the first slots. */
function aim({ population, network }: Silencing, share: number): void {
  const { compute, vectors, size, stride } = population;
  const { arena, kernels } = compute;
  const magnitude = new Float64Array(size);
  const sums = arena.allocate(stride);
  for (const { columns } of network.incoming(population)) {
    kernels.sumMagnitudes(sums, columns.pointer("w"), columns.stride, columns.planes * columns.rowCapacity, 0, vectors);
    for (let slot = 0; slot < size; slot++) magnitude[slot] += arena.f32[(sums >>> 2) + slot];
  }
  arena.free(sums);
  const order = Array.from(magnitude, (_, slot) => slot).sort((a, b) => magnitude[a] - magnitude[b] || a - b);
  const targets = population.columns.view(TARGET);
  order.forEach((slot, place) => {
    targets[slot] = place < Math.floor(share * size) ? 1 : 0;
  });
}
