/**
 * Vital signs of a network, measured on examples: of each hidden layer
 *
 *   dormant      share of its neurons that are silent for all of them
 *   stretch      length of its incoming weights, as a multiple of that at birth
 */
import type { Population } from "../../network/population.ts";
import type { Examples, Life } from "../policy.ts";
import { stretch } from "../renewal/renewal.ts";

/** Of one hidden layer. */
export interface LayerSigns {
  readonly population: Population;
  readonly dormant: number;
  readonly stretch: number;
}

export interface Signs {
  readonly loss: number;
  readonly layers: readonly LayerSigns[];
}

/** Looks at a life with these examples. Learns nothing. */
export function vitalSigns(life: Life, examples: Examples): Signs {
  const { loss } = life.evaluate(examples);
  const { network } = life;
  const layers = network.hidden.map((population) => ({
    population,
    dormant: dormant(population, examples.count),
    stretch: stretch(network, population),
  }));
  return { loss, layers };
}

/** As evidence: by name and layer. */
export function signsAsEvidence({ loss, layers }: Signs): Record<string, number> {
  const evidence: Record<string, number> = { loss };
  for (const { population, ...signs } of layers)
    for (const [name, value] of Object.entries(signs)) evidence[`${population.name}.${name}`] = value;
  return evidence;
}

/** Of the examples in the buffers. */
function dormant(population: Population, examples: number): number {
  const { size } = population;
  const awake = new Uint8Array(size);
  const outputs = population.outputs(examples);
  for (let i = 0; i < outputs.length; i++) if (outputs[i] !== 0) awake[i % size] = 1;
  return awake.reduce((silent, is) => silent - is, size) / size;
}
