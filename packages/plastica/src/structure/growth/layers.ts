/** Growth by whole layers: newborns that live beside a population, or between it and the next. */
import { ValueError } from "../../errors.ts";
import { presentIn } from "../../network/absent.ts";
import type { Network } from "../../network/network.ts";
import { crelu } from "../../network/neurons.ts";
import type { Population } from "../../network/population.ts";
import type { LifeEvent } from "../events.ts";
import { addLayer, insertLayer, passesOn, sizeBetween } from "../layers.ts";
import type { Life } from "../policy.ts";
import type { GrowthOptions } from "./grow.ts";
import type { Way } from "./ways/way.ts";

export interface LayerGrowth {
  /** None where the way has found that nobody should be born. */
  readonly population: Population | undefined;
  readonly events: readonly LifeEvent[];
  readonly evidence: Readonly<Record<string, number>>;
}

/**
 * Lets about `count` neurons be born beside a population: a layer of their own, of the same kind, that hears what it hears and speaks to whom it speaks to, the first of each
 * where there are several, with weights as this way gives them. Throws ShapeError or ValueError before anything is changed, also where the way changes neurons that are there.
 */
export function growBeside(
  life: Life,
  population: Population,
  count: number,
  way: Way,
  { cause, examples }: GrowthOptions,
): LayerGrowth {
  const { network, step } = life;
  const [into, out] = [network.incoming(population)[0], network.outgoing(population)[0]];
  way.mustSuit?.(network, population);
  const key = network.keyOf("growth", population.name, network.nextId);
  const { endowment, changes = [], evidence, ...offspring } = way.propose(life, { population, count, examples, key });
  if (changes.length > 0)
    throw new ValueError(
      `a layer beside ${population.name}: ${way.name} changes the neurons of ${population.name}, which stay as they are`,
    );
  if (offspring.count === 0) return { population: undefined, events: [], evidence };
  const grown = addLayer(
    network,
    { like: population.name, from: into.pre.name, to: out.post.name, size: offspring.count },
    { step, cause },
    { incoming: endowment.incoming?.get(into), outgoing: endowment.outgoing?.get(out), bias: endowment.bias },
  );
  return { ...grown, evidence };
}

/**
 * Lets a layer be born between a population and the first that it speaks to, as the identity (../layers.ts): of the same model where that is one there, else of CReLUs. What the network
 * says stays the same to rounding.
 */
export function growBetween(life: Life, population: Population, { cause }: GrowthOptions): LayerGrowth {
  const { network, step } = life;
  const { projection, model } = layerBetween(network, population);
  return { ...insertLayer(network, projection, { model }, { step, cause }), evidence: {} };
}

/** What `growBetween` would let be born: in which projection, of which model, how many neurons, and how many parameters more there would be. */
export function layerBetween(network: Network, population: Population) {
  const [projection] = network.outgoing(population);
  const own = population.model;
  const model = passesOn(own, own) ? own : crelu();
  const size = sizeBetween(projection);
  const parameters = size * (size + 1) + (model.planes - 1) * presentIn(projection.columns);
  return { projection, model, size, parameters };
}

/** Parameters that each neuron of a layer beside a population has. */
export function costBeside(network: Network, population: Population): number {
  const [into, out] = [network.incoming(population)[0], network.outgoing(population)[0]];
  return population.parameters.length + into.fanIn + out.columns.planes * out.post.size;
}
