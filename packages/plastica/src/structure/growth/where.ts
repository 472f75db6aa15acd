/** Where newborns go: which of the layers that a criterion asks for, or, where it asks for none by name, which of all. */

import { ValueError } from "../../errors.ts";
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Demand } from "./criteria/criterion.ts";

/**
 * `all`: every layer that is asked for, or all. `highest`: that of the highest score. `familiarity`: the first hidden layer if what comes in looks unlike what came before, else
 * the last one: dissimilar tasks need features of their own, similar ones other uses of them. Or a population's name.
 */
export const places: readonly string[] = ["all", "highest", "familiarity"];

/** Throws ValueError for what is no place in this network. */
export function mustBeAPlace(network: Network, policy: string, where: string): void {
  const hidden = network.hidden;
  if (where === "familiarity" && hidden.length === 0)
    throw new ValueError(
      `${policy}: where is "familiarity", the first or the last hidden layer: this network has none`,
    );
  const known = [...places, ...hidden.map(({ name }) => name)];
  if (!known.includes(where))
    throw new ValueError(`${policy}: where is ${JSON.stringify(where)}: one of ${known.join(", ")}`);
}

/** Where newborns may go, whoever asks for them. */
export function populationsAt(network: Network, where: string): readonly Population[] {
  const hidden = network.hidden;
  if (where === "familiarity") return [...new Set([hidden[0], hidden.at(-1)!])];
  return places.includes(where) ? hidden : hidden.filter(({ name }) => name === where);
}

/** Where, and for which demand. */
export interface Placed {
  readonly population: Population;
  readonly demand: Demand;
}

/** What may be asked of the life, if need be. */
export interface Local {
  /** Around 1 where inputs look as they did before, around 0 where they do not. */
  familiarity(): number;
  /** How urgently each hidden population would need newborns, where no criterion says it. */
  scores(): ReadonlyMap<Population, number>;
}

/** Below this familiarity, inputs are unlike. */
const UNLIKE = 0.5;

/** The highest demand of each place, from the input on. */
export function placed(network: Network, demands: readonly Demand[], where: string, local: Local): Placed[] {
  const hidden = network.hidden;
  if (demands.length === 0 || hidden.length === 0) return [];
  const by = (population: Population) =>
    demands
      .filter((demand) => demand.population === population || demand.population === undefined)
      .reduce<Demand | undefined>((most, one) => (most && most.score >= one.score ? most : one), undefined);
  const at = (populations: readonly Population[]) =>
    populations.flatMap((population): Placed[] => {
      const demand = by(population);
      return demand ? [{ population, demand }] : [];
    });
  if (where === "all") return at(hidden);
  if (where === "familiarity") return at([local.familiarity() < UNLIKE ? hidden[0] : hidden.at(-1)!]);
  if (where === "highest") {
    const asked = at(hidden);
    const scores = asked.some(({ demand }) => demand.population) ? undefined : local.scores();
    const score = ({ population, demand }: Placed) => scores?.get(population) ?? demand.score;
    return asked.length > 0 ? [asked.reduce((most, one) => (score(one) > score(most) ? one : most))] : [];
  }
  return at(hidden.filter(({ name }) => name === where));
}
