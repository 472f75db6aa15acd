/** What hidden populations put out for examples, as matrices: a row a neuron (and plane), divided by the root of the number of examples. */
import type { Population } from "../../../network/population.ts";
import type { Examples, Life } from "../../policy.ts";
import { type Matrix, matrix, singularAbove } from "../linear-algebra.ts";

/** Of the last pass of so many examples. Its singular values are those of A / sqrt(n). */
export function activityOf(population: Population, examples: number): Matrix {
  const outputs = population.outputs(examples);
  const series = population.model.planes * population.size;
  const times = outputs.length / series;
  const rows = matrix(series, times);
  for (let i = 0; i < outputs.length; i++)
    rows.data[(i % series) * times + Math.floor(i / series)] = outputs[i] / Math.sqrt(times);
  return rows;
}

/** Singular values of A / sqrt(n) above this count. */
export const THRESHOLD = 0.01;

/** The effective dimension of each hidden population: how many singular values of A / sqrt(n) are above the threshold. */
export function effectiveDimensions(
  life: Life,
  examples: Examples,
  threshold = THRESHOLD,
): { population: Population; dimension: number }[] {
  life.evaluate(examples);
  return life.network.hidden.map((population) => ({
    population,
    dimension: singularAbove(activityOf(population, examples.count), threshold),
  }));
}

/** What share of each hidden population's dimensions is in use: where it is largest, newborns are missed most. */
export function sharesInUse(life: Life, examples: Examples): ReadonlyMap<Population, number> {
  const all = effectiveDimensions(life, examples);
  return new Map(all.map(({ population, dimension }) => [population, dimension / population.size]));
}
