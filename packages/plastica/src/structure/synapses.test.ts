import fc from "fast-check";
import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { ShapeError, ValueError } from "../errors.ts";
import { type Learner, live } from "../life/learner.ts";
import { observe, untidy } from "../life/testing.ts";
import { crelu, relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, l2Init } from "../rules/index.ts";
import type { PolicyAtWork } from "./policy.ts";
import { absent, density, freeze, learnBySynapse, places, present, prune, regrow, rewire, thaw } from "./synapses.ts";

/** What a policy that prunes does when it is attached, and nothing else. */
const bySynapse = {
  ...{ name: "by synapse", options: {} },
  attach({ network }: { network: Learner["network"] }): PolicyAtWork {
    learnBySynapse(network);
    return { save: () => null, load: () => {} };
  },
};

function learnerOf(): Learner {
  const network = sequential({ inputs: 5, seed: 8 }, [dense(6, crelu()), dense(4, relu()), dense(3)]);
  const credit = backprop({ loss: crossEntropy() });
  return live(network, { credit, rule: adam({ lr: 0.01 }), terms: [l2Init()], structure: [bySynapse] });
}

const occasion = { step: 7, cause: "test" };

test("what is pruned is absent, what grows is born like any other synapse, and both are told", () => {
  const learner = learnerOf();
  observe(learner, 0, 10);
  const { network } = learner;
  const [, projection] = network.projections;
  const { columns } = projection;
  expect([places(projection), density(projection), absent(projection).length]).toEqual([48, 1, 0]);
  const before = columns.packed("w");
  const event = prune(network, projection, [3, 47, 20], occasion);
  expect(event).toEqual({
    ...{ type: "rewired", step: 7, cause: "test", projection: "hidden1-hidden2" },
    ...{ pruned: 3, grown: 0, density: 45 / 48 },
  });
  expect([...absent(projection)]).toEqual([3, 20, 47]);
  expect([...present(projection)]).toEqual([...before.keys()].filter((i) => ![3, 20, 47].includes(i)));
  expect([...columns.packed("w")]).toEqual([...before].map((w, i) => ([3, 20, 47].includes(i) ? 0 : w)));

  expect(regrow(network, projection, [20, 3], occasion, [0.5, -0.25])).toMatchObject({ pruned: 0, grown: 2 });
  expect([...absent(projection)]).toEqual([47]);
  const at = (name: string, place: number) => columns.get(name, Math.floor(place / 4), place % 4);
  expect([20, 3].map((place) => ["w", "m", "v", "l2Init.origin", "plasticity"].map((name) => at(name, place)))).toEqual(
    [
      [0.5, 0, 0, 0.5, 1],
      [-0.25, 0, 0, -0.25, 1],
    ],
  );
  expect(rewire(network, projection, { pruned: [3], grown: [47] }, occasion)).toMatchObject({ pruned: 1, grown: 1 });
  expect(at("w", 47)).toBe(0);
  expect([...absent(projection)]).toEqual([3]);
});

test.each([
  [{ pruned: [0, 48] }, "synapse 48 of hidden1-hidden2 goes: places are 0 to 47"],
  [{ pruned: [5, 5] }, "synapse 5 of hidden1-hidden2 goes: it is named twice"],
  [{ pruned: [9] }, "synapse 9 of hidden1-hidden2 goes: it is absent"],
  [{ grown: [8] }, "synapse 8 of hidden1-hidden2 grows: it is there"],
  [{ pruned: [1], grown: [1] }, "synapse 1 of hidden1-hidden2 grows: it is named twice"],
  [{ grown: [9], weights: [1, 2] }, "2 weights for 1 synapses"],
])("what cannot be is an error, and changes nothing: %j", (rewiring, message) => {
  const learner = learnerOf();
  const { network } = learner;
  prune(network, network.projections[1], [9], occasion);
  const print = learner.fingerprint();
  expect(() => rewire(network, network.projections[1], rewiring, occasion)).toThrow(ShapeError);
  expect(() => rewire(network, network.projections[1], rewiring, occasion)).toThrow(message);
  expect(() => regrow(network, network.projections[1], [9], occasion, [Number.NaN])).toThrow(ValueError);
  expect(learner.fingerprint()).toBe(print);
});

test("an absent synapse passes nothing on and learns nothing, one example or a batch at a time", () => {
  const learner = learnerOf();
  const { network } = learner;
  const [projection] = network.projections;
  const gone = [0, 7, 8, 29];
  prune(network, projection, gone, occasion);
  const before = projection.columns.packed("w");
  observe(learner, 0, 30);
  observe(learner, 30, 60, 5);
  const after = projection.columns.packed("w");
  expect([...absent(projection)]).toEqual(gone);
  for (const i of gone) expect(after[i]).toBe(0);
  for (const i of present(projection)) expect(after[i]).not.toBe(before[i]);
});

test("neurons are born fully joined and die; what is absent stays so, and a snapshot carries it", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(47), { minLength: 1, maxLength: 30 }), fc.nat(3), (gone, victim) => {
      const [one, two] = [learnerOf(), learnerOf()];
      const [into, projection] = one.network.projections;
      prune(one.network, projection, gone, occasion);
      const lost = (slot: number) => gone.filter((place) => place % 4 === slot).length;
      const { neurons } = projection.post;
      one.grow("hidden2", 2);
      expect(absent(projection).length).toBe(gone.length);
      one.remove("hidden2", [neurons[victim].id]);
      expect(absent(projection).length).toBe(gone.length - lost(victim));
      one.grow("hidden1", 1);
      observe(one, 0, 6);
      expect(absent(projection).length).toBe(gone.length - lost(victim));
      expect(density(into)).toBe(1);
      two.restore(one.snapshot());
      expect(two.network.projections.map(absent)).toEqual(one.network.projections.map(absent));
      expect(observe(two, 6, 12)).toEqual(observe(one, 6, 12));
      expect(two.fingerprint()).toBe(one.fingerprint());
      expect(untidy(one.network)).toEqual([]);
    }),
    { numRuns: 10 },
  );
});

test("what is frozen stands still until it thaws, and both are told", () => {
  const learner = learnerOf();
  observe(learner, 0, 10);
  const [, projection] = learner.network.projections;
  const { columns } = projection;
  const before = columns.packed("w");
  expect(freeze(learner.network, projection, [3, 47], occasion)).toEqual({
    ...{ type: "frozen", step: 7, cause: "test", of: "hidden1-hidden2", count: 2 },
  });
  observe(learner, 10, 30);
  const still = Array.from(columns.packed("w"), (w, i) => (w === before[i] ? i : -1)).filter((i) => i >= 0);
  expect(still).toEqual(expect.arrayContaining([3, 47]));
  expect(still.length).toBeLessThan(6); // others, of silent neurons
  expect(thaw(learner.network, projection, [47], occasion).type).toBe("thawed");
  observe(learner, 30, 50);
  expect([columns.get("w", 0, 3) === before[3], columns.get("w", 11, 3) === before[47]]).toEqual([true, false]);
  expect(() => freeze(learner.network, projection, [48], occasion)).toThrow(
    "synapse 48 of hidden1-hidden2: places are 0 to 47",
  );
});
