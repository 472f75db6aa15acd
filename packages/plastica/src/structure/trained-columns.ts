/** All that a network learns, and what its rule keeps of it. */
import type { Columns } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import { isPlasticity } from "../rules/plasticity.ts";

export interface TrainedColumn {
  /** Whose it is. */
  readonly owner: Projection | Population;
  readonly columns: Columns;
  /** "w" of a projection, or "bias", "gain" or "shift" of a population. */
  readonly name: string;
}

/** The weights of projections, and the biases, gains and shifts of populations. */
export function trainedColumns({ populations, projections }: Network): TrainedColumn[] {
  return [...projections, ...populations].flatMap(trainedOf);
}

export function trainedOf(owner: Projection | Population): TrainedColumn[] {
  const names = "post" in owner ? ["w"] : owner.parameters;
  return names.map((name) => ({ owner, columns: owner.columns, name }));
}

/** The columns of what the rule keeps, its moments and traces: "m" beside "w", "bias.m" beside "bias". What policies keep is none of it. */
export function ruleState({ columns, name }: TrainedColumn): string[] {
  const isOf = (column: string) =>
    name === "w" ? column !== "w" && !column.includes(".") : column.startsWith(`${name}.`);
  return columns.names.filter((column) => isOf(column) && !isPlasticity(column));
}
