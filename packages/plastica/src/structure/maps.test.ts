/** Structure on maps: the neuron is the channel. Whatever has been born, died and been replaced, a network is what its weights say. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { type Learner, live } from "../life/learner.ts";
import { copyOf, networkOf, newbornLike } from "../life/network-file.ts";
import { succeed } from "../life/succession.ts";
import { mapExamples, mapKinds, mapNetwork } from "../network/maps.testing.ts";
import { forwardMaps, valuesOf } from "../network/maps.twin.ts";
import type { Network } from "../network/network.ts";
import { relu } from "../network/neurons.ts";
import { conv, dense, sequential } from "../network/sequential.ts";
import { adam } from "../rules/synaptic/index.ts";
import { birth, death, replace } from "./structure.ts";
import { succession } from "./succession.ts";

const occasion = { step: 0, cause: "test" };
const lifeOf = (net: Network) => live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam({ lr: 0.01 }) });
const { xs, ys } = mapExamples(12);
const shown = (from: number, count: number) =>
  [xs.slice(from, from + count).flat(), ys.slice(from, from + count)] as const;

/** One change of a hidden population, drawn. */
function change(net: Network, [which, kind, slot, count]: readonly number[]): void {
  const hidden = net.populations.slice(1, -1);
  const population = hidden[which % hidden.length];
  const slots = [...new Set([slot % population.size, (slot + count) % population.size])];
  if (kind % 3 === 0) birth(net, population, 1 + (count % 5), occasion);
  else if (kind % 3 === 1 && slots.length < population.size) death(net, population, slots, occasion);
  else replace(net, population, slots, occasion);
}

const changes = fc.array(fc.array(fc.nat({ max: 60 }), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 6 });
const kinds = Object.keys(mapKinds);

test.each(kinds)("%s: after any births, deaths and replacements outputs are what the weights say", (kind) => {
  fc.assert(
    fc.property(changes, (drawn) => {
      const net = mapNetwork(kind);
      const learner = lifeOf(net);
      for (const one of drawn) {
        learner.observeBatch(...shown(0, 3));
        change(net, one);
      }
      const said = learner.predictBatch(xs.slice(0, 2).flat(), 2);
      const right = forwardMaps(net, valuesOf(net), xs.slice(0, 2), false).get(net.outputs)!.flat();
      right.forEach((value, i) => expect(Math.abs(said[i] - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value))));
    }),
    { numRuns: 6, seed: 5 },
  );
});

/** A learner as the first is now, but made anew: its room, its buffers and lists have no past. */
function fresh(kind: string, { network: { populations } }: Learner, bytes: Uint8Array): Learner {
  const learner = lifeOf(mapNetwork(kind));
  learner.restore(bytes);
  expect(learner.network.populations.map(({ size }) => size)).toEqual(populations.map(({ size }) => size));
  return learner;
}

test.each(kinds)("%s: a life that goes on does to the bit what one does that is taken up from a snapshot", (kind) => {
  fc.assert(
    fc.property(changes, (drawn) => {
      const learner = lifeOf(mapNetwork(kind));
      for (const one of drawn) {
        learner.observeBatch(...shown(0, 4));
        change(learner.network, one);
      }
      const other = fresh(kind, learner, learner.snapshot());
      for (const from of [0, 4, 8]) {
        learner.observeBatch(...shown(from, 4));
        other.observeBatch(...shown(from, 4));
        learner.observe(xs[from], ys[from]);
        other.observe(xs[from], ys[from]);
      }
      expect(other.fingerprint()).toBe(learner.fingerprint());
    }),
    { numRuns: 4, seed: 6 },
  );
});

test.each(kinds)("%s: a copy of the network, and the network in a snapshot, say the same, and go on alike", (kind) => {
  const learner = lifeOf(mapNetwork(kind));
  for (const one of [
    [0, 0, 1, 2],
    [1, 1, 0, 3],
    [0, 2, 3, 1],
  ]) {
    learner.observeBatch(...shown(0, 4));
    change(learner.network, one);
  }
  learner.observeBatch(...shown(4, 4));
  const said = learner.predictBatch(xs.flat(), xs.length);
  for (const copy of [copyOf(learner.network), networkOf(learner.snapshot())]) {
    expect(lifeOf(copy).predictBatch(xs.flat(), xs.length)).toEqual(said);
    // Births find their groups.
    const born = birth(copy, copy.populations[1], 2, occasion);
    expect(born.slots).toHaveLength(2);
    const right = forwardMaps(copy, valuesOf(copy), xs.slice(0, 1), false).get(copy.outputs)![0];
    const now = lifeOf(copy).predict(xs[0]);
    right.forEach((value, i) => expect(Math.abs(now[i] - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value))));
  }
});

