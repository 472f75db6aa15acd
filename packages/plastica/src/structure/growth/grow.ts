/**
 * Neurons are born in a life, in some way: what the way proposes is done. Every column of the old neurons stays as it is (moments, importance,
 * statistics), but where a way changes their weights: there a column that remembers a weight (whose initial value is one, as the one that l2-init
 * pulls to) moves along by the same amount, so that what pulls at a neuron pulls no other way than before.
 */
import type { Columns } from "../../network/columns.ts";
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Projection } from "../../network/projection.ts";
import { PLASTICITY } from "../../rules/plasticity.ts";
import type { Born } from "../events.ts";
import type { Examples, Life } from "../policy.ts";
import { birth } from "../structure.ts";
import type { Change, Offspring, Way } from "./ways/way.ts";

export interface GrowthOptions {
  /** The policy, or the caller's own words. */
  readonly cause: string;
  /** For ways that look. */
  readonly examples?: Examples;
}

/** Who was born. */
export interface Growth {
  readonly slots: readonly number[];
  /** None where the way has found that nobody should be born. */
  readonly event: Born | undefined;
  /** What the way has measured. */
  readonly evidence: Readonly<Record<string, number>>;
}

/**
 * Lets about `count` neurons be born in a hidden population, in this way. Takes the place of what is in the buffers. Throws ShapeError or ValueError
 * before anything is changed.
 */
export function growNeurons(
  life: Life,
  population: Population,
  count: number,
  way: Way,
  { cause, examples }: GrowthOptions,
): Growth {
  const { network, step } = life;
  way.mustSuit?.(network, population);
  const key = network.keyOf("growth", population.name, network.nextId);
  const offspring = way.propose(life, { population, count, examples, key });
  const { evidence } = offspring;
  if (offspring.count === 0) return { slots: [], event: undefined, evidence };
  const { slots, event } = birth(network, population, offspring.count, { step, cause }, offspring.endowment);
  settle(network, population, slots, offspring);
  network.changed();
  return { slots, event, evidence };
}

/** What is not in an endowment: what copies have of their parents, and what changes in these. */
export function settle(
  network: Network,
  population: Population,
  slots: readonly number[],
  { endowment, changes = [] }: Offspring,
): void {
  const { columns, neurons } = population;
  const places = new Map(neurons.map(({ id }, slot) => [id, slot]));
  for (const [i, id] of (endowment.parents ?? []).entries()) {
    const parent = places.get(id);
    if (parent === undefined) continue;
    // The bias is in the endowment already; running statistics are of what it hears, which is the same.
    for (const name of columns.names.filter((one) => INHERITED.includes(one)))
      columns.set(name, 0, slots[i], columns.get(name, 0, parent));
    for (const projection of network.incoming(population))
      eachRow(projection, (row) => inheritAbsence(projection, [row, slots[i]], [row, parent]));
    for (const projection of network.outgoing(population)) {
      const { planes, rows, lanes } = projection.columns;
      for (let plane = 0; plane < planes; plane++)
        for (let lane = 0; lane < lanes; lane++)
          inheritAbsence(projection, [plane * rows + slots[i], lane], [plane * rows + parent, lane]);
    }
  }
  for (const change of changes) make(population, change);
}

const INHERITED = ["gain", "shift", "running.mean", "running.var"];

type Place = readonly [row: number, lane: number];

function inheritAbsence({ columns }: Projection, to: Place, from: Place): void {
  if (!columns.has(PLASTICITY) || columns.get(PLASTICITY, ...from) !== 0 || columns.get("w", ...from) !== 0) return;
  columns.set("w", ...to, 0);
  columns.set(PLASTICITY, ...to, 0);
}

function make(population: Population, { slot, incoming, outgoing, bias }: Change): void {
  if (bias !== undefined && population.columns.has("bias")) move(population.columns, "bias", [0, slot], bias);
  for (const [{ columns }, added] of incoming ?? [])
    for (let row = 0; row < columns.planes * columns.rows; row++) move(columns, "w", [row, slot], added[row]);
  for (const [{ columns }, added] of outgoing ?? []) {
    const { planes, rows, lanes } = columns;
    for (let plane = 0; plane < planes; plane++)
      for (let lane = 0; lane < lanes; lane++)
        move(columns, "w", [plane * rows + slot, lane], added[plane * lanes + lane]);
  }
}

/** Adds to a weight, and to whatever remembers one. */
function move(columns: Columns, weight: string, place: Place, added: number): void {
  for (const name of columns.names)
    if (name === weight || columns.initial(name) === weight)
      columns.set(name, ...place, columns.get(name, ...place) + added);
}

function eachRow({ columns }: Projection, visit: (row: number) => void): void {
  for (let row = 0; row < columns.planes * columns.rows; row++) visit(row);
}
