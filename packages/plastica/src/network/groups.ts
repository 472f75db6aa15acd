/**
 * The groups of a grouped convolution: which group a channel is in, on either side, is a column of its population, so that it goes where the
 * channel goes. Synapses between groups are absent, and none grows there. Who is born joins the smallest group, of equals the first.
 */
import { PLASTICITY } from "../rules/plasticity.ts";
import type { Columns } from "./columns.ts";
import type { Network } from "./network.ts";
import type { Population } from "./population.ts";

export class Groups {
  readonly #pre: Population;
  readonly #post: Population;
  readonly #columns: Columns;
  readonly #count: number;

  constructor(pre: Population, post: Population, columns: Columns, count: number) {
    this.#pre = pre;
    this.#post = post;
    this.#columns = columns;
    this.#count = count;
    columns.add(PLASTICITY, 1);
    this.take();
    this.share();
  }

  /** Makes sure that its populations have its columns. Returns these, on either side. */
  take(): [Population, string][] {
    return [this.#pre, this.#post].map((population) => {
      const name = this.#column(population);
      population.columns.add(name, 0);
      return [population, name];
    });
  }

  /**
   * Shares the channels that are in no group yet out in order, and removes what would lead from one group to another. Who speaks to several in as
   * many groups is in the same one for all.
   */
  share(): void {
    for (const population of [this.#pre, this.#post]) {
      const group = population.columns.view(this.#column(population));
      for (let slot = 0; slot < population.size; slot++)
        if (group[slot] === 0) group[slot] = 1 + Math.floor((slot * this.#count) / population.size);
    }
    for (let slot = 0; slot < this.#post.size; slot++) this.#part(slot, "post");
  }

  /** Whether a synapse may be there; named by its place in packed columns. */
  allows(place: number): boolean {
    const { rows, lanes } = this.#columns;
    return this.#of(this.#pre, Math.floor(place / lanes) % rows) === this.#of(this.#post, place % lanes);
  }

  /** Takes in the newborn in `slot`, whose synapses have just been given to it. */
  admit(slot: number, side: "pre" | "post"): void {
    const population = side === "pre" ? this.#pre : this.#post;
    const sizes = new Int32Array(this.#count + 1);
    for (let other = 0; other < population.size; other++) if (other !== slot) sizes[this.#of(population, other)]++;
    const others = sizes.subarray(1);
    population.columns.set(this.#column(population), 0, slot, 1 + others.indexOf(Math.min(...others)));
    this.#part(slot, side);
  }

  /** Removes what leads from a channel to other groups. */
  #part(slot: number, side: "pre" | "post"): void {
    const { planes, rows, lanes } = this.#columns;
    const other = side === "pre" ? this.#post : this.#pre;
    const own = this.#of(side === "pre" ? this.#pre : this.#post, slot);
    for (let i = 0; i < other.size; i++) {
      if (this.#of(other, i) === own) continue;
      const [row, lane] = side === "pre" ? [slot, i] : [i, slot];
      if (lane >= lanes) continue;
      for (let plane = 0; plane < planes; plane++)
        for (const name of ["w", PLASTICITY]) this.#columns.set(name, plane * rows + row, lane, 0);
    }
  }

  #of(population: Population, slot: number): number {
    return population.columns.get(this.#column(population), 0, slot);
  }

  #column(population: Population): string {
    return `groups.${this.#count}.${population === this.#post ? "in" : "out"}`;
  }
}

/** The groups of convolutions that have left are forgotten; who comes back has them. */
export function keepGroups({ populations, projections }: Pick<Network, "populations" | "projections">): void {
  const kept = projections.flatMap(({ groups }) => groups?.take() ?? []);
  for (const population of populations)
    for (const name of population.columns.names.filter(isGroup))
      if (!kept.some((one) => one[0] === population && one[1] === name)) population.columns.remove(name);
}

/** Whether a population's column tells groups. */
export function isGroup(name: string): boolean {
  return /^groups\.\d+\.(in|out)$/.test(name);
}
