/** A value that a kind of dropout learns: one for a layer, in a grid of its own, or one for each neuron, in the population's column. */
import { Columns } from "../../network/columns.ts";
import type { Population } from "../../network/population.ts";
import { must } from "./ranges.ts";

export type Per = "layer" | "neuron";

export class LayerValue {
  /** The grid of its own, where there is one value. */
  readonly own: Columns | undefined;
  readonly #columns: Columns;
  readonly #name: string;

  /** The column is called `dropout.<name>`, the layer's own `<name>`. A newborn has the initial value. */
  constructor({ compute, columns }: Population, name: string, initial: number, per: Per) {
    this.own = per === "layer" ? new Columns(compute.arena, 1, 1, 1) : undefined;
    this.#columns = this.own ?? columns;
    this.#name = this.own ? name : `dropout.${name}`;
    this.#columns.add(this.#name, initial);
  }

  /** By slot; of a layer the same for all. */
  get(slot: number): number {
    return this.#columns.get(this.#name, 0, this.own ? 0 : slot);
  }

  set(slot: number, value: number): void {
    this.#columns.set(this.#name, 0, this.own ? 0 : slot, value);
  }

  /** Calls `move` with each value and the sum of `gradient` over the slots that share it, and keeps what it returns. */
  learn(
    size: number,
    gradient: (slot: number) => number,
    move: (value: number, sum: number, slots: number) => number,
  ): void {
    if (!this.own) {
      for (let slot = 0; slot < size; slot++) this.set(slot, move(this.get(slot), gradient(slot), 1));
      return;
    }
    let sum = 0;
    for (let slot = 0; slot < size; slot++) sum += gradient(slot);
    this.set(0, move(this.get(0), sum, size));
  }
}

export function mustBePer(kind: string, per: string): asserts per is Per {
  must(kind, "per", per, per === "layer" || per === "neuron", '"layer" or "neuron"');
}
