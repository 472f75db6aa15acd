/**
 * Rewinding: the synapses that are left are put back to the weights they had early in life, and everything that was learned about them
 * (moments, traces, ages) to what it was at birth. The early weights lie in columns, so that those of a neuron go where it goes.
 *
 * J. Frankle, G. K. Dziugaite, D. M. Roy, M. Carbin: Stabilizing the lottery ticket hypothesis, arXiv 1903.01611 (early); J. Frankle,
 * M. Carbin: The lottery ticket hypothesis, ICLR 2019, arXiv 1803.03635 (first weights).
 */
import type { Columns } from "../../network/columns.ts";
import type { Network } from "../../network/network.ts";
import type { Projection } from "../../network/projection.ts";
import { isPlasticity } from "../../rules/plasticity.ts";
import { absent } from "../synapses.ts";

export class Rewinding {
  readonly #network: Network;
  readonly #owner: string;

  /** Remembers the weights as they are now, and of who is born later, those at birth. `owner` is put before the columns' names. */
  constructor(network: Network, owner: string) {
    this.#network = network;
    this.#owner = owner;
    this.#settle();
    network.onRecomposed(() => this.#settle());
  }

  #settle(): void {
    for (const { columns, trained } of this.#grids()) for (const name of trained) columns.add(this.#early(name), name);
  }

  /** What it goes back to is from now on what is there now. */
  remember(): void {
    for (const { columns, trained } of this.#grids())
      for (const name of trained) columns.view(this.#early(name)).set(columns.view(name));
  }

  /** What it goes back to, absent synapses too, as packed. */
  weightsOf({ columns }: Projection): Float32Array {
    return columns.packed(this.#early("w"));
  }

  /** Puts back all synapses that are there. */
  rewind(): void {
    const { projections } = this.#network;
    const gone = projections.map(absent);
    for (const { columns, trained, learned } of this.#grids()) {
      for (const name of trained) columns.view(name).set(columns.view(this.#early(name)));
      for (const name of learned) columns.reset(name);
    }
    for (const [i, { columns }] of projections.entries()) {
      for (const place of gone[i]) columns.set("w", Math.floor(place / columns.lanes), place % columns.lanes, 0);
    }
  }

  #early(name: string): string {
    return `${this.#owner}.early.${name}`;
  }

  /** What has columns: its weights, and what the rule keeps of them, whose names have no owner before them. */
  #grids(): { columns: Columns; trained: readonly string[]; learned: readonly string[] }[] {
    const { populations, projections } = this.#network;
    return [
      ...projections.map(({ columns }) => {
        const learned = columns.names.filter((name) => !name.includes(".") && name !== "w" && !isPlasticity(name));
        return { columns, trained: ["w"], learned };
      }),
      ...populations.map(({ columns, parameters: trained }) => {
        const learned = columns.names.filter((name) => name === "age" || trained.includes(name.split(".")[0]));
        return { columns, trained, learned: learned.filter((name) => !trained.includes(name) && !isPlasticity(name)) };
      }),
    ];
  }
}
