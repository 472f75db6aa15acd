/**
 * Rewinding: the synapses that are left are put back to the weights they had early in life, and everything that was learned about them
 * (moments, traces, ages) to what it was at birth. The early weights lie in columns, so that those of a neuron go where it goes.
 *
 * J. Frankle, G. K. Dziugaite, D. M. Roy, M. Carbin: Stabilizing the lottery ticket hypothesis, arXiv 1903.01611 (early); J. Frankle,
 * M. Carbin: The lottery ticket hypothesis, ICLR 2019, arXiv 1803.03635 (first weights).
 */

import type { Network } from "../../network/network.ts";
import type { Projection } from "../../network/projection.ts";
import { reweigh } from "../../network/weights.ts";
import { beginOptimiserAnew } from "../renewal/renewal.ts";
import { trainedColumns } from "../trained-columns.ts";

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
    for (const { columns, name } of trainedColumns(this.#network)) columns.add(this.#early(name), name);
  }

  /** What it goes back to is from now on what is there now. */
  remember(): void {
    for (const { columns, name } of trainedColumns(this.#network))
      columns.view(this.#early(name)).set(columns.view(name));
  }

  /** What it goes back to, absent synapses too, as packed. */
  weightsOf({ columns }: Projection): Float32Array {
    return columns.packed(this.#early("w"));
  }

  /** Puts back all that is there and does not stand still. */
  rewind(): void {
    for (const { columns, name } of trainedColumns(this.#network)) {
      const early = columns.packed(this.#early(name));
      reweigh(columns, name, (_, place) => early[place]);
    }
    beginOptimiserAnew(this.#network);
  }

  #early(name: string): string {
    return `${this.#owner}.early.${name}`;
  }
}