test("a newborn network of the same layers has its groups, and synapses within them", () => {
  const net = newbornLike(mapNetwork("groups"), () => 4);
  const [first] = net.projections;
  expect([...net.populations[1].columns.packed("groups.3.in")]).toEqual([1, 1, 2, 3]);
  const { lanes } = first.columns;
  first.columns
    .packed("w")
    .forEach((w, place) => expect(w !== 0, `${place} of ${lanes}`).toBe(first.groups!.allows(place)));
});

test("a student half as large takes the place of a network of maps, and is one", () => {
  const net = mapNetwork("max pool");
  const policy = succession({ shrink: 0.5 });
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam(), structure: [policy] });
  expect(policy.name).toBe("succession");
  learner.observeBatch(...shown(0, 4));
  const student = mapNetwork("max pool", { seed: 8 });
  death(student, student.populations[1], [0, 1, 2], occasion);
  succeed(net, student, occasion);
  expect(net.populations.map(({ size }) => size)).toEqual([3, 3, 5, 4]);
  expect(learner.predict(xs[0])).toEqual(lifeOf(student).predict(xs[0]));
  learner.observeBatch(...shown(4, 4));
});

test("a channel is born silent to the next layer, and its synapses have no past", () => {
  const net = mapNetwork("max pool");
  const learner = lifeOf(net);
  for (let i = 0; i < 3; i++) learner.observeBatch(...shown(0, 4));
  const before = learner.predictBatch(xs.flat(), xs.length);
  learner.grow("hidden1", 3);
  expect(learner.predictBatch(xs.flat(), xs.length)).toEqual(before);
  const { columns } = net.projections[0];
  for (let row = 0; row < columns.planes * columns.rows; row++) expect(columns.get("m", row, 7)).toBe(0);
  expect(columns.packed("m").some((m) => m !== 0)).toBe(true);
});

test("a channel's death leaves the others, and what the rule keeps of them, as they are", () => {
  const net = mapNetwork("stride and padding");
  const learner = lifeOf(net);
  for (let i = 0; i < 3; i++) learner.observeBatch(...shown(0, 4));
  const [into, out] = net.projections;
  const [m, v] = [into.columns.packed("m"), out.columns.packed("v")];
  const [size, to] = [5, 4];
  learner.remove("hidden1", [net.population("hidden1").neurons[1].id]);
  // The last one took the free slot.
  const stood = [0, 4, 2, 3];
  into.columns.packed("m").forEach((value, i) => expect(value).toBe(m[Math.floor(i / 4) * size + stood[i % 4]]));
  out.columns.packed("v").forEach((value, i) => {
    const [row, lane] = [Math.floor(i / to), i % to];
    expect(value).toBe(v[(Math.floor(row / 4) * size + stood[row % 4]) * to + lane]);
  });
});

test("who is born into groups joins the smallest one, and listens within it", () => {
  const net = mapNetwork("groups");
  const learner = lifeOf(net);
  const [projection] = net.projections;
  const members = (population: number) =>
    net.populations[population].columns.packed(`groups.3.${population === 0 ? "out" : "in"}`);
  expect([...members(0)]).toEqual([1, 2, 3]);
  expect([...members(1)]).toEqual([1, 1, 2, 2, 3, 3]);
  learner.remove("hidden1", [net.population("hidden1").neurons[2].id]);
  learner.grow("hidden1", 1);
  expect([...members(1)].sort()).toEqual([1, 1, 2, 2, 3, 3]);
  const w = projection.columns.packed("w");
  const { rows, lanes } = projection.columns;
  w.forEach((weight, i) => {
    const same = members(0)[Math.floor(i / lanes) % rows] === members(1)[i % lanes];
    if (!same) expect(weight).toBe(0);
  });
  expect(w.some((weight, i) => i % lanes === 5 && weight !== 0)).toBe(true);
  expect(net.operations).toBe(5 * 4 * 9 * 6 + 4 * 3 * 4 * 3 * 4 + 4 * 3 * 4 * 4);
});

test("a birth for whose maps there is no room changes nothing", () => {
  const inputs = { height: 64, width: 64, channels: 1 };
  const net = sequential({ inputs, seed: 1 }, [
    conv(4, relu(), { kernel: 3, padding: 1 }),
    conv(1, relu(), { kernel: 64 }),
    dense(2),
  ]);
  const learner = lifeOf(net);
  learner.predictBatch(new Float32Array(64 * 64 * 8), 8);
  const before = learner.fingerprint();
  expect(() => birth(net, net.populations[1], 8000, occasion)).toThrow("a network's memory ends at 4 GiB");
  expect(learner.fingerprint()).toBe(before);
  expect(learner.predict(new Float32Array(64 * 64))).toHaveLength(2);
});
