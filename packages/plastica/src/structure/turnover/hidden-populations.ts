/** The hidden populations of a network, each with what a policy keeps of it. Layers that come are taken up, layers that go are let go. */
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";

export class HiddenPopulations<T> {
  #all: { readonly population: Population; readonly of: T }[] = [];

  /** `take` is called once for each population, now or when it comes. */
  constructor(network: Network, take: (population: Population) => T) {
    const settle = () => {
      this.#all = network.hidden.map((population) => {
        const known = this.#all.find((one) => one.population === population);
        return known ?? { population, of: take(population) };
      });
    };
    settle();
    network.onRecomposed(settle);
  }

  [Symbol.iterator](): Iterator<{ readonly population: Population; readonly of: T }> {
    return this.#all[Symbol.iterator]();
  }
}
