/** All that a network learns: the weights of its projections, and the biases, gains and shifts of its populations. */
import type { Columns } from "../../network/columns.ts";
import type { Network } from "../../network/network.ts";

export function trainedColumns({ populations, projections }: Network): { columns: Columns; name: string }[] {
  return [
    ...projections.map(({ columns }) => ({ columns, name: "w" })),
    ...populations.flatMap(({ columns, parameters }) => parameters.map((name) => ({ columns, name }))),
  ];
}
