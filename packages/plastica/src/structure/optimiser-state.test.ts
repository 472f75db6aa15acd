/** Neurons that come and go in silence leave no trace in what the others learn, nor in their optimiser state. */
import { describe, expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { type Learner, live } from "../life/learner.ts";
import { observe } from "../life/testing.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, momentum, type Rule, sgd } from "../rules/index.ts";
import { type Holding, holding, without } from "./testing.ts";

const founders = [3, 4, 5, 6, 7, 8]; // the ids of hidden1: three inputs come first

function learnerWith(rule: Rule): Learner {
  const net = sequential({ inputs: 3, seed: 2 }, [dense(6, relu()), dense(5, relu()), dense(3)]);
  return live(net, { credit: backprop({ loss: crossEntropy() }), rule });
}

/** Cuts a neuron of hidden1 off: without input it is silent, and so are the gradients of its synapses. */
function mute({ network }: Learner, id: number): void {
  const population = network.population("hidden1");
  const slot = population.neurons.findIndex((neuron) => neuron.id === id);
  const [into, out] = network.projections.map(({ columns }) => columns);
  for (const column of into.names) {
    for (let row = 0; row < into.rows; row++) into.view(column)[row * into.laneCapacity + slot] = 0;
  }
  for (const column of out.names) {
    out.view(column).fill(0, slot * out.laneCapacity, slot * out.laneCapacity + out.lanes);
  }
}

/** The largest difference between two holdings, in units of what is larger, or of 1e-3. */
function difference(a: Holding, b: Holding): number {
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort());
  let most = 0;
  for (const [place, value] of a) {
    const other = b.get(place)!;
    most = Math.max(most, Math.abs(value - other) / Math.max(1e-3, Math.abs(value), Math.abs(other)));
  }
  return most;
}

/** Of what is learned, and not of what a rule keeps: how long the difference is as a share of a whole column, where that is most. */
function distance(a: Holding, b: Holding): number {
  const squares = new Map<string, { apart: number; whole: number }>();
  for (const [place, value] of a) {
    const [column] = place.split(" ");
    if (!/\/(w|bias)$/.test(column)) continue;
    const sum = squares.get(column) ?? { apart: 0, whole: 0 };
    squares.set(column, { apart: sum.apart + (value - b.get(place)!) ** 2, whole: sum.whole + value ** 2 });
  }
  return Math.max(...[...squares.values()].map(({ apart, whole }) => (apart === 0 ? 0 : Math.sqrt(apart / whole))));
}

describe.each([
  ["sgd", () => sgd({ lr: 0.05 })],
  ["momentum", () => momentum({ lr: 0.02 })],
  ["adam", () => adam({ lr: 0.01 })],
])("%s", (_, rule) => {
  test.each([1, 4])("births and deaths of silent neurons at the end leave no trace, in batches of %i", (batch) => {
    const untouched = learnerWith(rule());
    observe(untouched, 0, 240, batch);

    const lived = learnerWith(rule());
    observe(lived, 0, 80, batch);
    const born = lived.grow("hidden1", 3);
    for (const id of born) mute(lived, id);
    observe(lived, 80, 160, batch);
    expect(without(holding(lived.network), born).size).toBe(holding(untouched.network).size);
    lived.remove("hidden1", born);
    observe(lived, 160, 240, batch);
    expect(holding(lived.network)).toEqual(holding(untouched.network));
  });

  test("when slots are compacted, the others go on as before but for the order of sums", () => {
    const [dead, ...others] = founders;
    const silent = learnerWith(rule());
    mute(silent, dead);
    observe(silent, 0, 160);

    const compacted = learnerWith(rule());
    mute(compacted, dead);
    observe(compacted, 0, 80);
    compacted.remove("hidden1", [dead]);
    expect(compacted.network.population("hidden1").neurons[0].id).toBe(others.at(-1));
    observe(compacted, 80, 160);
    const [a, b] = [silent, compacted].map(({ network }) => without(holding(network), [dead]));
    expect(distance(a, b)).toBeLessThan(1e-6);
    // Value by value, with the rule's state: running means of gradients cancel out, and keep fewer digits.
    expect(difference(a, b)).toBeLessThan(5e-6);
    expect(difference(a, b)).toBeGreaterThan(0);
  });
});
